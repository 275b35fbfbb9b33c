#include "harness/run/shard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace faultline {
namespace {

std::vector<Nanos> some_costs(size_t number, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Nanos> costs;
  for (size_t i = 0; i < number; ++i) costs.emplace_back(30'000'000 + random() % 1'000'000'000);
  return costs;
}

TEST(Shards, AreWrittenAsIOfN) {
  EXPECT_EQ(parse_shard("2/4")->index, 2U);
  EXPECT_EQ(parse_shard("2/4")->of, 4U);
  EXPECT_TRUE(parse_shard("1/1"));
  for (const char* wrong : {"", "1", "0/4", "5/4", "1/0", "/4", "1/", "a/4", "1/4 ", "-1/4",
                            "1/4/2", "1/10001", "1/99999999999999999999"})
    EXPECT_FALSE(parse_shard(wrong)) << wrong;
}

// Every one is in exactly one shard by construction; that shard must be there.
TEST(Shards, HaveEverythingBetweenThem) {
  for (size_t number = 0; number < 40; ++number)
    for (size_t shards = 1; shards <= 45; ++shards) {
      const auto numbers = shard_numbers(some_costs(number, 7), shards);
      ASSERT_EQ(numbers.size(), number);
      for (const size_t shard : numbers) ASSERT_TRUE(shard >= 1 && shard <= shards);
    }
}

TEST(Shards, AreTheSameForTheSameCosts) {
  const auto costs = some_costs(500, 3);
  EXPECT_EQ(shard_numbers(costs, 7), shard_numbers(costs, 7));
}

// None costs more than a fair part and the dearest of all.
TEST(Shards, CostAboutTheSame) {
  for (unsigned seed = 0; seed < 20; ++seed)
    for (const size_t shards : {2U, 3U, 8U, 50U}) {
      const auto costs = some_costs(300, seed);
      const auto numbers = shard_numbers(costs, shards);
      std::vector<Nanos> cost(shards);
      for (size_t i = 0; i < costs.size(); ++i) cost[numbers[i] - 1] += costs[i];
      const Nanos all = std::accumulate(costs.begin(), costs.end(), 0ns);
      const Nanos dearest = *std::ranges::max_element(costs);
      EXPECT_LE(*std::ranges::max_element(cost), all / static_cast<int>(shards) + dearest);
    }
}

TEST(Shards, OneDearCaseHasAShardForItself) {
  EXPECT_EQ(shard_numbers({1s, 1s, 100s, 1s}, 2), (std::vector<size_t>{2, 2, 1, 2}));
}

}  // namespace
}  // namespace faultline
