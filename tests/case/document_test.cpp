#include "harness/case/document.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace faultline {
namespace {

using nlohmann::json;

Document parsed(std::string_view text) {
  auto document = Document::parse(text, "x.toml");
  if (document) return std::move(*document);
  ADD_FAILURE() << to_string(document.error());
  return {};
}

std::string refused(std::string_view text) {
  const auto document = Document::parse(text, "x.toml");
  return document ? "accepted" : to_string(document.error());
}

TEST(Document, IsTheTomlAsJson) {
  EXPECT_EQ(parsed("a = 1\nb.c = [true, 1.5, 'x']\n[[d]]\n[[d]]\ne = { f = -2 }\n").root(),
            json::parse(R"({"a":1,"b":{"c":[true,1.5,"x"]},"d":[{},{"e":{"f":-2}}]})"));
}

TEST(Document, KnowsWhereEverythingStands) {
  const Document document = parsed("a = 1\n[[d]]\n[[d]]\n  e = { 'x/y' = -2 }\n");
  EXPECT_EQ(document.place("/a").key.column, 1);
  EXPECT_EQ(document.place("/a").value.column, 5);
  EXPECT_EQ(document.place("/d/1").value.line, 3);
  EXPECT_EQ(document.place("/d/1/e").key.column, 3);
  EXPECT_EQ(document.place("/d/1/e/x~1y").key.column, 9);
  EXPECT_EQ(document.place("/d/1/e/x~1y").value.column, 17);
}

TEST(Document, WhatIsNotThereStandsAtTheTableAroundIt) {
  const Document document = parsed("[[d]]\n[[d]]\n");
  EXPECT_EQ(document.place("/d/1/e/f").value.line, 2);
  EXPECT_EQ(document.place("/z").value.line, 1);
}

TEST(Document, RefusesDatesAndTimes) {
  for (const char* value : {"1979-05-27", "07:32:00", "1979-05-27T07:32:00Z"})
    EXPECT_EQ(
        refused(std::string("a = ") + value),
        std::string("x.toml:1:5: error: a case has no dates and times of day; a duration is a "
                    "string like \"5s\"\na = ") +
            value + "\n    ^");
}

TEST(Document, BoundsItsSize) {
  const std::string comment(Document::max_size, '#');
  EXPECT_EQ(refused(comment), "accepted");
  EXPECT_EQ(refused(comment + "#"), "x.toml: error: larger than 1 MiB: this is no case");
}

TEST(Document, BoundsHowDeepItGoes) {
  const auto nested = [](int depth) {
    return "a = " + std::string(depth, '[') + std::string(depth, ']') + "\n";
  };
  EXPECT_EQ(refused(nested(Document::max_depth)), "accepted");
  EXPECT_NE(refused(nested(Document::max_depth + 1)).find("nested more than 32 deep"),
            std::string::npos);
  EXPECT_NE(refused(nested(100'000)).find("bad TOML"), std::string::npos);
}

// Half a million tables inside each other would take the stack down when they are freed.
TEST(Document, BoundsDottedKeys) {
  std::string key = "a";
  while (key.size() < Document::max_size - 10) key += ".a";
  EXPECT_TRUE(refused(key + " = 1\n")
                  .starts_with("x.toml:1:1: error: more than 32 dots on one line: break it up\n"));
  EXPECT_TRUE(refused("[" + key + "]\n").starts_with("x.toml:1:1: error: more than 32 dots"));
  EXPECT_EQ(refused("# ........................................ \n"), "accepted");
}

// As many levels as those two bounds let through to the parser.
TEST(Document, SurvivesTheDeepestThatTheParserTakes) {
  std::string text;
  for (int i = 0; i < 250; ++i) {
    text += "a";
    for (int dot = 0; dot < 32; ++dot) text += ".a";
    text += " = [\n{";
  }
  text += "a = 1";
  for (int i = 0; i < 250; ++i) text += "}]";
  EXPECT_NE(refused(text + "\n"), "accepted");
}

TEST(Document, BoundsTheLengthOfKeys) {
  const std::string key(Document::max_size / 2, 'k');
  std::string text = "[" + key + "]\n";
  while (text.size() < Document::max_size - 20) text += fmt::format("a{} = 1\n", text.size());
  EXPECT_NE(refused(text).find("error: the keys that lead here are too long"), std::string::npos);
}

}  // namespace
}  // namespace faultline
