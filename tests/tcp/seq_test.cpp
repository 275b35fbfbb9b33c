#include "harness/tcp/seq.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

TEST(Seq, WrapsAround) {
  EXPECT_EQ(Seq(0xffffffff) + 2, Seq(1));
}

TEST(Seq, DistanceIsSignedAcrossTheWrap) {
  EXPECT_EQ(distance(Seq(0xfffffff0), Seq(0x10)), 0x20);
  EXPECT_EQ(distance(Seq(0x10), Seq(0xfffffff0)), -0x20);
  EXPECT_EQ(distance(Seq(7), Seq(7)), 0);
  EXPECT_EQ(distance(Seq(0), Seq(0x7fffffff)), 0x7fffffff);
}

}  // namespace
}  // namespace faultline
