// --sysctl: what is expected follows, what is written as a literal is skipped with its reason.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

class Sysctl : public Installation {};

// 2 retries take 7 s, 1 takes 3.
TEST_F(Sysctl, AModelFollows) {
  json report;
  const Ran ran = run({"--sysctl", "tcp_syn_retries=1", "follows", "--ipv4"}, report);
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  const auto took = report["results"][0]["took_ns"].get<int64_t>();
  EXPECT_GE(took, 3'000'000'000);
  EXPECT_LT(took, 5'000'000'000);
  EXPECT_TRUE(has(report["results"][0]["rerun"], "--sysctl 'net.ipv4.tcp_syn_retries=1'"));
}

TEST_F(Sysctl, ALiteralIsSkippedWithTheReason) {
  const Ran ran = faultline({"run", "literal", "--sysctl", "net.ipv4.tcp_syn_retries=2", "-v"});
  EXPECT_EQ(ran.code, 4) << ran.out;
  EXPECT_TRUE(has(ran.out, "SKIP  literal[ipv4]")) << ran.out;
  EXPECT_TRUE(has(ran.out, "written for tcp_syn_retries=1, and --sysctl says 2")) << ran.out;
}

TEST_F(Sysctl, OneThatPassesMakesASkipAllRight) {
  const Ran ran =
      faultline({"run", "literal", "refused", "--ipv4", "--sysctl", "tcp_syn_retries=2"});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_TRUE(has(ran.out, "2 results: 1 PASS, 1 SKIP")) << ran.out;
}

TEST_F(Sysctl, WhatTheKernelRefusesIsAnErrorWithItsWord) {
  for (const char* setting : {"tcp_syn_retries=9999", "tcp_no_such_thing=1"}) {
    json report;
    const Ran ran = run({"refused", "--ipv4", "--sysctl", setting}, report);
    EXPECT_EQ(ran.code, 2) << ran.out;
    const json& result = report["results"][0];
    EXPECT_EQ(result["outcome"], "ERROR");
    const std::string reason = result["reason"];
    EXPECT_TRUE(has(reason, "the client's sysctls: ")) << reason;
    EXPECT_TRUE(has(reason, "Invalid argument") || has(reason, "this kernel has none of that name"))
        << reason;
  }
}

}  // namespace
}  // namespace faultline::test
