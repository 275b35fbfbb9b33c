// `faultline tune` for people.
#include "reports/tune_text.hpp"

#include "reports/tune_words.hpp"
#include "tests/reports/tune_samples.hpp"

namespace faultline {
namespace {

TEST(TuneText, APredictionForOneKernel) {
  EXPECT_EQ(
      tune_text(predicted_sample()),
      "mesh.conf: predicted for uml-6.12 (6.12.117, 250 Hz), for round trips of up to 1 ms\n"
      "\n"
      "connect       19.3 to 19.6 s\n"
      "  by default  133 to 135 s\n"
      "  tcp_syn_retries = 3 (mesh.conf:1), tcp_syn_linear_timeouts = 4 (default)\n"
      "  A connect() to a host that drops packets fails with ETIMEDOUT after 19.3 to 19.6 s.\n"
      "\n"
      "To know\n"
      "  mesh.conf:1: tcp_syn_linear_timeouts = 4 (default) is added to tcp_syn_retries = 3 "
      "(mesh.conf:1): 8 SYNs and 19.3 to 19.6 s, without it 4 SYNs and 15.2 to 15.5 s\n"
      "\n"
      "1 setting is no TCP timer and was not looked at: vm.swappiness (mesh.conf:2)\n");
}

TEST(TuneText, AColumnForEachKernelAndEveryVerdict) {
  const std::string text = tune_text(measured_sample());
  EXPECT_TRUE(text.contains("              uml-6.12                uml-6.1\n")) << text;
  EXPECT_TRUE(text.contains("connect       19.3 to 19.6 s          15.2 to 15.5 s\n")) << text;
  EXPECT_TRUE(text.contains(
      "  measured    19.392s, as predicted   31s, not as predicted: 31s is too long\n"))
      << text;
  EXPECT_TRUE(text.contains(
      "  measured    unsure: the guest died  not measured: it takes 20 s; --slow measures it\n"))
      << text;
  EXPECT_TRUE(text.contains("To be changed\n  net.ipv4.tcp_syn_retries = 3\n")) << text;
  EXPECT_TRUE(text.contains(
      "  BROKEN  connect <= 16s does not hold: it takes 19.3 to 19.6 s on uml-6.12\n"))
      << text;
  EXPECT_TRUE(text.contains("  ok      fin-wait-2 <= 30s holds\n")) << text;
}

TEST(TuneText, ColoursOnlyWhereAskedFor) {
  EXPECT_FALSE(tune_text(measured_sample()).contains('\x1b'));
  const std::string text = tune_text(measured_sample(), {.colour = true});
  EXPECT_TRUE(text.contains("\x1b[32mok\x1b[0m")) << text;
  EXPECT_TRUE(text.contains("\x1b[1;31mBROKEN\x1b[0m")) << text;
}

TEST(TuneText, NothingHostileReachesTheTerminal) {
  const std::string text = tune_text(hostile_sample());
  EXPECT_FALSE(text.contains('\x1b')) << text;
  EXPECT_FALSE(text.contains('\xff')) << text;
  EXPECT_FALSE(text.contains("\nsecond line")) << text;
}

TEST(TuneText, DefaultsAreNotToldTwice) {
  const TuneReport report = assess({}, {sample_kernels[0]}, {.only = {"fin-wait-2"}});
  EXPECT_FALSE(tune_text(report).contains("by default")) << tune_text(report);
}

TEST(TuneText, WhatSetsNothingSaysSo) {
  const TuneReport report = assess(tune_files("vm.swappiness = 1"), {sample_kernels[0]}, {});
  EXPECT_TRUE(tune_text(report).contains("\nNothing here sets a TCP timer.\n"));
}

TEST(TuneWords, ARequirementThatHoldsSometimes) {
  const TuneReport report =
      assess(tune_files("net.ipv4.tcp_syn_retries = 3"), {sample_kernels[0]},
             {.requirements = {*parse_requirement("connect <= 19.5s")}, .only = {"keepalive"}});
  EXPECT_EQ(tune_requirement(report.requirements[0], report),
            "connect <= 19.5s does not always hold: it takes 19.3 to 19.6 s");
}

TEST(TuneWords, ManySettingsAreCounted) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += "vm.x" + std::to_string(i) + " = 1\n";
  const TuneReport report = assess(tune_files(text), {sample_kernels[0]}, {});
  EXPECT_TRUE(tune_not_looked_at(report).starts_with("8 settings are no TCP timer and were not"));
  EXPECT_TRUE(tune_not_looked_at(report).ends_with("vm.x5 (mesh.conf:6), and 2 more"));
}

}  // namespace
}  // namespace faultline
