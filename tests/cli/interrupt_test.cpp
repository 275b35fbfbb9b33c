// SIGINT and SIGKILL in the middle of a run.
#include <csignal>

#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

class Interrupt : public Installation {
 protected:
  // A run of which one case is over, and one goes on: worker, its PID 1 and two drivers.
  void start() {
    process_ = std::make_unique<Process>(
        command({"run", "refused", "long", "--ipv4", "--report", "json=report.json", "--report",
                 "tap=report.tap", "--report", "junit=report.xml", "--report", "markdown=report.md",
                 "--report", "pcapng=captures"}),
        here());
    ASSERT_TRUE(process_->saw("PASS  refused[ipv4]")) << process_->out << process_->err;
    ASSERT_TRUE(
        eventually([&] { return processes_below(root_).size() >= 5; }, milliseconds(10'000)))
        << processes_below(root_).size();
  }
  [[nodiscard]] bool nothing_left() const {
    return eventually([&] { return processes_below(root_).empty(); }, milliseconds(5'000));
  }
  std::unique_ptr<Process> process_;
};

TEST_F(Interrupt, WhatIsOverIsReportedAndNothingIsLeft) {
  start();
  process_->signal(SIGINT);
  EXPECT_EQ(process_->wait(milliseconds(5'000)), 130);
  EXPECT_TRUE(nothing_left());
  EXPECT_TRUE(has(process_->out, "1 result: 1 PASS")) << process_->out;
  EXPECT_TRUE(has(process_->out, "(interrupted)")) << process_->out;
  const auto report = nlohmann::json::parse(read("project/report.json"));
  EXPECT_EQ(report["interrupted"], true);
  EXPECT_EQ(report["results"].size(), 1);
  EXPECT_TRUE(read("project/report.tap").ends_with("\nBail out! interrupted\n"));
  EXPECT_TRUE(has(read("project/report.xml"), "<testsuites name=\"faultline\" tests=\"2\""));
  EXPECT_TRUE(has(read("project/report.xml"), "<error message=\"the run was interrupted\""));
  EXPECT_TRUE(has(read("project/report.md"), "| **all** | 1 |"));
  EXPECT_EQ(read("project/captures/index.txt"),
            "PASS  refused[ipv4]  refused.ipv4.pcapng\nthe run was interrupted\n");
}

TEST_F(Interrupt, WhereNothingIsOverYetThatIsSaid) {
  process_ =
      std::make_unique<Process>(command({"run", "--kernel", "host", "long", "--ipv4"}), here());
  ASSERT_TRUE(eventually([&] { return processes_below(root_).size() >= 5; }, milliseconds(10'000)));
  process_->signal(SIGINT);
  EXPECT_EQ(process_->wait(milliseconds(5'000)), 130);
  EXPECT_TRUE(process_->out.starts_with("interrupted before anything was over\n")) << process_->out;
  EXPECT_FALSE(has(process_->out, "nothing to run")) << process_->out;
}

// Ctrl-C reaches the workers and the drivers too: that they die of it is no result of the case.
TEST_F(Interrupt, CtrlCGoesToTheWholeGroup) {
  start();
  process_->signal_group(SIGINT);
  EXPECT_EQ(process_->wait(milliseconds(5'000)), 130);
  EXPECT_TRUE(nothing_left());
  EXPECT_TRUE(has(process_->out, "1 result: 1 PASS")) << process_->out;
}

TEST_F(Interrupt, TermIsTheSame) {
  start();
  process_->signal(SIGTERM);
  EXPECT_EQ(process_->wait(milliseconds(5'000)), 130);
  EXPECT_TRUE(nothing_left());
}

TEST_F(Interrupt, AKillLeavesNoProcess) {
  start();
  process_->signal(SIGKILL);
  EXPECT_TRUE(nothing_left());
  EXPECT_EQ(process_->wait(milliseconds(5'000)), 128 + SIGKILL);
}

// `faultline run | head -n 1`.
TEST_F(Interrupt, AReaderThatIsGoneEndsTheRunAsCtrlCDoes) {
  std::string line;
  for (const std::string& word :
       command({"run", "refused", "--ipv4", "--kernel", "host", "--repeat", "500", "-j", "2"}))
    line += word + " ";
  Process process({"bash", "-c", line + "| head -n 1; echo ${PIPESTATUS[0]}"}, here());
  EXPECT_EQ(process.wait(), 0);
  EXPECT_TRUE(process.out.ends_with("s\n70\n")) << process.out;
  EXPECT_TRUE(has(process.err, "standard output could not be written")) << process.err;
  EXPECT_TRUE(nothing_left());
  const auto report = nlohmann::json::parse(read("project/faultline-out/results.json"));
  EXPECT_EQ(report["interrupted"], true);
  EXPECT_LT(report["results"].size(), 500);
}

}  // namespace
}  // namespace faultline::test
