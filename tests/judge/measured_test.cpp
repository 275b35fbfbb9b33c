// What a run says of a timer model.
#include "harness/judge/measured.hpp"

#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

Result<Measured> measured_in(const Scene& scene, const std::string& model) {
  return measured(Timeline(scene.the_case, scene.trace), model);
}

const std::string expected_syns =
    "[expect]\n"
    "gaps = [{ of = { flags = \"SYN\" }, are = [\"1s\", \"1s\"] }, { of = { flags = \"SYN\" }, are "
    "= "
    "\"timer:connect\" }]\n"
    "counts = [{ of = { flags = \"SYN\" }, is = \"timer:connect\" }]\n";

Scene three_syns(const std::string& body) {
  Scene scene(body);
  scene.trace.environment.ends[index(End::client)].sysctl["net.ipv4.tcp_syn_retries"] = "1";
  for (const Nanos at : {1s, 2s, 3s})
    scene.segment({.at = at, .flags = "SYN", .retransmission = at > 1s});
  return scene;
}

TEST(Measured, ACallThatTakesWhatTheModelSays) {
  Scene scene = three_syns(
      "[[step]]\nname = \"dial\"\nclient = \"connect\"\nfails = \"ETIMEDOUT\"\n"
      "takes = \"timer:connect\"\n" +
      expected_syns);
  scene.fails("dial", 1s, 3056ms, "ETIMEDOUT");
  const auto result = measured_in(scene, "connect");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->time, 3056ms);
  EXPECT_EQ(result->prediction.transmissions, (Count{3, 3})) << "by the sysctls of the run";
  EXPECT_TRUE(result->prediction.gives_up.contains(3056ms));
  EXPECT_EQ(result->window.high, result->prediction.gives_up.high + machine_tolerance);
  EXPECT_EQ(result->gaps, (std::vector<Nanos>{1s, 1s}));
  EXPECT_EQ(result->segments, 3);
}

TEST(Measured, ATimeBetweenTwoMoments) {
  Scene scene = three_syns(connect_step + expected_syns +
                           "times = [{ from = { segment = { flags = \"SYN\" } }, to = { client = "
                           "\"CLOSED\" }, is = \"timer:connect\" }]\n");
  scene.state(End::client, SYN_SENT, 1s, 900ms).state(End::client, CLOSED, 4s, 3900ms);
  const auto result = measured_in(scene, "connect");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->time, 3s);
  EXPECT_EQ(result->window.high, result->prediction.gives_up.high + machine_tolerance + 100ms);
}

TEST(Measured, OnlySegmentsWhereNothingElseIsAsked) {
  const auto result = measured_in(three_syns(connect_step + expected_syns), "connect");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_FALSE(result->time);
  EXPECT_EQ(result->segments, 3);
}

// What is late elsewhere in the run is no part of a round trip.
TEST(Measured, RoundTripsAreAsUncertainAsTheHarnessWasLateMeanwhile) {
  const auto longest = [](Nanos stalled_until) {
    Scene scene(connect_step + expected_syns);
    scene.segment({.at = 1s, .flags = "SYN"})
        .segment({.at = 1010ms, .from = End::server, .flags = "SYN ACK", .ack = 1})
        .stall(stalled_until, 200ms);
    return Timeline(scene.the_case, scene.trace).round_trip(End::client).high;
  };
  EXPECT_EQ(longest(1209ms), 210ms);
  EXPECT_EQ(longest(1001ms), 210ms);
  EXPECT_EQ(longest(999ms), 10ms);
  EXPECT_EQ(longest(1211ms), 10ms);
}

TEST(Measured, NothingWhereTheCaseDoesNotAsk) {
  const auto result = measured_in(three_syns(connect_step + expected_syns), "keepalive");
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().what.ends_with(" asks nothing of the model 'keepalive'"));
}

TEST(Measured, AMomentThatNeverCameIsAnError) {
  const Scene scene =
      three_syns(connect_step +
                 "[expect]\ntimes = [{ from = { segment = { flags = \"SYN\" } }, to = "
                 "{ client = \"CLOSED\" }, is = \"timer:connect\" }]\n");
  const auto result = measured_in(scene, "connect");
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().what.ends_with(" never came")) << result.error().what;
}

}  // namespace
}  // namespace faultline::test
