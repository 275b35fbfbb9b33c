#include "harness/compare/comparison.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using Aspect = Difference::Aspect;

ComparedRun run(About sut = About::client, Outcome outcome = Outcome::PASS) {
  return {.identity = {.case_id = "close/x", .sut = sut, .column = "linux"},
          .outcome = outcome,
          .case_text = "title = \"t\"\n",
          .conduct = std::array<Conduct, 2>()};
}

Comparison compared(ComparedRun a, ComparedRun b) {
  return compare({.name = "a", .runs = {std::move(a)}}, {.name = "b", .runs = {std::move(b)}},
                 false);
}

TEST(Comparison, OfARunWithItselfSaysNothing) {
  const Comparison comparison = compared(run(), run());
  EXPECT_EQ(comparison.pairs.size(), 1U);
  EXPECT_FALSE(comparison.differs());
}

TEST(Comparison, OutcomesWithTheirReasons) {
  ComparedRun failed = run(About::client, Outcome::FAIL);
  failed.reason = "too late";
  const Comparison comparison = compared(run(), failed);
  ASSERT_TRUE(comparison.differs());
  const Difference& found = comparison.pairs[0].differences.at(0);
  EXPECT_EQ(found.aspect, Aspect::outcome);
  EXPECT_EQ(found.a, "PASS");
  EXPECT_EQ(found.b, "FAIL: too late");
  EXPECT_EQ(found.brief, "PASS | FAIL");
}

TEST(Comparison, WithoutATraceOnlyOutcomesAreCompared) {
  ComparedRun bare = run();
  bare.conduct.reset();
  const Comparison comparison = compared(run(), bare);
  EXPECT_FALSE(comparison.differs());
  EXPECT_FALSE(comparison.pairs[0].whole);
}

TEST(Comparison, WhatOneSideLacksIsADifference) {
  ComparedRun other = run();
  other.identity.case_id = "close/y";
  const ComparedSide two{.name = "a", .runs = {run(), other}}, one{.name = "b", .runs = {run()}};
  EXPECT_TRUE(compare(two, one, false).differs());
  EXPECT_TRUE(compare(one, two, false).differs());
  EXPECT_FALSE(compare(two, two, false).differs());
}

// A folder of traces cannot tell that a case was skipped; a report can.
TEST(Comparison, WhatWasNotRunIsNoLossInAFolder) {
  for (const Outcome outcome : {Outcome::SKIP, Outcome::UNSUPPORTED, Outcome::ERROR}) {
    ComparedRun other = run(About::client, outcome);
    other.identity.case_id = "close/y";
    const ComparedSide two{.name = "a", .runs = {run(), other}};
    ComparedSide one{.name = "b", .runs = {run()}};
    EXPECT_TRUE(compare(two, one, false).differs()) << to_string(outcome);
    one.traces_only = true;
    EXPECT_EQ(compare(two, one, false).differs(), outcome == Outcome::ERROR) << to_string(outcome);
    EXPECT_EQ(compare(one, two, false).differs(), outcome == Outcome::ERROR) << to_string(outcome);
  }
}

TEST(Comparison, LooksAtTheEndUnderTestOnly) {
  ComparedRun other_end = run();
  (*other_end.conduct)[index(End::server)].counts["FIN"] = 1;
  EXPECT_FALSE(compared(run(), other_end).differs());
  (*other_end.conduct)[index(End::client)].counts["FIN"] = 1;
  EXPECT_TRUE(compared(run(), other_end).differs());
}

TEST(Comparison, OfBothEndsNamesTheEnd) {
  ComparedRun both = run(About::both);
  (*both.conduct)[index(End::server)].counts["FIN"] = 1;
  const Comparison comparison = compared(run(About::both), both);
  ASSERT_TRUE(comparison.differs());
  EXPECT_EQ(comparison.pairs[0].differences[0].what, "server: segments sent");
  EXPECT_EQ(comparison.pairs[0].differences[0].brief, "server: segments sent 0 | 1: FIN 0 | 1");
  EXPECT_EQ(pair_name(comparison, comparison.pairs[0]), "close/x[ipv4]");
}

TEST(Comparison, OfOneAtBothEndsWithOneAtEitherIsAtThatEnd) {
  ComparedRun server = run(About::server);
  server.at_either_end = true;
  ComparedRun both = run(About::both);
  (*both.conduct)[index(End::client)].counts["FIN"] = 1;
  const Comparison comparison = compared(both, server);
  EXPECT_FALSE(comparison.differs());
  EXPECT_EQ(comparison.pairs[0].at, About::server);
  EXPECT_EQ(pair_name(comparison, comparison.pairs[0]), "close/x[ipv4,server]");
}

TEST(Comparison, OfAnotherCaseIsSaidFirst) {
  ComparedRun edited = run(About::client, Outcome::FAIL);
  edited.case_text = "title = \"t\"\n[client]\nlisten = true\n";
  const Comparison comparison = compared(run(), edited);
  ASSERT_EQ(comparison.pairs[0].differences.size(), 2U);
  EXPECT_EQ(comparison.pairs[0].differences[0].aspect, Aspect::the_case);
}

}  // namespace
}  // namespace faultline
