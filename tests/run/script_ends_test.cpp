// How a script ends: after the last step, on a wrong outcome, when somebody does not answer.
#include <algorithm>

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

// An option that cannot be set is the case's fault, even where connect() was to fail.
TEST(ScriptEnds, OptionsThatCannotBeSetAreAnError) {
  FakeRun run(std::string(connect) + "fails = \"EINVAL\"\n");
  run.fail_with(0, "EINVAL", "setsockopt TCP_MAXSEG");
  ASSERT_EQ(run.recorded<TroubleEvent>().size(), 1);
  EXPECT_EQ(run.recorded<TroubleEvent>()[0].what,
            "the client's socket 'main' cannot have its options: EINVAL setsockopt TCP_MAXSEG");
  EXPECT_TRUE(run.recorded<ResultEvent>().empty());
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

TEST(ScriptEnds, StepsThatAreOverAreToldInTheirOrder) {
  FakeRun run(std::string(connect) + "[[step]]\nwait = \"1s\"\n[[step]]\nlink = \"plug\"\n");
  EXPECT_TRUE(run.steps_over.empty());
  run.answer(0);
  EXPECT_EQ(run.steps_over, (std::vector{0}));
  run.pass(999ms);
  EXPECT_EQ(run.steps_over, (std::vector{0}));
  run.pass(10ms);
  EXPECT_EQ(run.steps_over, (std::vector{0, 1, 2}));
}

TEST(ScriptEnds, ACallInTheBackgroundIsOverForRulesOnceItIsUnderWay) {
  FakeRun run(std::string(connect) + "background = true\n[[step]]\nwait = \"1s\"\n");
  run.say_started(0);
  EXPECT_EQ(run.steps_over, (std::vector{0}));
  run.answer(0);
  EXPECT_EQ(run.steps_over, (std::vector{0}));
}

TEST(ScriptEnds, AFailedStepActivatesNothing) {
  FakeRun run(connect);
  run.fail_with(0, "ECONNREFUSED");
  EXPECT_TRUE(run.steps_over.empty());
}

const std::string forge = "[[step]]\nforge = { from = \"client\", flags = \"RST\" }\n";

TEST(ScriptFaults, AStepAsksForAFaultAndGoesOn) {
  FakeRun run(connect + forge + "[[step]]\nclient = \"close\"\n");
  EXPECT_EQ(std::ranges::count(run.log, "forge on main"), 0);
  run.answer(0);
  EXPECT_EQ(std::ranges::count(run.log, "forge on main"), 1);
  EXPECT_EQ(run.steps_over, (std::vector{0, 1}));
  EXPECT_EQ(run.made().back(), "client close");
}

TEST(ScriptFaults, OfTheConnectionThatItNames) {
  FakeRun run("[[step]]\nclient = \"connect\"\nsocket = \"two\"\n" + forge +
              "connection = \"two\"\n");
  run.answer(0);
  EXPECT_EQ(std::ranges::count(run.log, "forge on two"), 1);
}

TEST(ScriptFaults, OneThatCannotBeDoneIsATroubleAndTheEnd) {
  FakeRun run(connect + forge + "[[step]]\nclient = \"close\"\n");
  run.cannot_inject = "no segment of connection 'main' has been seen yet";
  run.answer(0);
  run.pass(1s);
  const auto troubles = run.recorded<TroubleEvent>();
  ASSERT_EQ(troubles.size(), 1);
  EXPECT_EQ(troubles[0].kind, TroubleEvent::Kind::error);
  EXPECT_TRUE(troubles[0].what.ends_with(": no segment of connection 'main' has been seen yet"))
      << troubles[0].what;
  EXPECT_EQ(run.finishes, 1);
  EXPECT_EQ(run.calls.size(), 1) << "the close is not made";
  EXPECT_EQ(run.steps_over, (std::vector{0}));
}

}  // namespace
}  // namespace faultline::test
