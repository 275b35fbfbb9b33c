#include "harness/drive/stderr_tail.hpp"

#include <gtest/gtest.h>

namespace faultline::drive {
namespace {

using Texts = std::vector<std::string>;

TEST(StderrTail, KeepsTheLastLines) {
  StderrTail tail;
  EXPECT_TRUE(tail.lines().empty());
  for (int i = 0; i < 30; ++i) tail.feed(std::to_string(i) + "\n\n");
  ASSERT_EQ(tail.lines().size(), StderrTail::most_lines);
  EXPECT_EQ(tail.lines().front(), "10");
  tail.feed("last");
  ASSERT_EQ(tail.lines().size(), StderrTail::most_lines);
  EXPECT_EQ(tail.lines().back(), "last");
}

TEST(StderrTail, CutsALineWithoutAnEnd) {
  StderrTail tail;
  for (int i = 0; i < 1000; ++i) tail.feed(std::string(1000, 'x'));
  EXPECT_EQ(tail.lines(), Texts{std::string(StderrTail::most_bytes, 'x')});
}

TEST(StderrTail, MakesItPrintable) {
  StderrTail tail;
  tail.feed("a\x1b\tb\xc3\n");
  EXPECT_EQ(tail.lines(), Texts{"a?\tb?"});
}

}  // namespace
}  // namespace faultline::drive
