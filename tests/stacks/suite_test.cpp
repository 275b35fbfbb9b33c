// The whole suite on stacks that are not Linux, in virtual time: nothing that is not known of them. A
// stack is skipped where what it is built with is not installed, or uml-6.12 has not been built.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

const std::string program = std::string(FAULTLINE_BINARY_DIR) + "/faultline";

int status_of(const std::vector<std::string>& argv) {
  return Process(argv, {}).wait(std::chrono::minutes(5));
}

class OtherStacks : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (status_of({program, "kernel", "path", "uml-6.12"}) != 0)
      GTEST_SKIP() << "uml-6.12 is not built";
    const std::string needed = GetParam() == "gvisor" ? "go" : "dpkg-source";
    if (status_of({"/bin/sh", "-c", "command -v " + needed}) != 0)
      GTEST_SKIP() << needed << " is not installed";
    folder_ = fs::path(testing::TempDir()) / (GetParam() + "-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override {
    if (!folder_.empty()) fs::remove_all(folder_);
  }
  fs::path folder_;
};

TEST_P(OtherStacks, DoWhatIsKnownOfThemAndNothingElse) {
  Process run({program, "run", "--kernel", "uml-6.12", "--stack", GetParam(), "--out",
               folder_ / "out", "--report", "json=" + (folder_ / "run.json").string(), "--seed",
               "7"},
              {.folder = folder_});
  EXPECT_EQ(run.wait(std::chrono::minutes(9)), 0) << run.out << run.err;
  const auto report = nlohmann::json::parse(std::ifstream(folder_ / "run.json"), nullptr, false);
  std::map<std::string, int> outcomes;
  ASSERT_TRUE(report.is_object()) << run.err;
  for (const auto& result : report["results"]) ++outcomes[result["outcome"]];
  EXPECT_GT(outcomes["PASS"], 150);
  EXPECT_GT(outcomes["XFAIL"], 0);
  EXPECT_EQ(outcomes["FAIL"] + outcomes["XPASS"] + outcomes["ERROR"] + outcomes["INCONCLUSIVE"], 0);
}

INSTANTIATE_TEST_SUITE_P(Each, OtherStacks, testing::Values("lwip", "gvisor"),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace faultline::test
