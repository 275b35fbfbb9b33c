// What the reader says of bad files, word for word.
#include <gtest/gtest.h>

#include "harness/case/case_error.hpp"
#include "tests/case/bad_cases.hpp"

namespace faultline {
namespace {

using test::BadCase;

std::string said(const std::string& text) {
  const auto result = test::read(text);
  return result ? "accepted" : to_string(result.error());
}

class BadCases : public testing::TestWithParam<BadCase> {};

TEST_P(BadCases, AreRefusedWithTheseWords) {
  EXPECT_EQ(said(GetParam().text), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(Reader, BadCases, testing::ValuesIn(test::bad_cases()),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(TomlErrors, HaveTheSameForm) {
  EXPECT_EQ(said("title = \"x\"\ntitle = \"y\"\n"),
            "x.toml:2:9: error: bad TOML (key-value pair): cannot redefine existing string "
            "'title'\n"
            "title = \"y\"\n"
            "        ^");
  EXPECT_EQ(said("title = \"unfinished"),
            "x.toml:1:20: error: bad TOML (string): encountered end-of-file\n"
            "title = \"unfinished\n"
            "                   ^");
  EXPECT_EQ(said("spec = [1,"),
            "x.toml:1:11: error: bad TOML (array): encountered end-of-file\n"
            "spec = [1,\n"
            "          ^");
}

TEST(TomlErrors, AnEmptyFileLacksATitle) {
  EXPECT_EQ(said(""), "x.toml:1:1: error: 'title' is missing");
}

TEST(CaseErrors, ColumnsCountCharactersAndTheCaretFollowsTabs) {
  EXPECT_EQ(said("title = \"größe\"\nabout = \t\"é\"\n"),
            "x.toml:2:10: error: unknown end 'é'; known: client, server, both\n"
            "about = \t\"é\"\n"
            "        \t^");
  EXPECT_EQ(said("claims = [\"größe\", 3]\n"),
            "x.toml:1:20: error: expected a string, got an integer\n"
            "claims = [\"größe\", 3]\n"
            "                   ^");
}

TEST(CaseErrors, AByteOrderMarkAndCarriageReturnsAreNoPartOfALine) {
  EXPECT_EQ(said("\xEF\xBB\xBFtitel = \"x\"\r\n"),
            "x.toml:1:1: error: unknown key 'titel' (did you mean 'title'?)\n"
            "titel = \"x\"\n"
            "^");
}

TEST(CaseErrors, ALongLineIsShownAroundTheColumn) {
  const std::string filler(300, 'x');
  EXPECT_EQ(said("spec = [\"" + filler.substr(0, 150) + "\", 7, \"" + filler + "\"]\n"),
            "x.toml:1:163: error: expected a string, got an integer\n"
            "..." +
                filler.substr(0, 77) + "\", 7, \"" + filler.substr(0, 36) + "...\n" +
                std::string(83, ' ') + "^");
}

TEST(CaseErrors, ALongSentenceIsCut) {
  const auto result = test::read("title = \"x\"\nabout = \"" + std::string(5000, 'a') + "\"\n");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what.size(), 500u);
  EXPECT_TRUE(result.error().what.ends_with("aaa..."));
}

TEST(CaseErrors, AFileCannotWriteToTheTerminal) {
  EXPECT_EQ(said("title = \"x\"\nabout = \"\\u001b[2J\"\n"),
            "x.toml:2:9: error: unknown end '?[2J'; known: client, server, both\n"
            "about = \"\\u001b[2J\"\n"
            "        ^");
}

}  // namespace
}  // namespace faultline
