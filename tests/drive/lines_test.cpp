#include "harness/drive/lines.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace faultline::protocol {
namespace {

struct Cut {
  std::string text;
  bool too_long;
  bool operator==(const Cut&) const = default;
};

class Lines : public testing::Test {
 protected:
  std::vector<Cut> feed(std::string_view bytes) {
    std::vector<Cut> cuts;
    splitter_.feed(bytes, [&](std::string_view line, bool too_long) {
      cuts.push_back({std::string(line), too_long});
      return true;
    });
    return cuts;
  }
  LineSplitter splitter_;
};

TEST_F(Lines, AreCutWhereverTheReadEnds) {
  EXPECT_TRUE(feed("ab").empty());
  EXPECT_EQ(feed("c\n\nd"), (std::vector<Cut>{{"abc", false}, {"", false}}));
  EXPECT_EQ(feed("\n"), (std::vector<Cut>{{"d", false}}));
}

TEST_F(Lines, OfExactlyTheLimitPassAndOneByteMoreIsReportedOnce) {
  const std::string longest(max_line, 'x');
  EXPECT_EQ(feed(longest + "\n"), (std::vector<Cut>{{longest, false}}));
  EXPECT_EQ(feed(longest + "y\nz\n"), (std::vector<Cut>{{longest, true}, {"z", false}}));
}

TEST_F(Lines, ThatNeverEndAreReportedAtTheLimitAndThenSkipped) {
  const std::string part(max_line, 'x');
  EXPECT_TRUE(feed(part).empty());
  EXPECT_EQ(feed("x"), (std::vector<Cut>{{part, true}}));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(feed(part).empty());
  EXPECT_EQ(feed("x\nok\n"), (std::vector<Cut>{{"ok", false}}));
}

TEST_F(Lines, EndWhereTheReaderHasHadEnough) {
  int seen = 0;
  EXPECT_FALSE(splitter_.feed("a\nb\nc\n", [&](std::string_view, bool) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

TEST(Excerpt, IsShortAndPrintable) {
  EXPECT_EQ(excerpt("a\x1b[31m\xff"), "a?[31m?");
  EXPECT_EQ(excerpt(std::string(100, 'x')), std::string(80, 'x') + "…");
}

}  // namespace
}  // namespace faultline::protocol
