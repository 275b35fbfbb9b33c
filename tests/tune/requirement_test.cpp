// --require and the goals of --solve.
#include "harness/tune/requirement.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

std::string read(std::string_view text) {
  const auto requirement = parse_requirement(text);
  return requirement ? to_string(*requirement) : requirement.error().what;
}

TEST(Requirement, EveryRelation) {
  EXPECT_EQ(read("connect <= 30s"), "connect <= 30s");
  EXPECT_EQ(read("dead-peer<2min"), "dead-peer < 120s");
  EXPECT_EQ(read("  fin-wait-2  >=1.5s "), "fin-wait-2 >= 1.5s");
  EXPECT_EQ(read("keepalive >200ms"), "keepalive > 200ms");
}

TEST(Requirement, WhatIsNoneIsRefused) {
  EXPECT_EQ(
      read("connect 30s"),
      "'connect 30s' is no requirement; write one like 'connect <= 30s', with <=, <, >= or >");
  EXPECT_EQ(read("connect <= 30"),
            "'connect <= 30': '30' is not a duration; write one like 30s, 200ms or 2min");
  EXPECT_TRUE(read("connect <= ").contains("'' is not a duration"));
  EXPECT_TRUE(read("connect << 3s").contains("'< 3s' is not a duration"));
  EXPECT_TRUE(read("connect <= -3s").contains("is not a duration"));
  EXPECT_TRUE(read("").contains("is no requirement"));
  EXPECT_TRUE(read("conect <= 3s")
                  .contains("there is no behaviour 'conect' (did you mean 'connect'?); there are "
                            "connect, synack,"));
  EXPECT_TRUE(read("<= 3s").contains("there is no behaviour ''"));
}

TEST(Requirement, HoldsAlwaysOrSometimesOrNot) {
  const auto holds_in = [](const char* text, Nanos low, Nanos high) {
    return holds(*parse_requirement(text), {low, high});
  };
  EXPECT_EQ(holds_in("connect <= 30s", 29s, 30s), Holds::always);
  EXPECT_EQ(holds_in("connect < 30s", 29s, 30s), Holds::sometimes);
  EXPECT_EQ(holds_in("connect <= 30s", 30s, 30001ms), Holds::sometimes);
  EXPECT_EQ(holds_in("connect <= 30s", 30001ms, 31s), Holds::no);
  EXPECT_EQ(holds_in("connect >= 30s", 30s, 31s), Holds::always);
  EXPECT_EQ(holds_in("connect > 30s", 30s, 31s), Holds::sometimes);
  EXPECT_EQ(holds_in("connect > 30s", 29s, 30s), Holds::no);
}

}  // namespace
}  // namespace faultline
