// Every exit code, each come about for real. 77: privilege_test.cpp; 130: interrupt_test.cpp.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

class ExitCodes : public Installation {};

TEST_F(ExitCodes, AllAsExpectedIs0) {
  const Ran ran = faultline({"run", "refused"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_TRUE(has(ran.out, "PASS  refused[ipv4]")) << ran.out;
  EXPECT_TRUE(has(ran.out, "PASS  refused[ipv6]")) << ran.out;
  EXPECT_TRUE(has(ran.out, "2 results: 2 PASS")) << ran.out;
}

// The story that a failure tells: what was wanted, what came, where it is written, how to see it
// again.
TEST_F(ExitCodes, ABrokenExpectationIs1AndToldWhole) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  const Ran ran = faultline({"run", "broken", "--ipv4", "--seed", "7"});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_TRUE(has(ran.out, "FAIL  broken[ipv4]")) << ran.out;
  EXPECT_TRUE(has(ran.out, "broken.toml:15: ")) << ran.out;
  EXPECT_TRUE(has(ran.out, "wanted     3")) << ran.out;
  EXPECT_TRUE(has(ran.out, "got        1")) << ran.out;
  EXPECT_TRUE(has(ran.out, "what happened")) << ran.out;
  EXPECT_TRUE(has(ran.out, "rerun    faultline run --kernel host broken --ipv4 --seed 7"))
      << ran.out;
}

TEST_F(ExitCodes, AWrongErrnoIs1) {
  edit_case("refused", "broken", "ECONNREFUSED", "ETIMEDOUT");
  const Ran ran = faultline({"run", "broken", "--ipv4"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "wanted     fails with ETIMEDOUT")) << ran.out;
  EXPECT_TRUE(has(ran.out, "got        fails with ECONNREFUSED")) << ran.out;
}

TEST_F(ExitCodes, AKnownFailureIs0AndAKnownFailureThatPassesIs1) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  const std::string rest =
      "outcome = \"FAIL\"\nreason = \"it counts otherwise\"\nspec = \"RFC 1\"\n";
  write("stacks/linux/known.toml", "[[known]]\ncase = \"broken\"\n" + rest);
  const Ran known = faultline({"run", "broken"});
  EXPECT_EQ(known.code, 0) << known.out;
  EXPECT_TRUE(has(known.out, "XFAIL")) << known.out;
  EXPECT_TRUE(has(known.out, "it counts otherwise")) << known.out;
  write("stacks/linux/known.toml", "[[known]]\ncase = \"refused\"\n" + rest);
  const Ran passes = faultline({"run", "refused"});
  EXPECT_EQ(passes.code, 1) << passes.out;
  EXPECT_TRUE(has(passes.out, "XPASS")) << passes.out;
}

TEST_F(ExitCodes, AKnownDeviationOfNoCaseIs65) {
  write("stacks/linux/known.toml",
        "[[known]]\ncase = \"gone\"\noutcome = \"FAIL\"\nreason = \"x\"\nspec = \"RFC 1\"\n");
  const Ran ran = faultline({"run", "refused"});
  EXPECT_EQ(ran.code, 65);
  EXPECT_TRUE(has(ran.err, "no case is named 'gone'")) << ran.err;
}

TEST_F(ExitCodes, AnUnsureVerdictIs2) {
  const Ran ran = faultline({"run", "hollow", "refused"});
  EXPECT_EQ(ran.code, 2) << ran.out;
  EXPECT_TRUE(has(ran.out, "INCONCLUSIVE  hollow[ipv4]")) << ran.out;
  EXPECT_TRUE(has(ran.out, "rule-1")) << ran.out;
}

TEST_F(ExitCodes, AFailureOutweighsAnUnsureVerdict) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  EXPECT_EQ(faultline({"run", "hollow", "broken", "--ipv4"}).code, 1);
}

// A UML kernel tells how it was configured, here with nothing at all: it is not even started.
TEST_F(ExitCodes, AKernelInWhichNoCaseCanRunIs4) {
  using namespace std::string_literals;
  const std::string x = "\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\0\0\x83\x16\xdc\x8c\x01\0\0\0"s;
  write("project/linux", "#!/bin/false IKCFG_ST" + x + "IKCFG_ED");
  std::filesystem::permissions(root_ / "project/linux", std::filesystem::perms(0755));
  const Ran ran = faultline({"run", "--kernel", "./linux", "refused"});
  EXPECT_EQ(ran.code, 4) << ran.out << ran.err;
  EXPECT_TRUE(has(ran.out, "SKIP  refused[ipv6]")) << ran.out;
  EXPECT_TRUE(has(ran.out, "(the kernel lacks CONFIG_UML_TIME_TRAVEL_SUPPORT, ")) << ran.out;
  EXPECT_TRUE(has(ran.out, "CONFIG_NFT_QUEUE, CONFIG_NETFILTER_NETLINK_QUEUE, CONFIG_INET_DIAG)"))
      << ran.out;
  EXPECT_TRUE(has(ran.out, ", kernel ./linux, 250 Hz, seed ")) << ran.out;
}

TEST_F(ExitCodes, UsageIs64) {
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"fly"},
      {"run", "--fly"},
      {"run", "-j", "0"},
      {"run", "--repeat", "many"},
      {"run", "--seed", "-1"},
      {"run", "--seed", "18446744073709551616"},
      {"run", "--timing-scale", "nan"},
      {"run", "--timing-scale", "0.5"},
      {"run", "--sysctl", "tcp_syn_retries"},
      {"run", "--sysctl", "kernel.hostname=x"},
      {"run", "--report", "yaml"},
      {"run", "--report", "json="},
      {"run", "--report", "json", "--report", "junit"},
      {"run", "--report", "json=x", "--report", "junit=./x"},
      {"run", "--report", "json=none/x.json"},
      {"run", "refused", "--out", "/proc/none"},
      {"judge"},
      {"lint"}};
  for (const auto& arguments : wrong) {
    const Ran ran = faultline(arguments);
    EXPECT_EQ(ran.code, 64) << testing::PrintToString(arguments) << ran.out << ran.err;
    EXPECT_FALSE(ran.err.empty()) << testing::PrintToString(arguments);
  }
  EXPECT_TRUE(has(faultline({"run", "--report", "jsn"}).err, "did you mean 'json'?"));
}

TEST_F(ExitCodes, AFolderForTracesThatCannotBeWrittenIsNamed) {
  write("project/file", "");
  const Ran ran = faultline({"run", "refused", "--out", "file"});
  EXPECT_EQ(ran.code, 64);
  EXPECT_TRUE(has(ran.err, "the folder file cannot be written")) << ran.err;
}

TEST_F(ExitCodes, HelpAndVersionAre0) {
  for (const char* word : {"--help", "--version"}) {
    const Ran ran = faultline({word});
    EXPECT_EQ(ran.code, 0);
    EXPECT_FALSE(ran.out.empty());
  }
  EXPECT_TRUE(has(faultline({"run", "--help"}).out, "--fail-fast"));
}

TEST_F(ExitCodes, ADriverThatIsNotThereIs70) {
  std::filesystem::remove(root_ / "build/x/faultline-driver-linux");
  const Ran ran = faultline({"run", "refused"});
  EXPECT_EQ(ran.code, 70);
  EXPECT_TRUE(has(ran.err, "the Linux driver is not there; looked at")) << ran.err;
}

}  // namespace
}  // namespace faultline::test
