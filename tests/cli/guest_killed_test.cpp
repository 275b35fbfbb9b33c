// A guest that somebody kills in the middle of a run. Skipped where uml-6.12 has not been built.
#include <csignal>
#include <set>

#include "harness/kernel/frames.hpp"
#include "tests/cli/installation.hpp"
#include "tests/run/real_guest.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

class GuestKilled : public Installation {
 protected:
  void SetUp() override {
    const auto built = built_uml();
    if (!built) GTEST_SKIP() << "uml-6.12 is not built";
    fs::copy_file(*built, image());  // its processes are then known by their program
    fs::permissions(image(), fs::perms(0755));
    fs::create_directory(guests());
    fs::remove_all(root_ / "cases");
    fs::create_directory(root_ / "cases");
  }
  [[nodiscard]] fs::path image() const { return root_ / "linux"; }
  [[nodiscard]] fs::path guests() const { return root_ / "guests"; }

  // The variants that the one guest's plan has, in its order.
  [[nodiscard]] std::vector<std::string> planned() const {
    std::vector<std::string> names;
    std::istringstream lines(of_the_guest("plan"));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      const auto job = nlohmann::json::parse(line.substr(line.find('{')));
      names.push_back(job["case_id"].get<std::string>() + "[" + job["family"].get<std::string>() +
                      "]");
    }
    return names;
  }
  // Those that it has reported in these ways.
  [[nodiscard]] Names reported(const std::set<Frame::Kind>& kinds) const {
    Names names;
    const auto plan = planned();
    FrameReader reader;
    EXPECT_TRUE(reader.feed(of_the_guest("channel"), [&](const Frame& frame) {
      if (kinds.contains(frame.kind)) names.insert(plan.at(frame.job));
    }));
    return names;
  }

 private:
  // "" where there is no guest, or it has no such file yet.
  [[nodiscard]] std::string of_the_guest(const std::string& file) const {
    std::error_code error;
    for (const auto& folder : fs::directory_iterator(guests(), error))
      return read("guests/" + folder.path().filename().string() + "/" + file);
    return {};
  }
};

TEST_F(GuestKilled, TakesWithItWhatItHadBegunAndNothingElse) {
  // More than one guest holds; the endless one has fewer beside it.
  const std::string quick = R"(title = "A port where nobody listens refuses"
about = "client"
level = "must"
spec  = ["RFC 9293 3.10.7.1"]
server.listen = false
[[step]]
client = "connect"
fails  = "ECONNREFUSED"
)";
  for (int i = 0; i < 30; ++i) write("cases/quick-" + std::to_string(i) + ".toml", quick);
  write("cases/endless.toml", R"(title = "Two probes a second for ten days: minutes of real time"
about = "client"
level = "must"
spec  = ["RFC 9293 3.8.4"]
families = ["ipv4"]
client.options = { SO_KEEPALIVE = 1, TCP_KEEPIDLE = 1, TCP_KEEPINTVL = 1 }
server.options = { SO_KEEPALIVE = 1, TCP_KEEPIDLE = 1, TCP_KEEPINTVL = 1 }
[[step]]
client = "connect"
[[step]]
server = "accept"
[[step]]
wait = "10d"
[expect]
final.client = "ESTABLISHED"
)");
  Process run(command({"run", "--kernel", image(), "-j", "1", "--report", "json=report.json"}),
              here({.env = {{"TMPDIR", guests()}}}));
  const bool all_begun = eventually(
      [&] {
        const auto plan = planned();
        return !plan.empty() && reported({Frame::Kind::began}).size() == plan.size();
      },
      milliseconds(30'000));
  const pid_t guest = kernel_process(image());
  freeze(guest);
  Names lost = reported({Frame::Kind::began});
  for (const std::string& over : reported({Frame::Kind::trace, Frame::Kind::failed}))
    lost.erase(over);
  EXPECT_TRUE(all_begun);
  EXPECT_TRUE(lost.contains("endless[ipv4]"));
  kill(guest, SIGKILL);

  EXPECT_EQ(run.wait(milliseconds(180'000)), 2) << run.out << run.err;
  EXPECT_TRUE(eventually([&] { return processes_below(root_).empty(); }, milliseconds(5'000)));
  EXPECT_TRUE(fs::is_empty(guests()));
  const auto report = nlohmann::json::parse(read("project/report.json"));
  EXPECT_EQ(report["results"].size(), 61);
  for (const auto& result : report["results"]) {
    const std::string name = result["variant"];
    const bool was_lost = lost.erase(name) == 1;
    EXPECT_EQ(result["outcome"], was_lost ? "ERROR" : "PASS") << name << ": " << result["reason"];
    if (was_lost) {
      EXPECT_EQ(result["reason"], "the guest was killed by SIGKILL");
    }
  }
  EXPECT_TRUE(lost.empty()) << *lost.begin() << " has no result";
}

}  // namespace
}  // namespace faultline::test
