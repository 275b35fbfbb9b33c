#include "harness/case/rule_names.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using Names = std::vector<std::string>;

TEST(RuleNames, AreThoseOfTheCase) {
  EXPECT_EQ(rule_names("[[rule]]\nname = 'first'\n[[rule]]\ndrop = 'all'\n[[rule]]\nname = 7\n"),
            (Names{"first", "rule-2", "rule-3"}));
  EXPECT_EQ(rule_names("title = 'no rule'"), Names{});
}

TEST(RuleNames, OfWhatIsNoCaseThereAreNone) {
  for (const char* text : {"", "[[rule", "rule = 3", "rule = { name = 'x' }", "\xff"})
    EXPECT_EQ(rule_names(text), Names{}) << text;
  EXPECT_EQ(rule_names("rule = [3, {}]"), (Names{"rule-1", "rule-2"}));
}

}  // namespace
}  // namespace faultline
