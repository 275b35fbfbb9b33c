#include "harness/run/rules.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(Rules, EveryInjectorIsKnownToTheReader) {
  std::vector<std::string> faults, injectors;
  for (const FaultKind& fault : known_faults()) faults.push_back(fault.name);
  for (const InjectorKind& kind : injector_kinds()) injectors.push_back(kind.name);
  EXPECT_EQ(faults, injectors);
}

TEST(Rules, OneInjectorForEachRuleInTheirOrder) {
  Case the_case;
  the_case.rules.push_back(
      {.name = "a", .match = {.from = End::server}, .fault = "delay", .params = "20ms"});
  the_case.rules.push_back({.name = "b", .fault = "duplicate", .params = 2});
  const auto rules = make_rules(the_case, 1);
  ASSERT_TRUE(rules) << rules.error().what;
  ASSERT_EQ(rules->size(), 2);
  EXPECT_EQ(rules->at(0).match.from, End::server);
}

TEST(Rules, NamesBecomePlaces) {
  Case the_case;
  the_case.steps.push_back({.name = "dial", .what = LinkStep::plug});
  the_case.steps.push_back({.name = "cut", .what = LinkStep::plug});
  the_case.rules.push_back({.name = "a", .fault = "delay", .params = "1s", .after_rule = "b"});
  the_case.rules.push_back(
      {.name = "b", .fault = "delay", .params = "1s", .after_step = "cut", .lasting = 5s});
  const auto rules = make_rules(the_case, 1);
  ASSERT_TRUE(rules) << rules.error().what;
  EXPECT_EQ(rules->at(0).after_rule, 1);
  EXPECT_FALSE(rules->at(0).after_step);
  EXPECT_FALSE(rules->at(0).lasting);
  EXPECT_EQ(rules->at(1).after_step, 1);
  EXPECT_EQ(rules->at(1).lasting, 5s);
}

// Which of 64 segments each of two rules of random loss loses.
std::string losses(uint64_t seed) {
  Case the_case;
  for (const char* name : {"a", "b"})
    the_case.rules.push_back({.name = name,
                              .match = {.from = *name == 'a' ? End::client : End::server},
                              .fault = "loss",
                              .params = {{"probability", 0.5}}});
  Engine engine(std::move(*make_rules(the_case, seed)));
  std::string text;
  for (const End end : both_ends)
    for (int i = 0; i < 64; ++i) {
      const SegmentFacts facts{.from = end};
      const Segment segment;
      text += to_string(engine.on_segment({1, {}, segment, facts}, 0s).fate).front();
    }
  return text;
}

TEST(Rules, RandomNumbersComeFromTheRunsSeed) {
  EXPECT_EQ(losses(1), losses(1));
  EXPECT_NE(losses(1), losses(2));
  EXPECT_NE(losses(1).substr(0, 64), losses(1).substr(64)) << "each rule has its own";
}

TEST(Rules, ACaseThatWasNotReadMayBeWrong) {
  Case the_case;
  the_case.rules.push_back({.name = "a", .fault = "melt"});
  EXPECT_EQ(make_rules(the_case, 1).error().what, "rule 'a': there is no injector 'melt'");
  the_case.rules[0] = {.name = "a", .fault = "delay", .params = "soon"};
  EXPECT_TRUE(make_rules(the_case, 1).error().what.starts_with("rule 'a': "));
}

}  // namespace
}  // namespace faultline
