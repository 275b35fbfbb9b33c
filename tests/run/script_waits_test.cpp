// Waits of every kind.
#include "tests/run/fake_run.hpp"

namespace faultline::test {
namespace {

std::string wait(const std::string& what, const std::string& more = "") {
  return "[[step]]\nwait = " + what + "\n" + more + "[[step]]\nclient = \"connect\"\n";
}

TEST(ScriptWaits, APauseLastsAsLongAsItSays) {
  FakeRun run(wait("\"2s\""));
  run.pass(2s - 10us);
  EXPECT_TRUE(run.calls.empty());
  run.pass(20us);
  EXPECT_EQ(run.calls.size(), 1);
  EXPECT_TRUE(run.recorded<WaitEvent>().at(0).satisfied);
}

TEST(ScriptWaits, AStateEndsAWait) {
  FakeRun run(wait("{ server = [\"FIN_WAIT_1\", \"FIN_WAIT_2\"] }"));
  run.set_state(End::client, TcpState::FIN_WAIT_2);
  EXPECT_TRUE(run.calls.empty()) << "the other end's";
  run.set_state(End::server, TcpState::ESTABLISHED);
  EXPECT_TRUE(run.calls.empty());
  run.set_state(End::server, TcpState::FIN_WAIT_2);
  EXPECT_EQ(run.calls.size(), 1);
}

TEST(ScriptWaits, AnEndThatWasNeverSeenIsClosed) {
  FakeRun run(wait("{ client = \"CLOSED\" }"));
  EXPECT_EQ(run.calls.size(), 1);
}

TEST(ScriptWaits, ASegmentEndsAWait) {
  FakeRun run(wait("{ segment = { from = \"server\", flags = \"FIN ACK\" } }"));
  run.segment(End::client, "FIN ACK");
  run.segment(End::server, "ACK");
  EXPECT_TRUE(run.calls.empty());
  run.segment(End::server, "FIN PSH ACK");
  EXPECT_EQ(run.calls.size(), 1);
}

TEST(ScriptWaits, ASegmentThatCameBeforeTheWaitCounts) {
  FakeRun run("[[step]]\nwait = \"1s\"\n" + wait("{ segment = { flags = \"SYN\", nth = 2 } }"));
  run.segment(End::client, "SYN");
  run.segment(End::client, "SYN");
  run.pass(1s);
  EXPECT_EQ(run.calls.size(), 1);
}

TEST(ScriptWaits, TheSecondOneIsNotTheFirst) {
  FakeRun run(wait("{ segment = { flags = \"SYN\", nth = 2 } }"));
  run.segment(End::client, "SYN");
  EXPECT_TRUE(run.calls.empty());
  run.segment(End::client, "SYN");
  EXPECT_EQ(run.calls.size(), 1);
}

TEST(ScriptWaits, ACallInTheBackgroundEndsAWait) {
  FakeRun run(
      "[[step]]\nname = \"dial\"\nclient = \"connect\"\nbackground = true\n"
      "[[step]]\nwait = { call = \"dial\" }\n[[step]]\nclient = \"close\"\n");
  run.say_started(0);
  run.pass(1s);
  EXPECT_EQ(run.calls.size(), 1);
  run.answer(0);
  EXPECT_EQ(run.calls.size(), 2);
}

TEST(ScriptWaits, ACallThatIsOverAlreadyCounts) {
  FakeRun run(
      "[[step]]\nname = \"dial\"\nclient = \"connect\"\nbackground = true\n"
      "[[step]]\nwait = \"1s\"\n[[step]]\nwait = { call = \"dial\" }\n"
      "[[step]]\nclient = \"close\"\n");
  run.say_started(0);
  run.answer(0);
  run.pass(1s);
  EXPECT_EQ(run.calls.size(), 2);
}

TEST(ScriptWaits, WhatDoesNotHappenInTimeEndsTheRun) {
  FakeRun run(wait("{ client = \"ESTABLISHED\" }", "within = \"3s\"\n"));
  run.pass(3s - 10us);
  EXPECT_EQ(run.finishes, 0);
  run.pass(20us);
  EXPECT_EQ(run.finishes, 1);
  EXPECT_TRUE(run.calls.empty());
  ASSERT_EQ(run.recorded<WaitEvent>().size(), 1);
  EXPECT_FALSE(run.recorded<WaitEvent>()[0].satisfied);
}

TEST(ScriptWaits, WithoutABoundThereIsOneAllTheSame) {
  FakeRun run(wait("{ client = \"ESTABLISHED\" }"));
  run.pass(default_within - 10us);
  EXPECT_EQ(run.finishes, 0);
  run.pass(20us);
  EXPECT_EQ(run.finishes, 1);
}

}  // namespace
}  // namespace faultline::test
