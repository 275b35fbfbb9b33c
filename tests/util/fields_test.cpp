#include "harness/util/fields.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using nlohmann::json;

TEST(Fields, ReadsWhatIsThereAndNothingElse) {
  const json object{{"name", "a"}, {"n", 3}, {"on", true}, {"after", "2s"}, {"list", {"x", "y"}}};
  Fields fields(object, "/rule/0");
  EXPECT_EQ(fields.text("name"), "a");
  EXPECT_EQ(fields.integer("n", 0, 10), 3);
  EXPECT_EQ(fields.boolean("on"), true);
  EXPECT_EQ(fields.duration("after"), Nanos(2s));
  EXPECT_EQ(fields.texts("list"), (std::vector<std::string>{"x", "y"}));
  EXPECT_FALSE(fields.text("absent"));
  EXPECT_FALSE(fields.finish());
}

TEST(Fields, AnUnknownKeyIsAnErrorWithASuggestion) {
  const json object{{"flgas", "SYN"}};
  Fields fields(object, "/rule/0/match");
  (void)fields.text("flags");
  const auto error = fields.finish();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->at, "/rule/0/match/flgas");
  EXPECT_EQ(error->what, "unknown key 'flgas' (did you mean 'flags'?)");
  EXPECT_TRUE(error->key);
}

TEST(Fields, TheFirstErrorSticks) {
  const json object{{"a", 1}, {"b", 2}};
  Fields fields(object, "");
  EXPECT_FALSE(fields.text("a"));
  EXPECT_FALSE(fields.integer("b", 0, 5));
  EXPECT_EQ(fields.finish()->what, "expected a string, got an integer");
}

TEST(Fields, SaysTheRangeOfANumber) {
  const json object{{"n", 11}};
  Fields fields(object, "");
  EXPECT_FALSE(fields.integer("n", 1, 10));
  EXPECT_EQ(fields.finish()->what, "11 is out of range: it can be 1 to 10");
}

TEST(Fields, PointersEscapeWhatJsonPointersEscape) {
  const json object = json::object();
  EXPECT_EQ(Fields(object, "").pointer("a/b~c"), "/a~1b~0c");
}

TEST(Fields, WhatIsNoTableIsRefused) {
  const json value = 3;
  Fields fields(value, "/x");
  EXPECT_FALSE(fields.text("y"));
  EXPECT_EQ(fields.finish()->what, "expected a table, got an integer");
}

TEST(Fields, ANegativeDurationIsNone) {
  const json object{{"d", "-1s"}};
  Fields fields(object, "");
  EXPECT_FALSE(fields.duration("d"));
  EXPECT_EQ(fields.finish()->what,
            "'-1s' is not a duration; write one like \"63s\", \"200ms\" or \"2min\"");
}

}  // namespace
}  // namespace faultline
