#include "harness/util/time.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(Duration, ReadsWhatUsersWrite) {
  EXPECT_EQ(parse_duration("63s"), 63s);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("200ms"), 200ms);
  EXPECT_EQ(parse_duration("50us"), 50us);
  EXPECT_EQ(parse_duration("2min"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("24d"), 24 * 24h);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text : {"", "s", "63", "-1s", "+1s", "1 s", "1m", "1e3s", "inf", "nan", "1.2.3s",
                           "99999999999h", "1s "})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, WritesTheShortestFaithfulForm) {
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(63s), "63s");
  EXPECT_EQ(format_duration(65551ms), "65.551s");
  EXPECT_EQ(format_duration(204ms), "204ms");
  EXPECT_EQ(format_duration(1500us), "1.5ms");
  EXPECT_EQ(format_duration(42us), "42us");
  EXPECT_EQ(format_duration(7875s), "2h 11min 15s");
  EXPECT_EQ(format_duration(24h), "1d");
  EXPECT_EQ(format_duration(-2s), "-2s");
}

TEST(Duration, RoundTrips) {
  for (const Nanos d : {Nanos(1us), Nanos(999us), Nanos(63s), Nanos(599s)})
    EXPECT_EQ(parse_duration(format_duration(d)), d);
}

}  // namespace
}  // namespace faultline
