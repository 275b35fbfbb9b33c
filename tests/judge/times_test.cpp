// The time between two moments, and what may be added to a bound.
#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

Scene expecting(const std::string& from, const std::string& to, const std::string& is) {
  Scene scene(connect_step + "[expect]\ntimes = [{ from = { " + from + " }, to = { " + to +
              " }, is = " + is + " }]\n");
  return scene;
}

TEST(Times, FromACallsBeginningToItsEndBySegments) {
  Scene scene = expecting("call = \"dial\"", "segment = { flags = \"SYN\", nth = 2 }", "\"1s\"");
  scene.call("dial", 1s, 5s)
      .segment({.at = 1s, .flags = "SYN"})
      .segment({.at = 2s, .flags = "SYN", .retransmission = true});
  const Finding finding = scene.finding("time from");
  EXPECT_EQ(finding.status, Status::met);
  EXPECT_EQ(finding.what, "time from call 'dial' to the 2nd SYN");
  EXPECT_EQ(finding.got, "1s");
}

TEST(Times, ToAMomentThatNeverCameAreBroken) {
  Scene scene = expecting("call = \"dial\"", "segment = { has = \"FIN\" }", "\"1s\"");
  scene.call("dial", 0s, 1s);
  EXPECT_EQ(scene.finding("time from").status, Status::broken);
  EXPECT_TRUE(scene.finding("time from").got.ends_with(" never came"));
}

// SYN_SENT began between 0.9 and 1 s, CLOSED between 4 and 4.2 s.
Finding between_states(const std::string& is) {
  Scene scene = expecting("client = \"SYN_SENT\"", "client = \"CLOSED\"", is);
  scene.fails("dial", 1s, 3s, "ETIMEDOUT")
      .state(End::client, SYN_SENT, 1s, 900ms)
      .state(End::client, CLOSED, 4200ms, 4s);
  return scene.finding("time from");
}

TEST(Times, BetweenStatesAreAsUncertainAsTheLooks) {
  // Measured are 3.2 s; it was 3 s at least and 3.3 s at most.
  EXPECT_EQ(between_states("{ min = \"3.301s\" }").status, Status::met);
  EXPECT_EQ(between_states("{ min = \"3.302s\" }").status, Status::broken);
  EXPECT_EQ(between_states("{ max = \"2.95s\" }").status, Status::met);
  EXPECT_EQ(between_states("{ max = \"2.949s\" }").status, Status::broken);
  EXPECT_EQ(between_states("{ max = \"2.949s\" }").tolerance,
            "0s to 3.199s (-101ms start uncertainty, +50ms machine, +200ms end uncertainty)");
}

TEST(Times, ToAStateThatWasPassedUnseenCountToTheLookAfterIt) {
  Scene scene = expecting("client = \"CLOSE_WAIT\"", "client = \"LAST_ACK\"", "{ max = \"0s\" }");
  scene.call("dial", 0s, 1ms);
  for (const auto& [state, at] : {std::pair{SYN_SENT, 1ms}, {ESTABLISHED, 2ms}, {LAST_ACK, 5ms}})
    scene.state(End::client, state, at, at - 1ms);
  EXPECT_EQ(scene.finding("time from").status, Status::met);
  EXPECT_EQ(scene.finding("time from").got, "0s");
}

TEST(Times, ToAStateThatMayHaveBeenPassedUnseenCannotBeTold) {
  Scene scene = expecting("client = \"FIN_WAIT_2\"", "client = \"TIME_WAIT\"", "\"1s\"");
  scene.call("dial", 0s, 1ms)
      .state(End::client, SYN_SENT, 1ms)
      .state(End::client, ESTABLISHED, 2ms)
      .state(End::client, TIME_WAIT, 5ms);
  EXPECT_EQ(scene.finding("time from").status, Status::unclear);
}

// From the call's beginning at 0 s to a SYN at `at`.
Scene syn_at(Nanos at, const std::string& is = "\"1s+1s\"") {
  Scene scene = expecting("call = \"dial\"", "segment = { flags = \"SYN\" }", is);
  scene.call("dial", 0s, 3s).segment({.at = at, .flags = "SYN"});
  return scene;
}

TEST(Bounds, OfARangeHaveNoTimerInThem) {
  const std::string range = "{ min = \"2s\", max = \"2.1s\" }";
  EXPECT_EQ(syn_at(1999ms - 1ns, range).finding("time from").status, Status::broken);
  EXPECT_EQ(syn_at(1999ms, range).finding("time from").status, Status::met);
  EXPECT_EQ(syn_at(2150ms, range).finding("time from").status, Status::met);
  EXPECT_EQ(syn_at(2150ms + 1ns, range).finding("time from").status, Status::broken);
  EXPECT_EQ(syn_at(1h, "{ min = \"2s\" }").finding("time from").status, Status::met);
}

TEST(Bounds, MakeRoomForAStallThatIsTolerated) {
  const auto status = [](Nanos at, Nanos stall) {
    return syn_at(at).stall(1500ms, stall).finding("time from").status;
  };
  EXPECT_EQ(status(2114ms, 0ns), Status::met);
  EXPECT_EQ(status(2114ms + 1ns, 0ns), Status::broken);
  // A wheel that lags by the stall takes a timer for one that is longer by it: late by 8/63 of that
  // and two jiffies; and then the machine's 50 ms and the stall.
  EXPECT_EQ(status(2524ms, 100ms), Status::met);
  EXPECT_EQ(status(2525ms, 100ms), Status::broken);
  EXPECT_EQ(status(2843ms, 250ms), Status::met);
  EXPECT_EQ(status(2844ms, 250ms), Status::broken);
  EXPECT_EQ(status(2850ms, 251ms), Status::unclear);
  EXPECT_EQ(status(1949ms, 251ms), Status::unclear) << "jiffies may have lagged behind";
  EXPECT_EQ(status(1949ms - 1ns, 251ms), Status::broken) << "but not by so much";
  EXPECT_EQ(status(1999ms - 1ns, 0ns), Status::broken) << "and not on a machine that ran";
  const auto early = [](Nanos at) {
    return syn_at(at).stall(5ms, 20ms).finding("time from").status;
  };
  EXPECT_EQ(early(1979ms), Status::unclear) << "a stamp was late";
  EXPECT_EQ(early(1979ms - 1ns), Status::broken);
}

TEST(Bounds, MakeRoomForAStallThatWasNoticedLater) {
  EXPECT_EQ(syn_at(2200ms).stall(2300ms, 200ms).finding("time from").status, Status::met);
}

TEST(Bounds, KnowNothingOfAStallAtAnotherTime) {
  EXPECT_EQ(syn_at(2200ms).stall(10s, 200ms).finding("time from").status, Status::broken);
}

TEST(Bounds, OfTheMachineAreScaled) {
  Scene scene = syn_at(2164ms);
  scene.trace.environment.timing_scale = 2;
  EXPECT_EQ(scene.finding("time from").status, Status::met);
  EXPECT_EQ(syn_at(2164ms).finding("time from").status, Status::broken);
  Scene beyond = syn_at(2164ms + 1ns);
  beyond.trace.environment.timing_scale = 2;
  EXPECT_EQ(beyond.finding("time from").status, Status::broken);
}

TEST(Bounds, InVirtualTimeAreTheTimersAlone) {
  const auto status = [](Nanos at) {
    Scene scene = syn_at(at);
    scene.trace.environment.virtual_time = true;
    return scene.finding("time from").status;
  };
  EXPECT_EQ(status(2s - 1ns), Status::broken);
  EXPECT_EQ(status(2s), Status::met);
  EXPECT_EQ(status(2064ms), Status::met);
  EXPECT_EQ(status(2064ms + 1ns), Status::broken);
}

}  // namespace
}  // namespace faultline::test
