// How a script ends: after the last step, on a wrong outcome, when somebody does not answer.
#include "tests/run/fake_run.hpp"

namespace faultline::test {
namespace {

constexpr auto connect = "[[step]]\nclient = \"connect\"\n";

TEST(ScriptEnds, WhatIsOnItsWayArrivesFirst) {
  FakeRun run(connect);
  run.answer(0);
  run.pass(settling - 10us);
  EXPECT_EQ(run.finishes, 0);
  run.pass(20us);
  EXPECT_EQ(run.finishes, 1);
}

TEST(ScriptEnds, AWrongOutcomeStopsTheSteps) {
  FakeRun run(std::string(connect) + "[[step]]\nclient = \"close\"\n");
  run.fail_with(0, "ECONNREFUSED");
  run.pass(1s);
  EXPECT_EQ(run.calls.size(), 1);
  EXPECT_EQ(run.finishes, 1);
  EXPECT_EQ(run.recorded<ResultEvent>().at(0).error, "ECONNREFUSED");
}

TEST(ScriptEnds, TheWantedFailureIsNoReasonToStop) {
  FakeRun run(std::string(connect) + "fails = \"ECONNREFUSED\"\n[[step]]\nwait = \"1s\"\n");
  run.fail_with(0, "ECONNREFUSED");
  EXPECT_EQ(run.finishes, 0);
  run.pass(900ms);
  EXPECT_EQ(run.finishes, 0);
  run.pass(200ms);
  EXPECT_EQ(run.finishes, 1);
}

TEST(ScriptEnds, AWrongOutcomeInTheBackgroundStopsTheStepsToo) {
  FakeRun run(std::string(connect) + "background = true\n[[step]]\nwait = \"10s\"\n" +
              "[[step]]\nclient = \"close\"\n");
  run.say_started(0);
  run.pass(1s);
  run.fail_with(0, "ETIMEDOUT");
  run.pass(1s);
  EXPECT_EQ(run.finishes, 1);
  EXPECT_EQ(run.calls.size(), 1);
}

TEST(ScriptEnds, AForegroundCallIsGivenUpWhenPatienceEnds) {
  FakeRun run(connect);
  run.say_started(0);
  run.pass(30s - 10us);
  EXPECT_EQ(run.finishes, 0);
  run.pass(20us);
  EXPECT_EQ(run.finishes, 1);
  EXPECT_TRUE(run.recorded<ResultEvent>().empty());
  EXPECT_TRUE(run.recorded<TroubleEvent>().empty()) << "the driver did its part";
}

TEST(ScriptEnds, ADriverThatNeverAnswersIsATrouble) {
  FakeRun run(connect);
  run.pass(answer_within - 10us);
  EXPECT_EQ(run.finishes, 0);
  run.pass(20us);
  EXPECT_EQ(run.finishes, 1);
  ASSERT_EQ(run.recorded<TroubleEvent>().size(), 1);
  EXPECT_EQ(run.recorded<TroubleEvent>()[0].what,
            "the client's driver did not answer to connect within 5s");
}

TEST(ScriptEnds, CallsThatAreStillUnderWayAreWaitedForAtTheEnd) {
  FakeRun run(std::string(connect) + "background = true\n");
  run.say_started(0);
  run.pass(20s);
  EXPECT_EQ(run.finishes, 0);
  run.answer(0);
  run.pass(settling);
  EXPECT_EQ(run.finishes, 1);
}

TEST(ScriptEnds, CallsThatAreStillUnderWayAreGivenUpAtTheEnd) {
  FakeRun run(std::string(connect) + "background = true\n");
  run.say_started(0);
  run.pass(31s);
  EXPECT_EQ(run.finishes, 1);
  EXPECT_TRUE(run.recorded<ResultEvent>().empty());
}

TEST(ScriptEnds, WhatTheStackCannotDoIsUnsupported) {
  FakeRun run(connect);
  run.unsupported(0, "option TCP_FLUX");
  run.pass(1s);
  EXPECT_EQ(run.finishes, 1);
  ASSERT_EQ(run.recorded<TroubleEvent>().size(), 1);
  EXPECT_EQ(run.recorded<TroubleEvent>()[0].kind, TroubleEvent::Kind::unsupported);
  EXPECT_EQ(run.recorded<TroubleEvent>()[0].what, "option TCP_FLUX");
}

TEST(ScriptEnds, ALostReplyStopsTheSteps) {
  FakeRun run(std::string(connect) + "[[step]]\nclient = \"close\"\n");
  run.lose(0);
  run.pass(1s);
  EXPECT_EQ(run.calls.size(), 1);
  EXPECT_EQ(run.finishes, 1);
}

TEST(ScriptEnds, NothingComesAfterTheEnd) {
  FakeRun run(std::string(connect) + "background = true\n");
  run.say_started(0);
  run.pass(31s);
  ASSERT_EQ(run.finishes, 1);
  run.segment(End::client, "SYN");
  run.pass(60s);
  EXPECT_EQ(run.finishes, 1);
}

}  // namespace
}  // namespace faultline::test
