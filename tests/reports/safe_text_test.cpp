#include "reports/safe_text.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(SafeText, OrdinaryTextStaysAsItIs) {
  for (const char* text : {"", "plain", "café …", "\xF0\x9F\x94\x8C plug", "中文"})
    EXPECT_EQ(safe_text(text), text);
}

TEST(SafeText, ControlCharactersBecomeVisible) {
  EXPECT_EQ(safe_text("a\x1b[31mb\x07\x7f"), "a\\x1b[31mb\\x07\\x7f");
  EXPECT_EQ(safe_text("a\nb\tc\r"), "a\\nb c\\x0d");
  EXPECT_EQ(safe_text(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(safe_text("\xC2\x9B"), "\\x9b");
  EXPECT_EQ(safe_text("\u202Etxt.exe"), "\\u{202e}txt.exe");
  EXPECT_EQ(safe_text("\xEF\xBF\xBE"), "\\u{fffe}");
}

TEST(SafeText, WhatIsNoUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(safe_text("\xff"), "\uFFFD");
  EXPECT_EQ(safe_text("\xc3"), "\uFFFD");
  EXPECT_EQ(safe_text("\xc3("), "\uFFFD(");
  EXPECT_EQ(safe_text("\xc0\x80"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(safe_text("\xe0\x80\x80"), "\uFFFD\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(safe_text("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(safe_text("\xf4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond U+10FFFF
  EXPECT_EQ(safe_text("\xf0\x9f\x94"), "\uFFFD\uFFFD\uFFFD");            // cut short
}

TEST(Elide, KeepsBothEnds) {
  EXPECT_EQ(elide_middle("0123456789", 10), "0123456789");
  EXPECT_EQ(elide_middle("0123456789", 9), "0123…6789");
  EXPECT_EQ(elide_middle("0123456789", 4), "01…9");
  EXPECT_EQ(elide_middle("0123456789", 2), "0…");
  EXPECT_EQ(elide_middle("0123456789", 1), "…");
  EXPECT_EQ(elide_middle("0123456789", 0), "");
  EXPECT_EQ(elide_middle("éééééé", 5), "éé…éé");
  EXPECT_EQ(columns("éé…"), 3);
}

}  // namespace
}  // namespace faultline
