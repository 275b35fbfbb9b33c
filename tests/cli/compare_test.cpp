// faultline compare, and runs on several kernels: in virtual time, where two runs differ by what is
// asked for alone. Skipped where the kernels have not been built.
#include <filesystem>
#include <fstream>

#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

class Compare : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / ("compare-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    std::filesystem::copy(FAULTLINE_SOURCE_DIR "/tests/cli/cases/follows.toml", folder_);
    if (faultline({"kernel", "path", "uml-6.12"}).code != 0)
      GTEST_SKIP() << "uml-6.12 is not built";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Ran faultline(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), std::string(FAULTLINE_BINARY_DIR) + "/faultline");
    Process process(arguments, {.folder = folder_});
    const int code = process.wait(std::chrono::minutes(3));
    return {code, process.out, process.err};
  }
  // One whose expectations follow the sysctls, one with a lost SYN, one that nothing happens to.
  Ran run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"run", "--seed", "7", "--ipv4", "follows.toml",
                                         "handshake/syn-lost-once", "close/four-way-client-first"});
    return faultline(arguments);
  }
  json parsed(const std::string& file) const {
    std::ifstream in(folder_ / file);
    return json::parse(in, nullptr, false);
  }

  std::filesystem::path folder_;
};

TEST_F(Compare, ARunWithItselfAndWithOneLikeItSaysNothing) {
  ASSERT_EQ(run({"--kernel", "uml-6.12", "--out", "a", "--report", "json=a.json"}).code, 0);
  ASSERT_EQ(run({"--kernel", "uml-6.12", "--out", "b"}).code, 0);
  for (const auto& [one, other] : {std::pair("a", "a"), {"a", "b"}, {"a.json", "b"}}) {
    const Ran ran = faultline({"compare", one, other});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    EXPECT_EQ(ran.out, "3 pairs compared: no difference\n");
  }
}

// A run that ended half-way is no run like the whole one, but for the cases that are named.
TEST_F(Compare, WhatOneRunLacksIs1) {
  ASSERT_EQ(run({"--kernel", "uml-6.12", "--out", "a"}).code, 0);
  std::filesystem::copy(folder_ / "a", folder_ / "b", std::filesystem::copy_options::recursive);
  std::filesystem::remove(folder_ / "b/close/four-way-client-first[ipv4].json");
  for (const auto& [one, other, letter] : {std::tuple("a", "b", "A"), {"b", "a", "B"}}) {
    const Ran ran = faultline({"compare", one, other});
    EXPECT_EQ(ran.code, 1) << ran.err;
    EXPECT_EQ(ran.out, std::string("2 pairs compared: no difference in what both have\nonly in ") +
                           letter + ": 1 (-v names them)\n");
  }
  EXPECT_EQ(faultline({"compare", "a", "b", "handshake/*"}).code, 0);
}

TEST_F(Compare, ASysctlShowsInScheduleCallAndCounts) {
  ASSERT_EQ(run({"--kernel", "uml-6.12", "--out", "a"}).code, 0);
  const Ran other = run({"--kernel", "uml-6.12", "--sysctl", "tcp_syn_retries=3", "--out", "b"});
  ASSERT_EQ(other.code, 0) << other.out << other.err;
  const Ran ran = faultline({"compare", "a", "b"});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_TRUE(has(ran.out, "tcp_syn_retries=3")) << ran.out;
  EXPECT_TRUE(has(ran.out, "\nfollows[ipv4]  client: connect (step-1) takes ")) << ran.out;
  EXPECT_FALSE(has(ran.out, "close/four-way-client-first[")) << ran.out;
  const Ran whole = faultline({"compare", "a", "b", "follows", "hand*", "--report", "json=d.json"});
  EXPECT_EQ(whole.code, 1) << whole.err;
  EXPECT_TRUE(has(whole.out, "  schedule  SYN\n")) << whole.out;
  const json report = parsed("d.json");
  ASSERT_EQ(report["differing"].size(), 1U) << report;
  EXPECT_EQ(report["differing"][0]["a"]["outcome"], "PASS");
  EXPECT_EQ(report["pairs"], 2);
}

TEST_F(Compare, WhatIsNoRunIs65AndWhatSelectsNothing66) {
  ASSERT_EQ(run({"--kernel", "uml-6.12", "--out", "a"}).code, 0);
  std::filesystem::create_directories(folder_ / "empty");
  std::ofstream(folder_ / "other.json") << "{}";
  std::ofstream(folder_ / "wrong.json") << R"({"faultline_results": 1, "seed": 1, "results": [3]})";
  for (const char* wrong : {"none", "empty", "other.json", "wrong.json"}) {
    const Ran ran = faultline({"compare", "a", wrong});
    EXPECT_EQ(ran.code, 65) << wrong << ran.out;
    EXPECT_TRUE(has(ran.err, wrong)) << ran.err;
    EXPECT_TRUE(ran.out.empty()) << ran.out;
  }
  EXPECT_EQ(faultline({"compare", "a", "a", "no/such"}).code, 66);
  EXPECT_EQ(faultline({"compare", "a", "a", "--tolerance", "soon"}).code, 64);
  EXPECT_EQ(faultline({"compare", "a", "a", "--stack", "lwip"}).code, 64);
  EXPECT_EQ(faultline({"compare", "a"}).code, 64);
}

// A trace that was damaged is said; nothing is compared as if it were not there.
TEST_F(Compare, ADamagedTraceIs65) {
  ASSERT_EQ(run({"--kernel", "uml-6.12", "--out", "a"}).code, 0);
  std::filesystem::copy(folder_ / "a", folder_ / "b", std::filesystem::copy_options::recursive);
  std::filesystem::resize_file(folder_ / "b/close/four-way-client-first[ipv4].json", 100);
  const Ran ran = faultline({"compare", "a", "b"});
  EXPECT_EQ(ran.code, 65) << ran.out;
  EXPECT_TRUE(has(ran.err, "b/close/four-way-client-first[ipv4].json")) << ran.err;
}

// A report whose traces a later run has overwritten is compared by its outcomes alone.
TEST_F(Compare, AReportOutlivesItsTraces) {
  ASSERT_EQ(run({"--kernel", "uml-6.12", "--out", "a", "--report", "json=a.json"}).code, 0);
  std::filesystem::remove(folder_ / "a/close/four-way-client-first[ipv4].json");
  const Ran ran = faultline({"compare", "a.json", "a.json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "1 of them by their outcomes alone")) << ran.out;
}

class Kernels : public Compare {
 protected:
  void SetUp() override {
    Compare::SetUp();
    if (faultline({"kernel", "path", "uml-6.1"}).code != 0) GTEST_SKIP() << "uml-6.1 is not built";
  }
};

TEST_F(Kernels, OneRunOfSeveralHasAFolderForEachAndOneMatrix) {
  const Ran ran = run({"--kernel", "uml-6.12,uml-6.1", "--out", "k", "--report", "text", "--report",
                       "json=k.json", "--report", "junit=k.xml"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_TRUE(has(ran.out, "linux@uml-6.12  linux@uml-6.1\n")) << ran.out;
  EXPECT_TRUE(has(ran.out, "3 cases passed everywhere: close 1, handshake 1, no topic 1\n"))
      << ran.out;
  EXPECT_TRUE(has(ran.out, "6 results: 6 PASS")) << ran.out;
  EXPECT_TRUE(has(ran.out, "PASS  close/four-way-client-first[ipv4,linux@uml-6.1]")) << ran.out;
  for (const char* kernel : {"uml-6.12", "uml-6.1"}) {
    EXPECT_TRUE(
        std::filesystem::exists(folder_ / "k" / kernel / "close/four-way-client-first[ipv4].json"));
    EXPECT_TRUE(std::filesystem::exists(folder_ / "k" / kernel / "host.json"));
  }
  const json report = parsed("k.json");
  ASSERT_EQ(report["kernels"].size(), 2U);
  EXPECT_EQ(report["kernels"][1]["name"], "uml-6.1");
  EXPECT_EQ(report["columns"]["linux@uml-6.1"]["PASS"], 3);
  const Ran both = faultline({"compare", "k", "k", "--stack", "linux@uml-6.12,linux@uml-6.1"});
  EXPECT_TRUE(both.code == 0 || both.code == 1) << both.err;
  EXPECT_EQ(faultline({"compare", "k/uml-6.12", "k/uml-6.1"}).code, both.code);
  EXPECT_EQ(faultline({"compare", "k.json", "k"}).code, 0) << "each beside its own";
}

TEST_F(Kernels, NamedTwiceIs64) {
  EXPECT_EQ(run({"--kernel", "uml-6.12", "--kernel", "uml-6.12"}).code, 64);
  EXPECT_EQ(run({"--kernel", "uml-6.12,uml-9.9"}).code, 64);
}

}  // namespace
}  // namespace faultline::test
