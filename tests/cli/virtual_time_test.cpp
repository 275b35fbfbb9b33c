// Cases in a User-Mode Linux whose time is virtual. Skipped where that kernel has not been built
// (`faultline kernel build uml-6.12`).
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/timers/wheel.hpp"
#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class VirtualTime : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("virtual-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    if (faultline({"kernel", "path", "uml-6.12"}) != 0) GTEST_SKIP() << "uml-6.12 is not built";
  }
  void TearDown() override { fs::remove_all(folder_); }

  int faultline(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), std::string(FAULTLINE_BINARY_DIR) + "/faultline");
    Process process(arguments, {.folder = folder_});
    const int code = process.wait(std::chrono::minutes(3));
    said_ = process.out + process.err;
    return code;
  }
  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"run", "--kernel", "uml-6.12", "--seed", "7"});
    return faultline(std::move(arguments));
  }
  json trace(const std::string& out, const std::string& variant) const {
    std::ifstream file(folder_ / out / (variant + ".json"));
    return json::parse(file, nullptr, false);
  }
  // When each segment and each result came, in nanoseconds.
  static std::vector<int64_t> times(const json& trace) {
    std::vector<int64_t> all;
    for (const json& event : trace.at("events")) all.push_back(event.at("time"));
    return all;
  }

  fs::path folder_;
  std::string said_;
};

// Hours of virtual time are seconds to who waits for them.
TEST_F(VirtualTime, TheStatusLineCountsTheWallsTime) {
  Process process({std::string(FAULTLINE_BINARY_DIR) + "/faultline", "run", "--kernel", "uml-6.12",
                   "dead-peer/*", "--out", "t"},
                  {.folder = folder_, .env = {{"TERM", "xterm"}}, .terminal = true});
  ASSERT_EQ(process.wait(std::chrono::minutes(3)), 0) << process.out;
  EXPECT_TRUE(process.out.contains("s left") || process.out.contains("any moment")) << process.out;
  for (const char* const longer : {"d left", "h left", "min left"})
    EXPECT_FALSE(process.out.contains(longer)) << process.out;
}

// Each retransmission is sent where the timer wheel says, to the nanosecond.
TEST_F(VirtualTime, IsTheTimerWheelsOwn) {
  ASSERT_EQ(run({"handshake/syn-lost-63s", "--ipv4", "--out", "t"}), 0) << said_;
  const json trace = this->trace("t", "handshake/syn-lost-63s[ipv4]");
  ASSERT_TRUE(trace.is_object());
  std::vector<Nanos> sent, wanted;
  for (const json& event : trace.at("events"))
    if (event.at("event") == "segment") sent.emplace_back(event.at("time").get<int64_t>());
  constexpr int hz = 250;
  wanted.push_back(sent.front());  // the first is the script's
  int64_t jiffies = 0;
  for (int seconds = 1; seconds <= 16; seconds *= 2) {
    const int64_t interval = int64_t{seconds} * hz;
    jiffies = fires_at(jiffies, interval, slot_width(interval));
    wanted.push_back(from_jiffies(jiffies, hz));
  }
  EXPECT_EQ(sent, wanted);
  EXPECT_EQ(trace.at("events").back().at("event"), "state") << "CLOSED";
}

TEST_F(VirtualTime, IsTheSameTwiceToTheByte) {
  EXPECT_EQ(run({"close/*", "data/*", "--verify-determinism", "--out", "t"}), 0) << said_;
  EXPECT_NE(said_.find("once more"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder_ / "t/.again")) << "nothing is left of the second run";
  EXPECT_TRUE(fs::exists(folder_ / "t/host.json"));
}

TEST_F(VirtualTime, IsTheSameAloneAndBesideOthers) {
  ASSERT_EQ(run({"data/lost-once", "--ipv4", "--out", "alone"}), 0) << said_;
  ASSERT_EQ(run({"data/*", "--out", "beside"}), 0) << said_;
  const auto alone = trace("alone", "data/lost-once[ipv4]");
  ASSERT_TRUE(alone.is_object());
  EXPECT_EQ(times(alone), times(trace("beside", "data/lost-once[ipv4]")));
}

TEST_F(VirtualTime, HoursAreSeconds) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(run({"dead-peer/unnoticed-for-a-day-server", "--out", "t"}), 0) << said_;
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::minutes(1));
  EXPECT_NE(said_.find("times as fast"), std::string::npos) << said_;
}

TEST_F(VirtualTime, NeedsAVirtualKernelToBeVerified) {
  EXPECT_EQ(faultline({"run", "--kernel", "host", "--verify-determinism"}), 64);
  EXPECT_NE(said_.find("--kernel uml-6.12"), std::string::npos) << said_;
}

TEST_F(VirtualTime, AnUnknownKernelListsThoseThereAre) {
  EXPECT_EQ(faultline({"run", "--kernel", "uml-6.13"}), 64);
  EXPECT_NE(said_.find("uml-6.12"), std::string::npos) << said_;
  EXPECT_EQ(faultline({"run", "--kernel", "./none"}), 64);
  std::ofstream(folder_ / "text") << "no kernel";
  EXPECT_EQ(faultline({"run", "--kernel", "./text"}), 64);
}

}  // namespace
}  // namespace faultline::test
