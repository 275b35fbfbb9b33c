// Scheduling, with a shell script for a worker: it takes the job and answers as the test wants.
#include "harness/run/runner.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace faultline {
namespace {

namespace fs = std::filesystem;

class RunnerTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("runner-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    for (const char* id : {"topic/a", "topic/b", "topic/c"}) {
      Case one;
      one.id = id;
      cases_.push_back(std::move(one));
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  // What a worker does once it has read its job; $OUT is the test's folder.
  std::string worker(const std::string& script) {
    const fs::path file = folder_ / "worker.sh";
    std::ofstream(file) << "#!/bin/sh\nOUT=" << folder_.string() << "\ncat >\"$OUT/job.$$\"\n"
                        << script << "\n";
    fs::permissions(file, fs::perms::owner_all);
    return file;
  }
  Variant variant(size_t index, Nanos predicted, int repetition = 1) {
    return {.the_case = &cases_.at(index),
            .repetition = repetition,
            .predicted = predicted,
            .longest = 20s};
  }
  void run(const std::string& script, std::vector<Variant> variants, size_t jobs,
           bool fail_fast = false) {
    boost::asio::io_context context{1};
    size_t running = 0;
    Runner runner(context, std::move(variants),
                  {.jobs = jobs,
                   .program = worker(script),
                   .driver = {"driver"},
                   .traces = folder_ / "traces",
                   .fail_fast = fail_fast,
                   .rerun = [](const Variant&) { return "again"; }},
                  {.on_start =
                       [&](const Variant& started) {
                         started_.push_back(started.name());
                         most_running_ = std::max(most_running_, ++running);
                       },
                   .on_result =
                       [&](const Variant&, CaseResult result) {
                         --running;
                         results_.push_back(std::move(result));
                       },
                   .on_done = [&] { ++done_; }});
    runner.start();
    context.run_for(30s);
    refusal_ = runner.refusal();
  }

  fs::path folder_;
  std::vector<Case> cases_;
  std::vector<std::string> started_;
  std::vector<CaseResult> results_;
  size_t most_running_ = 0;
  int done_ = 0;
  std::string refusal_;
};

using Names = std::vector<std::string>;

TEST_F(RunnerTest, TheLongestOfARepetitionGoesFirst) {
  run("exit 1",
      {variant(0, 1s), variant(1, 3s), variant(2, 2s), variant(0, 1s, 2), variant(1, 3s, 2)}, 1);
  EXPECT_EQ(started_, (Names{"topic/b[ipv4]", "topic/c[ipv4]", "topic/a[ipv4]", "topic/b[ipv4]#2",
                             "topic/a[ipv4]#2"}));
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(most_running_, 1);
}

TEST_F(RunnerTest, NoMoreThanWasSaidRunAtTheSameTime) {
  std::vector<Variant> variants;
  for (int i = 1; i <= 7; ++i) variants.push_back(variant(0, 1s, i));
  run("echo ready 1; sleep 0.2", variants, 3);
  EXPECT_EQ(most_running_, 3);
  EXPECT_EQ(results_.size(), 7);
}

TEST_F(RunnerTest, AWorkerThatFailsIsAnErrorWithItsWords) {
  run("echo it will not do >&2; exit 70", {variant(0, 1s)}, 1);
  ASSERT_EQ(results_.size(), 1);
  EXPECT_EQ(results_[0].outcome, Outcome::ERROR);
  EXPECT_EQ(results_[0].reason, "it will not do");
  EXPECT_EQ(results_[0].rerun, "again");
}

TEST_F(RunnerTest, AWorkerThatCrashesIsAnError) {
  run("kill -SEGV $$", {variant(0, 1s)}, 1);
  ASSERT_EQ(results_.size(), 1);
  EXPECT_EQ(results_[0].outcome, Outcome::ERROR);
  EXPECT_EQ(results_[0].reason, "the worker ended with 139");
}

TEST_F(RunnerTest, AWorkerThatLeavesNoTraceIsAnError) {
  run("echo ready 1; exit 0", {variant(0, 1s)}, 1);
  ASSERT_EQ(results_.size(), 1);
  EXPECT_EQ(results_[0].outcome, Outcome::ERROR);
  EXPECT_NE(results_[0].reason.find("topic/a[ipv4].json"), std::string::npos) << results_[0].reason;
}

TEST_F(RunnerTest, AWorkerThatIsStuckIsKilled) {
  Variant stuck = variant(0, 1s);
  stuck.longest = 300ms;
  run("exec sleep 100", {stuck}, 1);
  ASSERT_EQ(results_.size(), 1);
  EXPECT_EQ(results_[0].outcome, Outcome::ERROR);
  EXPECT_EQ(results_[0].reason, "stuck: killed after 300ms");
}

TEST_F(RunnerTest, WhereTheKernelRefusesNothingElseIsTried) {
  run("echo no namespaces here >&2; exit 77", {variant(0, 1s), variant(1, 1s), variant(2, 1s)}, 1);
  EXPECT_EQ(started_.size(), 1);
  EXPECT_TRUE(results_.empty());
  EXPECT_EQ(refusal_, "no namespaces here");
  EXPECT_EQ(done_, 1);
}

TEST_F(RunnerTest, AnErrorIsNoFailureForFailFast) {
  run("exit 1", {variant(0, 1s), variant(1, 1s)}, 1, true);
  EXPECT_EQ(results_.size(), 2);
}

TEST_F(RunnerTest, AProgramThatIsNotThereIsAnErrorOfEachCase) {
  boost::asio::io_context context{1};
  int results = 0;
  Runner runner(context, {variant(0, 1s), variant(1, 1s)},
                {.program = folder_ / "none",
                 .driver = {"driver"},
                 .traces = folder_ / "traces",
                 .rerun = [](const Variant&) { return ""; }},
                {.on_start = [](const Variant&) {},
                 .on_result =
                     [&](const Variant&, const CaseResult& result) {
                       EXPECT_EQ(result.outcome, Outcome::ERROR);
                       EXPECT_NE(result.reason.find("none"), std::string::npos) << result.reason;
                       ++results;
                     },
                 .on_done = [] {}});
  runner.start();
  context.run_for(20s);
  EXPECT_EQ(results, 2);
}

TEST_F(RunnerTest, TheTraceOfACaseFromElsewhereStaysInTheFolder) {
  cases_[0].id = "/somewhere/else";
  run("exit 1", {variant(0, 1s)}, 1);
  EXPECT_TRUE(fs::exists(folder_ / "traces/somewhere"));
  EXPECT_FALSE(fs::exists("/somewhere"));
}

}  // namespace
}  // namespace faultline
