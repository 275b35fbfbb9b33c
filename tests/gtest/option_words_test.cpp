#include "harness/gtest/option_words.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using Words = std::vector<std::string>;

Words words(std::string_view text) {
  return option_words(text).value_or(Words{"(an error)"});
}

std::string error(std::string_view text) {
  const auto split = option_words(text);
  return split ? "" : split.error().what;
}

TEST(OptionWords, AreSplitAtBlanks) {
  EXPECT_EQ(words(""), Words{});
  EXPECT_EQ(words("  --stack ./a\t-j 2\n"), (Words{"--stack", "./a", "-j", "2"}));
}

TEST(OptionWords, AreWholeInQuotes) {
  EXPECT_EQ(words("'topic/*' \"a b\" ''"), (Words{"topic/*", "a b", ""}));
  EXPECT_EQ(words("--stack='my stack'/x\"y\"z"), Words{"--stack=my stack/xyz"});
  EXPECT_EQ(words(R"(it\'s "a\"b\\c\d" 'a\b')"), (Words{"it's", R"(a"b\c\d)", R"(a\b)"}));
  EXPECT_EQ(words("$HOME `x` $(x)"), (Words{"$HOME", "`x`", "$(x)"})) << "nothing is expanded";
}

TEST(OptionWords, AQuoteIsClosed) {
  EXPECT_EQ(error("'topic/*' 'hollow"), "a quote is not closed: 'hollow");
  EXPECT_EQ(error("--stack=\"a b"), "a quote is not closed: \"a b");
  EXPECT_EQ(error("\"a\\\""), "a quote is not closed: \"a\\\"");
  EXPECT_EQ(error("a\\"), "nothing follows the backslash at the end");
}

}  // namespace
}  // namespace faultline
