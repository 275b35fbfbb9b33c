// Listeners before the first step, calls one after the other and side by side, and what they ask.
#include "tests/run/fake_run.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

constexpr auto connect = "[[step]]\nclient = \"connect\"\n";
constexpr auto pause_1s = "[[step]]\nwait = \"1s\"\n";

TEST(ScriptCalls, AListenerIsUpBeforeTheFirstStep) {
  FakeRun run(std::string("[server]\nlisten = true\nbacklog = 3\noptions = { TCP_NODELAY = 1 }\n") +
              connect);
  ASSERT_EQ(run.made(), (Names{"server listen"}));
  const json expected{{"call", "listen"},
                      {"socket", "listener"},
                      {"family", "ipv4"},
                      {"address", "198.51.100.2"},
                      {"port", listening_port},
                      {"backlog", 3},
                      {"options", {{"TCP_NODELAY", 1}}}};
  EXPECT_EQ(run.call().request, expected);
  run.answer(0);
  EXPECT_EQ(run.made(), (Names{"server listen", "client connect"}));
}

TEST(ScriptCalls, BothEndsMayListen) {
  FakeRun run(std::string("client.listen = true\nserver.listen = true\n") + connect);
  run.answer(0);
  EXPECT_EQ(run.calls.size(), 2);
  run.answer(1);
  EXPECT_EQ(run.made().back(), "client connect");
}

TEST(ScriptCalls, AnEndThatCannotListenEndsTheRun) {
  FakeRun run(std::string("server.listen = true\n") + connect);
  run.fail_with(0, "EADDRINUSE");
  const auto troubles = run.recorded<TroubleEvent>();
  ASSERT_EQ(troubles.size(), 1);
  EXPECT_EQ(troubles[0].kind, TroubleEvent::Kind::error);
  EXPECT_EQ(troubles[0].what, "the server cannot listen: EADDRINUSE ");
  EXPECT_EQ(run.finishes, 1);
}

TEST(ScriptCalls, AListenThatIsNeverAnsweredIsATrouble) {
  FakeRun run(std::string("server.listen = true\n") + connect);
  run.pass(answer_within - 10us);
  EXPECT_EQ(run.finishes, 0);
  run.pass(20us);
  EXPECT_EQ(run.finishes, 1);
  ASSERT_EQ(run.recorded<TroubleEvent>().size(), 1);
  EXPECT_EQ(run.recorded<TroubleEvent>()[0].what,
            "the server's driver did not answer to listen within 5s");
}

TEST(ScriptCalls, ConnectNamesTheOtherEndAndTheConnection) {
  FakeRun run("client.options = { TCP_SYNCNT = 2 }\n[[step]]\nclient = \"connect\"\nport = 4000\n",
              1, Family::ipv6);
  const json expected{{"call", "connect"},
                      {"socket", "main"},
                      {"family", "ipv6"},
                      {"address", "2001:db8:2::2"},
                      {"port", listening_port},
                      {"local_port", 4000},
                      {"options", {{"TCP_SYNCNT", 2}}}};
  EXPECT_EQ(run.call().request, expected);
  EXPECT_EQ(run.log, (Names{"expect client main"}));
}

TEST(ScriptCalls, AConnectThatSucceededMayStillOweItsSyn) {
  FakeRun fine(connect);
  fine.answer(0);
  EXPECT_EQ(fine.log, (Names{"expect client main"}));
  FakeRun failing(std::string(connect) + "fails = \"EADDRNOTAVAIL\"\n");
  failing.fail_with(0, "EADDRNOTAVAIL");
  EXPECT_EQ(failing.log, (Names{"expect client main", "over client main"}));
}

// A simultaneous open: nobody listens, each connects to the port that the other one has bound.
TEST(ScriptCalls, WithoutAListenerThePortIsTheOneThatTheOtherEndSays) {
  FakeRun run(
      "server.listen = false\n"
      "[[step]]\nclient = \"connect\"\nport = 4000\nbackground = true\n"
      "[[step]]\nserver = \"connect\"\nport = 4001\n");
  EXPECT_EQ(run.call(0).request["port"], 4001);
  run.say_started(0);
  run.pass_a_moment();
  EXPECT_EQ(run.call(1).request["port"], 4000);
  EXPECT_EQ(run.call(1).request["address"], "192.0.2.2");
}

TEST(ScriptCalls, TheNextStepWaitsForAReply) {
  FakeRun run(std::string(connect) + "[[step]]\nclient = \"close\"\n");
  run.pass(1s);
  EXPECT_EQ(run.made(), (Names{"client connect"}));
  run.answer(0);
  EXPECT_EQ(run.made(), (Names{"client connect", "client close"}));
  EXPECT_EQ(run.finishes, 0);
}

TEST(ScriptCalls, InTheBackgroundItWaitsOnlyUntilTheCallIsUnderWay) {
  FakeRun run(std::string("[[step]]\nserver = \"accept\"\nbackground = true\n") + connect);
  EXPECT_EQ(run.made(), (Names{"server accept"})) << "the call is not under way yet";
  run.say_started(0);
  run.pass_a_moment();
  EXPECT_EQ(run.made(), (Names{"server accept", "client connect"}));
}

TEST(ScriptCalls, ABackgroundCallThatDoesNotBlockIsOverAtOnce) {
  FakeRun run(std::string("[[step]]\nserver = \"accept\"\nbackground = true\n") + connect);
  run.answer(0);
  EXPECT_EQ(run.calls.size(), 2);
}

TEST(ScriptCalls, AForegroundCallThatIsStartedIsNotOver) {
  FakeRun run(std::string(connect) + "[[step]]\nclient = \"close\"\n");
  run.say_started(0);
  run.pass(20s);
  EXPECT_EQ(run.calls.size(), 1);
  EXPECT_EQ(run.finishes, 0);
}

TEST(ScriptCalls, TimesAreCountedFromTheEpoch) {
  FakeRun run(connect);
  run.pass(2s);
  const Nanos now = run.now();
  run.answer(0);
  const auto results = run.recorded<ResultEvent>();
  ASSERT_EQ(results.size(), 1);
  EXPECT_EQ(results[0].began, now);
  EXPECT_EQ(results[0].ended, now + 1us);
  EXPECT_GE(run.looks, 1) << "a call may change a state";
}

TEST(ScriptCalls, KillNeedsNoReply) {
  FakeRun run(std::string(connect) + "[[step]]\nclient = \"kill\"\n" + pause_1s);
  run.answer(0);
  EXPECT_EQ(run.kills, (std::array{1, 0}));
  EXPECT_EQ(run.recorded<ResultEvent>().size(), 2);
  run.pass(2s);
  EXPECT_EQ(run.finishes, 1);
}

// A crash takes the calls that are under way with it: the case goes on to see what the peer does.
TEST(ScriptCalls, KillTakesTheCallsOfItsEndWithIt) {
  FakeRun run(std::string(connect) +
              "[[step]]\nclient = \"recv\"\nbackground = true\nmay_fail = true\n"
              "[[step]]\nclient = \"kill\"\n" +
              pause_1s);
  run.answer(0);
  run.say_started(1);
  run.pass_a_moment();
  ASSERT_EQ(run.kills, (std::array{1, 0}));
  run.lose(1);
  run.pass(500ms);
  EXPECT_EQ(run.finishes, 0) << "the pause goes on";
  run.pass(600ms);
  EXPECT_EQ(run.finishes, 1);
  EXPECT_TRUE(run.recorded<WaitEvent>().at(0).satisfied);
  EXPECT_TRUE(run.recorded<TroubleEvent>().empty());
}

// Each of these is over at once, and what comes next has a deadline of its own.
TEST(ScriptCalls, AStepThatIsOverAtOnceDoesNotDelayTheNext) {
  FakeRun run(
      std::string("[[step]]\nlink = \"unplug\"\n[[step]]\nwait = { client = \"CLOSED\" }\n") +
      connect);
  ASSERT_EQ(run.calls.size(), 1);
  run.say_started(0);
  run.pass(31s);
  EXPECT_EQ(run.finishes, 1);
}

TEST(ScriptCalls, TheLinkIsCutAndJoined) {
  FakeRun run("[[step]]\nlink = \"unplug\"\n[[step]]\nwait = \"1s\"\n[[step]]\nlink = \"plug\"\n");
  EXPECT_EQ(run.log, (Names{"unplug"}));
  run.pass(1s);
  EXPECT_EQ(run.log, (Names{"unplug", "plug"}));
}

}  // namespace
}  // namespace faultline::test
