#include "tests/every_case_can_fail/without_faults.hpp"

#include <gtest/gtest.h>

namespace faultline::test {
namespace {

TEST(WithoutFaults, TakesRulesOutAndKeepsTheStepsNumbers) {
  const auto text = without_faults(
      "families = [\"ipv4\", \"ipv6\"]\n[[rule]]\ndrop = 1\n[[step]]\nname = \"cut\"\nlink = "
      "\"unplug\"\n"
      "[[step]]\nclient = \"connect\"\n");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find("rule"), std::string::npos) << *text;
  EXPECT_EQ(text->find("link"), std::string::npos) << *text;
  EXPECT_EQ(text->find("ipv6"), std::string::npos) << *text;
  EXPECT_LT(text->find("wait = '0s'"), text->find("connect")) << *text;
  EXPECT_NE(text->find("name = 'cut'"), std::string::npos) << *text;
}

TEST(WithoutFaults, SaysThatThereIsNone) {
  EXPECT_EQ(without_faults("[[step]]\nclient = \"connect\"\n").value(), "");
  EXPECT_NE(without_faults("[[rule]]\ndrop = 1\n").value_or(""), "[[rule]]");
  EXPECT_FALSE(without_faults("[[step"));
}

}  // namespace
}  // namespace faultline::test
