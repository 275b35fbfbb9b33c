// From findings to an outcome: who is to blame, and what a verdict has no ground for.
#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

const std::string two_syns = "[expect]\ncounts = [{ of = { flags = \"SYN\" }, is = 2 }]\n";
const std::string lose_syns = "[[rule]]\nname = \"lose\"\nmatch = { flags = \"SYN\" }\ndrop = 1\n";
const std::string hold_syns =
    "[[rule]]\nname = \"keep\"\nmatch = { flags = \"SYN\" }\nhold = { passed = 1 }\n";

Scene with_syns(Scene scene, int count) {
  scene.call("dial", 0s, 1ms);
  for (int i = 0; i < count; ++i)
    scene.segment({.at = i * 1s, .flags = "SYN", .retransmission = i > 0});
  return scene;
}
Scene good(const std::string& rule = "") {
  return with_syns(Scene(rule + connect_step + two_syns), 2);
}
Scene bad(const std::string& rule = "") {
  return with_syns(Scene(rule + connect_step + two_syns), 1);
}

TEST(Verdict, IsPassOrFailWithItsReason) {
  const CaseResult pass = good().judged();
  EXPECT_EQ(pass.outcome, Outcome::PASS);
  EXPECT_EQ(pass.reason, "");
  EXPECT_EQ(pass.line, 0);
  const CaseResult fail = bad().judged();
  EXPECT_EQ(fail.outcome, Outcome::FAIL);
  EXPECT_EQ(fail.reason, "number of every SYN: wanted 2, got 1");
  EXPECT_EQ(fail.line, 9);
}

TEST(Verdict, KnowsADeviationOfOlderKernelsOnly) {
  const KnownDeviation entry{"x", "it does not", "6.13"};
  EXPECT_TRUE(applies_to(entry, "6.12.117"));
  EXPECT_TRUE(applies_to(entry, "5.19.0-rc1"));
  EXPECT_FALSE(applies_to(entry, "6.13"));
  EXPECT_FALSE(applies_to(entry, "6.18.44"));
  EXPECT_FALSE(applies_to(entry, "7.0.1"));
  EXPECT_FALSE(applies_to(entry, "its own"));
  EXPECT_TRUE(applies_to({"x", "it does not"}, "7.0.1"));
}

TEST(Verdict, OnAKnownDeviationIsStrict) {
  const std::vector<KnownDeviation> known{{"scene", "it sends one"}};
  EXPECT_EQ(bad().judged(known).outcome, Outcome::XFAIL);
  EXPECT_EQ(bad().judged(known).reason, "it sends one");
  EXPECT_EQ(good().judged(known).outcome, Outcome::XPASS);
  EXPECT_EQ(good().judged(known).reason,
            "known to fail (it sends one), and it does not: take the entry out of known.toml");
  EXPECT_EQ(bad().judged({{"another", "x"}}).outcome, Outcome::FAIL);
  Scene hollow = good(lose_syns);
  hollow.trace.rules[0].hits = 0;
  EXPECT_EQ(hollow.judged(known).outcome, Outcome::INCONCLUSIVE);
}

TEST(Verdict, HasNoGroundWhereThereWasTrouble) {
  using Kind = TroubleEvent::Kind;
  for (const auto& [kind, outcome] : {std::pair{Kind::error, Outcome::ERROR},
                                      {Kind::unsupported, Outcome::UNSUPPORTED},
                                      {Kind::inconclusive, Outcome::INCONCLUSIVE}}) {
    Scene scene = bad();
    scene.trouble(kind, "the queue ran over");
    EXPECT_EQ(scene.judged().outcome, outcome);
    EXPECT_EQ(scene.judged().reason, "the queue ran over");
  }
  Scene all = good();
  all.trouble(Kind::inconclusive, "c").trouble(Kind::unsupported, "b").trouble(Kind::error, "a");
  EXPECT_EQ(all.judged().reason, "a");
}

TEST(Verdict, OfAFaultThatNeverHappenedIsInconclusive) {
  Scene scene = good(lose_syns);
  scene.trace.rules[0].hits = 0;
  EXPECT_EQ(scene.judged().outcome, Outcome::INCONCLUSIVE);
  EXPECT_EQ(scene.judged().reason, "rule 'lose' matched nothing, so the fault never happened");
  Scene failing = bad(lose_syns);
  failing.trace.rules[0].hits = 0;
  EXPECT_EQ(failing.judged().outcome, Outcome::FAIL)
      << "a broken expectation is broken all the same";
  Scene optional = good(lose_syns + "optional = true\n");
  optional.trace.rules[0].hits = 0;
  EXPECT_EQ(optional.judged().outcome, Outcome::PASS);
  Scene missing = good(lose_syns);
  missing.trace.rules.clear();
  EXPECT_EQ(missing.judged().outcome, Outcome::INCONCLUSIVE);
}

TEST(Verdict, OfASegmentThatIsStillHeldIsInconclusive) {
  Scene scene = good(hold_syns);
  scene.trace.rules[0].still_held = 1;
  EXPECT_EQ(scene.judged().outcome, Outcome::INCONCLUSIVE);
  EXPECT_EQ(scene.judged().reason, "rule 'keep' held 1 segments to the end");
  Scene delayed = good("[[rule]]\nname = \"late\"\nmatch = { flags = \"SYN\" }\ndelay = \"3d\"\n");
  delayed.trace.rules[0].still_held = 1;
  EXPECT_EQ(delayed.judged().outcome, Outcome::INCONCLUSIVE) << "it never arrived";
}

TEST(Verdict, OfARunThatNeverCameToItsStepsIsInconclusive) {
  Scene scene(connect_step +
              "[[step]]\nname = \"pause\"\nwait = \"1s\"\n[[step]]\nlink = \"unplug\"\n"
              "[expect]\nnever = [{ has = \"RST\" }]\n");
  EXPECT_EQ(scene.judged().reason, "the run never came to dial");
  scene.call("dial", 0s, 1ms);
  EXPECT_EQ(scene.judged().reason, "the run never came to pause");
  scene.wait("pause", 1s);
  EXPECT_EQ(scene.judged().outcome, Outcome::PASS);
}

// "A RST from the server", with the stack under test at either end, or at both.
TEST(Verdict, BlamesTheSetUpForWhatOnlyTheReferenceBroke) {
  Scene scene(connect_step + "[expect]\nnever = [{ from = \"server\", has = \"RST\" }]\n");
  scene.call("dial", 0s, 1ms)
      .segment({.at = 1ms, .flags = "SYN"})
      .segment({.at = 2ms, .from = End::server, .flags = "RST ACK", .ack = 1});
  EXPECT_EQ(scene.judged().outcome, Outcome::ERROR);
  EXPECT_EQ(scene.judged().reason,
            "the reference end: no segment with RST from the server: wanted none, got 1");
  EXPECT_EQ(scene.judged({{"scene", "x"}}).outcome, Outcome::ERROR) << "not what is known";
  scene.trace.sut = "server";
  EXPECT_EQ(scene.judged().outcome, Outcome::FAIL);
  scene.trace.sut = "both";
  EXPECT_EQ(scene.judged().outcome, Outcome::FAIL);
}

TEST(Verdict, BlamesTheStackUnderTestForWhatIsNobodysInParticular) {
  for (const std::string sut : {"client", "server", "both"}) {
    Scene scene = bad();
    scene.trace.sut = sut;
    EXPECT_EQ(scene.judged().outcome, Outcome::FAIL) << sut;
  }
}

TEST(Verdict, BlamesTheStackUnderTestWhereBothEndsBrokeSomething) {
  Scene scene(connect_step +
              "[expect]\nnever = [{ from = \"server\", has = \"RST\" }, { flags = \"SYN\" }]\n");
  scene.call("dial", 0s, 1ms)
      .segment({.at = 1ms, .flags = "SYN"})
      .segment({.at = 2ms, .from = End::server, .flags = "RST ACK", .ack = 1});
  EXPECT_EQ(scene.judged().outcome, Outcome::FAIL);
  EXPECT_EQ(scene.judged().reason, "no SYN: wanted none, got 1");
}

TEST(Verdict, DoesNotBlameAStackForAHarnessThatStoodStill) {
  Scene tolerated = bad();
  tolerated.stall(500ms, 250ms);
  EXPECT_EQ(tolerated.judged().outcome, Outcome::FAIL);
  Scene stalled = bad();
  stalled.stall(500ms, 251ms);
  EXPECT_EQ(stalled.judged().outcome, Outcome::INCONCLUSIVE);
  EXPECT_EQ(stalled.judged().reason,
            "could not be told: number of every SYN: wanted 2, got 1, while the harness stalled");
  Scene unharmed = good();
  unharmed.stall(500ms, 251ms);
  EXPECT_EQ(unharmed.judged().outcome, Outcome::PASS);
  Scene forging = good();
  forging.stall(500ms, 251ms);
  std::get<SegmentEvent>(forging.trace.events[2]).segment.checksum_ok = false;
  EXPECT_EQ(forging.judged().outcome, Outcome::FAIL) << "no stall makes a checksum wrong";
}

TEST(Verdict, OfARuleForASpanOfTimeTakesAHarnessThatWasInTime) {
  const std::string for_a_while =
      "[[rule]]\nmatch = { flags = \"SYN\" }\nlasting = \"400ms\"\ndrop = 1\n";
  EXPECT_EQ(bad(for_a_while).stall(500ms, 100ms).judged().outcome, Outcome::FAIL);
  EXPECT_EQ(bad(for_a_while).stall(500ms, 101ms).judged().outcome, Outcome::INCONCLUSIVE);
  EXPECT_EQ(bad(lose_syns).stall(500ms, 101ms).judged().outcome, Outcome::FAIL);
}

TEST(Verdict, TellsWhatTheRunWas) {
  Scene scene = good(lose_syns);
  scene.trace.family = "ipv6";
  scene.stall(2s, 49ms).stall(3s, 50ms);
  const CaseResult result = scene.judged();
  EXPECT_EQ(result.variant(), "scene[ipv6]");
  EXPECT_EQ(result.sut, "client");
  EXPECT_EQ(result.took, 1h);
  ASSERT_EQ(result.story.size(), 5) << "a stall that no bound has to make room for is not told";
  EXPECT_EQ(result.story[0], "0.000s client: connect");
  EXPECT_EQ(result.story[4], "3.000s the harness was 50ms late");
}

}  // namespace
}  // namespace faultline::test
