#include "harness/compare/differences.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using Aspect = Difference::Aspect;
using enum TcpState;

Conduct sending(const std::vector<Series>& schedule) {
  return {.exact_times = true, .schedule = schedule};
}

Difference only(const Conduct& a, const Conduct& b) {
  const auto found = differences(a, b);
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? Difference{} : found.front();
}

TEST(Differences, OfTheSameAreNone) {
  Conduct one = sending({{"SYN", {0s, 1s}}});
  one.states["main"] = {SYN_SENT};
  one.calls = {{"client: connect (dial)", "succeeds", 1ms}};
  one.counts = {{"SYN", 2}};
  EXPECT_TRUE(differences(one, one).empty());
}

TEST(Differences, OfGaps) {
  const Difference found =
      only(sending({{"FIN", {1s, 1200ms, 1600ms}}}), sending({{"FIN", {1s, 1200ms, 2200ms}}}));
  EXPECT_EQ(found.aspect, Aspect::schedule);
  EXPECT_EQ(found.what, "FIN");
  EXPECT_EQ(found.a, "at 1s, then +200ms +400ms");
  EXPECT_EQ(found.b, "at 1s, then +200ms +1s");
  EXPECT_EQ(found.brief, "FIN, gap 2: 400ms | 1s");
}

TEST(Differences, OfHowOften) {
  const Difference found = only(sending({{"SYN", {0s, 1s, 2s, 3s}}}), sending({{"SYN", {0s}}}));
  EXPECT_EQ(found.a, "at 0s, then +1s ×3");
  EXPECT_EQ(found.b, "at 0s");
  EXPECT_EQ(found.brief, "SYN 4 times | once");
}

TEST(Differences, OfWhatOnlyOneSent) {
  const Difference found = only(sending({}), sending({{"RST", {5s}}}));
  EXPECT_EQ(found.a, "never");
  EXPECT_EQ(found.b, "at 5s");
  EXPECT_EQ(found.brief, "RST never | once");
}

// To the microsecond that is shown; what a clock says beyond it is no other gap.
TEST(Differences, GapsThatReadAlikeAreCounted) {
  EXPECT_EQ(only(sending({{"FIN", {0ns, 1s, 2s + 3ns, 3s + 1ns}}}), sending({})).a,
            "at 0s, then +1s ×3");
}

TEST(Differences, ALongSeriesIsToldByItsBeginningAndItsEnd) {
  Series series{"FIN", {0s}};
  for (int i = 1; i <= 20; ++i)
    series.times.push_back(series.times.back() + std::chrono::seconds(i));
  EXPECT_EQ(only(sending({series}), sending({})).a,
            "at 0s, then +1s +2s +3s +4s +5s +6s +7s +8s +9s +10s … +20s");
}

TEST(Differences, OfDataThatIsCutOtherwiseAreCounted) {
  Conduct a = sending({{"data at 1", {0s}}, {"data at 1001", {0s}}});
  Conduct b = sending({{"data at 1", {0s}}});
  a.counts = {{"data", 2}};
  b.counts = {{"data", 1}};
  const Difference found = only(a, b);
  EXPECT_EQ(found.aspect, Aspect::count);
  EXPECT_EQ(found.brief, "segments sent 2 | 1: data 2 | 1");
  EXPECT_EQ(differences(sending({{"data at 1001", {0s, 1s}}}), sending({})).size(), 1U)
      << "what was sent again is told";
}

TEST(Differences, OfAnAcknowledgementThatOnlyOneSentAreCounted) {
  EXPECT_TRUE(differences(sending({{"ACK of 1", {0s}, true}}), sending({})).empty());
}

TEST(Differences, WhatIsLaterAsAWholeIsToldOnce) {
  const Difference found = only(sending({{"FIN", {1s, 2s}}, {"RST", {4s}}}),
                                sending({{"FIN", {3s, 4s}}, {"RST", {6s}}}));
  EXPECT_EQ(found.what, "FIN");
  EXPECT_EQ(found.brief, "FIN at 1s | 3s");
}

TEST(Differences, OfCalls) {
  const auto calling = [](const std::string& outcome, std::optional<Nanos> took) {
    Conduct conduct{.exact_times = true};
    conduct.calls = {{"client: connect (dial)", outcome, took}};
    return conduct;
  };
  EXPECT_EQ(only(calling("succeeds", 63s), calling("succeeds", 18s)).brief,
            "client: connect (dial) takes 63s | 18s");
  const Difference found = only(calling("succeeds", 1s), calling("does not return", {}));
  EXPECT_EQ(found.a, "succeeds after 1s");
  EXPECT_EQ(found.b, "does not return");
  EXPECT_EQ(found.brief, "client: connect (dial) succeeds | does not return");
}

TEST(Differences, OfStatesAreWhereTheyPart) {
  Conduct a, b;
  a.states["main"] = {SYN_SENT, ESTABLISHED, FIN_WAIT_1, CLOSING};
  b.states["main"] = {SYN_SENT, ESTABLISHED, FIN_WAIT_1};
  EXPECT_EQ(only(a, b).brief, "states after FIN_WAIT_1: CLOSING | no more");
  EXPECT_EQ(only(a, b).b, "SYN_SENT → ESTABLISHED → FIN_WAIT_1");
  EXPECT_EQ(only(a, {}).b, "none");
}

TEST(Differences, NothingIsBeforeTheFirstCallByLessThanIsShown) {
  EXPECT_EQ(only(sending({{"SYN", {-1ns}}}), sending({{"SYN", {-2ms}}})).a, "at 0s");
  EXPECT_EQ(only(sending({{"SYN", {-1ns}}}), sending({{"SYN", {-2ms}}})).b, "at -2ms");
}

// An eighth of the longer time and 50 ms, from either side.
TEST(Tolerance, OfARealClockIsAnEighth) {
  const Tolerance real = Tolerance::usual(false);
  EXPECT_TRUE(real.same(1s, 1s));
  EXPECT_TRUE(real.same(700ms - 50ms, 800ms));
  EXPECT_FALSE(real.same(700ms - 51ms, 800ms));
  EXPECT_TRUE(real.same(800ms, 700ms - 50ms));
  const Tolerance exact = Tolerance::usual(true);
  EXPECT_TRUE(exact.same(1s, 1s + 1us));
  EXPECT_FALSE(exact.same(1s, 1s + 1001ns));
  EXPECT_TRUE(Tolerance(10ms).same(1s, 1010ms));
  EXPECT_FALSE(Tolerance(10ms).same(1s, 1011ms));
}

TEST(Tolerance, IsExactOnlyWhereBothClocksAre) {
  Conduct real = sending({{"SYN", {0s, 1s}}}), exact = sending({{"SYN", {0s, 1100ms}}});
  EXPECT_EQ(differences(real, exact).size(), 1U);
  real.exact_times = false;
  EXPECT_TRUE(differences(real, exact).empty());
  EXPECT_EQ(differences(real, exact, Tolerance(99ms)).size(), 1U);
}

}  // namespace
}  // namespace faultline
