// Which behaviours a report is about, and what it says before anything is measured.
#include <gtest/gtest.h>

#include "harness/tune/report.hpp"

namespace faultline {
namespace {

const TuneKernel linux_6_12{.name = "Linux 6.12", .version = {6, 12}, .hz = 250};
const TuneKernel linux_6_1{.name = "uml-6.1", .version = {6, 1}, .hz = 250};

SysctlFiles files_with(const std::string& text) {
  auto files = read_sysctl_files({{"a.conf", text}}, 250);
  if (!files) ADD_FAILURE() << to_string(files.error().front());
  return files.value_or(SysctlFiles{});
}

std::vector<std::string> names(const TuneReport& report) {
  std::vector<std::string> all;
  for (const TuneRow& row : report.rows) all.push_back(row.behaviour->name);
  return all;
}

using Names = std::vector<std::string>;

TEST(Assess, RowsAreWhatSettingsGovern) {
  const auto of = [](const std::string& text, const TuneQuestion& question = {}) {
    return names(assess(files_with(text), {linux_6_12}, question));
  };
  EXPECT_EQ(of("net.ipv4.tcp_syn_retries = 3"), Names{"connect"});
  EXPECT_EQ(of("net.ipv4.tcp_retries2 = 3"),
            (Names{"dead-peer", "closed-window", "half-close", "orphan-closed-window"}));
  EXPECT_EQ(
      of("net.ipv4.tcp_syn_retries = 3", {.requirements = {*parse_requirement("keepalive <= 1h")}}),
      (Names{"connect", "keepalive"}));
  EXPECT_EQ(of("net.ipv4.tcp_syn_retries = 3", {.only = {"time-wait"}}), Names{"time-wait"});
  EXPECT_TRUE(of("vm.swappiness = 1").empty());
  EXPECT_EQ(of("").size(), behaviours().size());
}

TEST(Assess, PredictsWithTheSettingsAndWithout) {
  const TuneReport report =
      assess(files_with("\nnet.ipv4.tcp_syn_retries = 3"), {linux_6_12, linux_6_1}, {});
  ASSERT_EQ(report.rows.size(), 1);
  const TuneRow& row = report.rows.front();
  ASSERT_EQ(row.cells.size(), 2);
  EXPECT_EQ(spoken(*row.cells[0].predicted), "19.3 to 19.6 s");
  EXPECT_EQ(spoken(*row.cells[1].predicted), "15.2 to 15.5 s");
  EXPECT_EQ(spoken(*row.cells[0].by_default), "133 to 135 s");
  EXPECT_GT(row.cells[0].by_default->low, 131s);
  EXPECT_EQ(row.cells[0].verdict, TuneCell::Verdict::not_measured);
  EXPECT_EQ(
      sentences(row, report.kernels),
      (Names{"Linux 6.12: A connect() to a host that drops packets fails with ETIMEDOUT after "
             "19.3 to 19.6 s.",
             "uml-6.1: A connect() to a host that drops packets fails with ETIMEDOUT after "
             "15.2 to 15.5 s."}));
}

TEST(Assess, TellsWhatGoverns) {
  const TuneReport report = assess(files_with("\nnet.ipv4.tcp_syn_retries = 3"), {linux_6_12}, {});
  const auto& governed = report.rows.front().governed_by;
  ASSERT_EQ(governed.size(), 2) << "6.12 has no tcp_rto_max_ms";
  EXPECT_EQ(governed[0].value, "3");
  EXPECT_EQ(to_string(*governed[0].set_at), "a.conf:2");
  EXPECT_EQ(governed[1].name, "tcp_syn_linear_timeouts");
  EXPECT_EQ(governed[1].value, "4");
  EXPECT_FALSE(governed[1].set_at);
}

TEST(Assess, RequirementsMustHoldOnAllKernels) {
  const auto met = [](const char* text, const std::vector<TuneKernel>& kernels) {
    const TuneReport report = assess(files_with("net.ipv4.tcp_syn_retries = 3"), kernels,
                                     {.requirements = {*parse_requirement(text)}});
    return report.requirements.front().is_met();
  };
  EXPECT_TRUE(met("connect <= 16s", {linux_6_1}));
  EXPECT_FALSE(met("connect <= 16s", {linux_6_1, linux_6_12}));
  EXPECT_TRUE(met("connect <= 20s", {linux_6_1, linux_6_12}));
  EXPECT_FALSE(met("connect <= 19500ms", {linux_6_12})) << "timers that are late make it longer";
}

TEST(Assess, WarningsOfSeveralKernelsAreToldOnce) {
  const TuneReport report =
      assess(files_with("net.ipv4.tcp_fin_timeout = 0x10"), {linux_6_1, linux_6_12}, {});
  ASSERT_EQ(report.warnings.size(), 2);
  EXPECT_TRUE(report.warnings[0].what.contains("0x10 as 16"));
  EXPECT_TRUE(report.warnings[1].what.contains("TIME_WAIT"));
}

TEST(Assess, AdviceIsAboutWhatIsShown) {
  const auto about = [](const std::vector<std::string>& only) {
    const TuneReport report =
        assess(files_with("net.ipv4.tcp_fin_timeout = 70\nnet.ipv4.tcp_keepalive_time = 60"),
               {linux_6_12}, {.only = only});
    return report.warnings.size();
  };
  EXPECT_EQ(about({}), 3);
  EXPECT_EQ(about({"keepalive"}), 1);
  EXPECT_EQ(about({"connect"}), 0);
}

TEST(Assess, WhatCannotBePredictedSaysWhy) {
  const TuneReport report =
      assess(files_with("net.ipv4.tcp_keepalive_time = 8000000"), {linux_6_12}, {});
  ASSERT_EQ(report.rows.size(), 1);
  EXPECT_FALSE(report.rows[0].cells[0].predicted);
  EXPECT_TRUE(sentences(report.rows[0], report.kernels)[0].starts_with("Not predicted: "));
}

}  // namespace
}  // namespace faultline
