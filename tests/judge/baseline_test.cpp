#include "harness/judge/baseline.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using enum Outcome;
using Kind = BaselineChange::Kind;

CaseResult result(const std::string& id, Outcome outcome, int repetition = 1) {
  return {.case_id = id,
          .repetition = repetition,
          .sut = "client",
          .stack = "linux",
          .outcome = outcome};
}

Baseline baseline(std::map<std::string, Outcome> outcomes) {
  return {.file = "b.json", .outcomes = std::move(outcomes)};
}

std::vector<std::string> told(const BaselineComparison& comparison) {
  std::vector<std::string> lines;
  for (const BaselineChange& change : comparison.changes)
    lines.push_back(std::string(to_string(change.kind)) + " " + change.variant +
                    (change.fails() ? " fails" : ""));
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Baseline, WhatIsAsItWasIsNoChange) {
  const auto same = compare_with(baseline({{"a[ipv4]", PASS}, {"b[ipv4]", FAIL}}), {},
                                 {result("a", PASS), result("b", FAIL)});
  EXPECT_EQ(told(same), Lines{});
  EXPECT_EQ(same.same, 2U);
}

TEST(Baseline, EveryDifferenceIsToldByItsName) {
  const auto comparison =
      compare_with(baseline({{"better[ipv4]", FAIL},
                             {"gone[ipv4]", PASS},
                             {"unsure[ipv4]", PASS},
                             {"worse[ipv4]", PASS}}),
                   {},
                   {result("better", PASS), result("fresh", PASS), result("rotten", FAIL),
                    result("unsure", INCONCLUSIVE), result("worse", FAIL)});
  EXPECT_EQ(told(comparison), (Lines{"worse worse[ipv4] fails", "missing gone[ipv4] fails",
                                     "improved better[ipv4] fails", "undecided unsure[ipv4]",
                                     "new fresh[ipv4]", "new rotten[ipv4] fails"}));
  EXPECT_EQ(comparison.same, 0U);
}

TEST(Baseline, OnlyAPassOrAKnownFailureIsAnImprovement) {
  const auto kind = [](Outcome was, Outcome is) {
    return compare_with(baseline({{"a[ipv4]", was}}), {}, {result("a", is)}).changes.front().kind;
  };
  EXPECT_EQ(kind(FAIL, PASS), Kind::improved);
  EXPECT_EQ(kind(FAIL, XFAIL), Kind::improved);
  EXPECT_EQ(kind(UNSUPPORTED, PASS), Kind::improved);
  EXPECT_EQ(kind(PASS, XFAIL), Kind::worse);
  EXPECT_EQ(kind(PASS, SKIP), Kind::worse);
  EXPECT_EQ(kind(FAIL, SKIP), Kind::worse) << "nobody knows any more";
  EXPECT_EQ(kind(FAIL, ERROR), Kind::undecided);
}

TEST(Baseline, EachRepetitionMustBeAsItWas) {
  const auto flaky = compare_with(baseline({{"a[ipv4]", PASS}}), {},
                                  {result("a", PASS), result("a", FAIL, 2), result("a", FAIL, 3)});
  EXPECT_EQ(told(flaky), Lines{"worse a[ipv4] fails"});
}

// What is not there although the baseline has it, for a run that was asked for this.
Lines missing(const Asked& asked, std::vector<std::string> columns = {"linux"}) {
  const Baseline all = baseline({{"close/a[ipv4]", PASS},
                                 {"close/a[ipv6]", PASS},
                                 {"close/b[ipv4,lwip,server]", PASS},
                                 {"open/c[ipv4]", PASS}});
  Lines names;
  for (const BaselineChange& change :
       compare_with(all, {.columns = std::move(columns), .asked = asked}, {}).changes)
    names.push_back(change.variant);
  return names;
}

TEST(Baseline, OnlyWhatWasAskedForCanBeMissing) {
  EXPECT_EQ(missing({}), (Lines{"close/a[ipv4]", "close/a[ipv6]", "open/c[ipv4]"}));
  EXPECT_EQ(missing({.cases = {"open/*"}}), Lines{"open/c[ipv4]"});
  EXPECT_EQ(missing({.exclude = {"close/*"}}), Lines{"open/c[ipv4]"});
  EXPECT_EQ(missing({.ipv6 = true}), Lines{"close/a[ipv6]"});
  EXPECT_EQ(missing({.left_out = {"close/a"}}), Lines{"open/c[ipv4]"});
  EXPECT_EQ(missing({.only = {"open/c[ipv4]"}}), Lines{"open/c[ipv4]"});
  EXPECT_EQ(missing({}, {"lwip"}), Lines{"close/b[ipv4,lwip,server]"});
  EXPECT_EQ(missing({.shard = 1, .shards = 2}), Lines{});
}

TEST(Baseline, AnInterruptedRunMissesNothing) {
  EXPECT_EQ(told(compare_with(baseline({{"a[ipv4]", PASS}}), {.interrupted = true}, {})), Lines{});
}

TEST(Baseline, IsWrittenAnewForWhatWasAskedForAlone) {
  const RunInfo info{.columns = {"linux"}, .asked = {.cases = {"close/*"}}};
  const Baseline now = updated(
      baseline({{"close/gone[ipv4]", PASS}, {"close/unsure[ipv4]", XFAIL}, {"open/c[ipv4]", PASS}}),
      info,
      {result("close/unsure", INCONCLUSIVE), result("close/flaky", PASS),
       result("close/flaky", FAIL, 2), result("close/lost", ERROR)});
  EXPECT_EQ(now.outcomes, (std::map<std::string, Outcome>{{"close/flaky[ipv4]", FAIL},
                                                          {"close/unsure[ipv4]", XFAIL},
                                                          {"open/c[ipv4]", PASS}}));
}

TEST(VariantName, IsTakenApartAgain) {
  const auto parts = parse_variant_name("close/x[ipv6,lwip@uml-6.12,server]#3");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->case_id, "close/x");
  EXPECT_EQ(parts->family, Family::ipv6);
  EXPECT_EQ(parts->column, "lwip@uml-6.12");
  EXPECT_EQ(parts->end, "server");
  EXPECT_EQ(parts->repetition, 3);
  for (const char* end : {"", "client"})
    for (const char* column : {"", "gvisor"})
      for (const int repetition : {1, 2}) {
        const std::string name = variant_name("a[b]", Family::ipv4, column, end, repetition);
        const auto again = parse_variant_name(name);
        ASSERT_TRUE(again) << name;
        EXPECT_EQ(variant_name(again->case_id, again->family, again->column, again->end,
                               again->repetition),
                  name);
      }
  for (const char* none :
       {"", "a", "a[ipv5]", "[ipv4]", "a[ipv4", "a[ipv4]#1", "a[ipv4]#x", "a[ipv4]x", "a]ipv4["})
    EXPECT_FALSE(parse_variant_name(none)) << none;
}

}  // namespace
}  // namespace faultline
