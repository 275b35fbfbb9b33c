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

TEST(Rules, ACaseThatWasNotReadMayBeWrong) {
  Case the_case;
  the_case.rules.push_back({.name = "a", .fault = "melt"});
  EXPECT_EQ(make_rules(the_case, 1).error().what, "rule 'a': there is no injector 'melt'");
  the_case.rules[0] = {.name = "a", .fault = "delay", .params = "soon"};
  EXPECT_TRUE(make_rules(the_case, 1).error().what.starts_with("rule 'a': "));
}

}  // namespace
}  // namespace faultline
