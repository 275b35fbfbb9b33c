#include "harness/compare/pairs.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using Pairs = std::vector<std::pair<size_t, size_t>>;

Identity of(const std::string& id, About sut = About::client, const std::string& column = "linux") {
  return {.case_id = id, .sut = sut, .column = column};
}

TEST(PairUp, ByCaseFamilyEndAndRepetition) {
  std::vector<Identity> a{of("x"), of("y"), of("z")}, b{of("z"), of("y"), of("x")};
  a[1].family = Family::ipv6;
  a[2].repetition = 2;
  const Pairing pairing = pair_up(a, b, false);
  EXPECT_EQ(pairing.pairs, (Pairs{{0, 2}}));
  EXPECT_EQ(pairing.only_a, (std::vector<size_t>{1, 2}));
  EXPECT_EQ(pairing.only_b, (std::vector<size_t>{0, 1}));
}

TEST(PairUp, BothEndsAtOnceBelongToEither) {
  const std::vector<Identity> a{of("x", About::both)},
      b{of("x", About::client), of("x", About::server)};
  EXPECT_EQ(pair_up(a, b, false).pairs, (Pairs{{0, 0}, {0, 1}}));
  EXPECT_EQ(pair_up(b, a, false).pairs, (Pairs{{0, 0}, {1, 0}}));
  EXPECT_EQ(pair_up(b, b, false).pairs, (Pairs{{0, 0}, {1, 1}}));
}

TEST(PairUp, StacksMayDifferWhereOnlyOneIsThere) {
  const std::vector<Identity> a{of("x", About::client, "linux")}, b{of("x", About::client, "lwip")};
  EXPECT_EQ(pair_up(a, b, false).pairs.size(), 1U);
  const Pairing pairing = pair_up(a, b, true);
  EXPECT_TRUE(pairing.pairs.empty());
  EXPECT_EQ(pairing.only_a.size(), 1U);
  EXPECT_EQ(pairing.only_b.size(), 1U);
}

}  // namespace
}  // namespace faultline
