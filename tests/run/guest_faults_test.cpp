// Real guests that hang, panic or do not come up. Skipped where uml-6.12 has not been built.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "harness/case/reader.hpp"
#include "harness/run/guest_pool.hpp"
#include "harness/run/rules.hpp"
#include "harness/run/shares.hpp"
#include "tests/cli/process.hpp"
#include "tests/run/real_guest.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

constexpr auto quick = R"(title = "A port where nobody listens refuses"
about = "client"
level = "must"
spec  = ["RFC 9293 3.10.7.1"]
server.listen = false
[[step]]
client = "connect"
fails  = "ECONNREFUSED"
)";

// Two probes a second for ten days: minutes of real time in which nothing is reported.
constexpr auto endless = R"(title = "Keepalive"
about = "client"
level = "must"
spec  = ["RFC 9293 3.8.4"]
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
)";

class GuestFaults : public testing::Test {
 protected:
  void SetUp() override {
    const auto built = built_uml();
    if (!built) GTEST_SKIP() << "uml-6.12 is not built";
    std::string name = testing::TempDir() + "/faultline-guests-XXXXXX";
    ASSERT_TRUE(mkdtemp(name.data()));
    folder_ = fs::canonical(name);
    fs::copy_file(*built, image());  // its processes are then known by their program
    fs::permissions(image(), fs::perms(0755));
  }
  void TearDown() override {
    if (folder_.empty()) return;
    EXPECT_TRUE(eventually([&] { return processes_below(folder_).empty(); }, milliseconds(5'000)))
        << "processes are left over";
    fs::remove_all(folder_);
  }
  [[nodiscard]] fs::path image() const { return folder_ / "linux"; }

  // `name` is its id, and so is its result's.
  void add(const std::string& name, const std::string& text) {
    auto read = read_case(text, name + ".toml", name, known_faults());
    ASSERT_TRUE(read) << to_string(read.error());
    cases_.push_back(std::move(*read));
  }
  void run() {
    std::vector<Variant> variants;
    for (const Case& one : cases_)
      variants.push_back(
          {.the_case = &one, .predicted = one.id == "endless" ? 240h : 0h, .longest = 480h});
    boost::asio::io_context context{1};
    GuestPool pool(context, std::move(variants),
                   {.jobs = 1, .traces = folder_, .rerun = [](const Variant&) { return "again"; }},
                   {.on_start = [&](const Variant& one) { on_start_(one.the_case->id); },
                    .on_result =
                        [&](const Variant& one, CaseResult result) {
                          const bool first = results_.emplace(one.the_case->id, result).second;
                          EXPECT_TRUE(first) << one.the_case->id << " has two results";
                        },
                    .on_done = [&] { done_ = true; }},
                   {.launch = [&](const std::string& plan,
                                  const fs::path& folder) { return launch_(plan, folder); },
                    .longest_silence = longest_silence_,
                    .free_computing = true,
                    .lacks = std::vector<std::string>{}});
    pool.start();
    context.run_for(3min);
    refusal_ = pool.refusal();
    EXPECT_TRUE(done_);
  }
  Result<Launch> real_guest(const std::string& plan, const fs::path& folder) const {
    return uml_launch(image(), fs::path(FAULTLINE_BINARY_DIR) / "faultline", plan, folder);
  }
  void expect_pass(const std::string& name) {
    ASSERT_TRUE(results_.contains(name)) << name;
    EXPECT_EQ(results_[name].outcome, Outcome::PASS) << name << ": " << results_[name].reason;
  }

  fs::path folder_;
  std::vector<Case> cases_;
  std::function<Result<Launch>(const std::string&, const fs::path&)> launch_ =
      [this](const std::string& plan, const fs::path& folder) { return real_guest(plan, folder); };
  std::function<void(const std::string&)> on_start_ = [](const std::string&) {};
  Nanos longest_silence_ = 1min;
  std::map<std::string, CaseResult> results_;
  bool done_ = false;
  std::string refusal_;
};

TEST_F(GuestFaults, OneThatHangsIsKilledAndTheOthersCasesAreRun) {
  add("endless", endless);
  constexpr size_t others = 60;
  for (size_t i = 0; i < others; ++i) add("quick-" + std::to_string(i), quick);
  longest_silence_ = 10s;
  int guests = 0;
  launch_ = [&](const std::string& plan, const fs::path& folder) {
    ++guests;
    return real_guest(plan, folder);
  };
  std::set<std::string> begun_in_the_first;
  on_start_ = [&](const std::string& name) {
    if (guests == 1) begun_in_the_first.insert(name);
    if (name == "endless") freeze(kernel_process(image()));
  };
  run();
  EXPECT_EQ(guests, 2);
  EXPECT_EQ(results_.size(), others + 1);
  ASSERT_TRUE(results_.contains("endless"));
  const std::string why = "nothing was heard from the guest for 10s";
  EXPECT_EQ(results_["endless"].outcome, Outcome::ERROR);
  size_t lost = 0;
  for (const auto& [name, result] : results_) {
    if (result.outcome == Outcome::PASS) continue;
    ++lost;
    EXPECT_EQ(result.outcome, Outcome::ERROR) << name;
    EXPECT_EQ(result.reason, why) << name;
    EXPECT_TRUE(begun_in_the_first.contains(name)) << name << " had not begun in it";
  }
  EXPECT_LE(lost, most_side_by_side);
}

// The first guest's first process dies in the middle of a case.
TEST_F(GuestFaults, OneThatPanicsLeavesTheEndOfItsConsole) {
  for (const char* name : {"first", "second", "third"}) add(name, quick);
  const fs::path script = folder_ / "init";
  std::ofstream(script) << "#!/bin/sh\n"
                           "printf 'up 0 10\\n6.12.0 250began 1 0\\n' >>\"$3\"\n"
                           "sync \"$3\"\n"
                           "exit 3\n";
  fs::permissions(script, fs::perms(0755));
  int guests = 0;
  launch_ = [&](const std::string& plan, const fs::path& folder) {
    return ++guests == 1 ? uml_launch(image(), script, plan, folder) : real_guest(plan, folder);
  };
  run();
  EXPECT_EQ(guests, 2);
  EXPECT_EQ(refusal_, "");
  expect_pass("first");
  expect_pass("third");
  ASSERT_TRUE(results_.contains("second"));
  const CaseResult& lost = results_["second"];
  EXPECT_EQ(lost.outcome, Outcome::ERROR);
  EXPECT_TRUE(lost.reason.starts_with("the guest ")) << lost.reason;
  const auto panic = std::ranges::find_if(lost.story, [](const std::string& line) {
    return line.starts_with("console: ") &&
           line.find("Kernel panic - not syncing: Attempted to kill init!") != line.npos;
  });
  EXPECT_NE(panic, lost.story.end()) << fmt::format("{}", fmt::join(lost.story, "\n"));
}

TEST_F(GuestFaults, OneWithoutTheHostsFilesIsARefusalWithTheEndOfItsConsole) {
  add("first", quick);
  launch_ = [&](const std::string& plan, const fs::path& folder) {
    auto launch = real_guest(plan, folder);
    if (launch) std::ranges::replace(launch->argv, "rootfstype=hostfs", "rootfstype=ext4");
    return launch;
  };
  run();
  EXPECT_TRUE(results_.empty());
  EXPECT_TRUE(refusal_.starts_with("no case could be run: the guest ")) << refusal_;
  EXPECT_NE(refusal_.find("Kernel panic - not syncing: Requested init "), refusal_.npos)
      << refusal_;
}

}  // namespace
}  // namespace faultline::test
