// Drivers that misbehave (tests/stacks/bad): the case that they do it in is an ERROR that says how,
// within a bound, and the others go on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

const std::string program = std::string(FAULTLINE_BINARY_DIR) + "/faultline";
const fs::path bad = fs::path(FAULTLINE_SOURCE_DIR) / "tests/stacks/bad";
constexpr int not_all_conclusive = 2;

struct Misbehaviour {
  const char* name;
  const char* said;  // of it
  // It computes for ever, which takes no virtual time: there only the guest's silence ends it.
  bool busy = false;
};

void PrintTo(const Misbehaviour& one, std::ostream* out) {
  *out << one.name;
}

class BadDriver : public testing::TestWithParam<Misbehaviour> {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("bad-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void expect_an_error_and_a_pass(const std::string& kernel) {
    Process run({program, "run", "--kernel", kernel, "--stack", bad / GetParam().name, "--ipv4",
                 "--report", "json=" + (folder_ / "run.json").string(), "--out", folder_ / "out",
                 bad / "cases/misbehaving.toml", bad / "cases/sound.toml"},
                {.folder = folder_});
    ASSERT_EQ(run.wait(std::chrono::minutes(3)), not_all_conclusive) << run.out << run.err;
    const auto report = nlohmann::json::parse(std::ifstream(folder_ / "run.json"), nullptr, false);
    ASSERT_TRUE(report.is_object());
    ASSERT_EQ(report["results"].size(), 2U);
    for (const auto& result : report["results"]) {
      const bool misbehaves = result["case"].get<std::string>().ends_with("misbehaving");
      EXPECT_EQ(result["outcome"], misbehaves ? "ERROR" : "PASS") << run.out;
      if (!misbehaves) continue;
      const auto reason = result["reason"].get<std::string>();
      EXPECT_TRUE(reason.starts_with("the client's driver") &&
                  reason.find(GetParam().said) != std::string::npos)
          << reason;
    }
  }

  fs::path folder_;
};

TEST_P(BadDriver, IsAnErrorOfItsCaseOnTheHost) {
  expect_an_error_and_a_pass("host");
}

TEST_P(BadDriver, IsAnErrorOfItsCaseInVirtualTime) {
  if (GetParam().busy) GTEST_SKIP() << "a guest that computes for ever is given two minutes";
  if (Process({program, "kernel", "path", "uml-6.12"}, {}).wait(std::chrono::minutes(1)) != 0)
    GTEST_SKIP() << "uml-6.12 is not built";
  expect_an_error_and_a_pass("uml-6.12");
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadDriver,
    testing::Values(Misbehaviour{"dies", "was killed by SIGSEGV"},
                    Misbehaviour{"endless-line", "said a line longer than 65536 bytes"},
                    Misbehaviour{"floods", "floods with events that nobody needs"},
                    Misbehaviour{"floods-wire", "did not answer to connect within 5s", true},
                    Misbehaviour{"garbage", "said what is no JSON object"},
                    Misbehaviour{"half-a-line", "did not answer to connect within 5s"},
                    Misbehaviour{"hangs-up", "closed its output"},
                    Misbehaviour{"silent", "did not answer to connect within 5s"},
                    Misbehaviour{"two-answers", "answered call 1, which is not open"},
                    Misbehaviour{"wrong-order", "answered call 77, which is not open"}),
    [](const auto& param) {
      std::string name = param.param.name;
      std::ranges::replace(name, '-', '_');
      return name;
    });

}  // namespace
}  // namespace faultline::test
