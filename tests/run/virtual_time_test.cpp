// When cases begin in virtual time, and which guest they go to.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/run/guest_plan.hpp"
#include "harness/run/shares.hpp"
#include "harness/run/start_time.hpp"

namespace faultline {
namespace {

TEST(NextStart, IsWhereJiffiesStandTheSame) {
  for (const int hz : {100, 250, 1000}) {
    const Nanos distance = Nanos(1s) * jiffies_between_starts / hz;
    EXPECT_EQ(next_start(0ns, hz), 5min + distance) << hz;
    EXPECT_EQ(next_start(5min + distance, hz), 5min + distance) << hz;
    EXPECT_EQ(next_start(5min + distance + 1ns, hz), 5min + 2 * distance) << hz;
    EXPECT_EQ(next_start(5min + 7 * distance - 1ns, hz), 5min + 7 * distance) << hz;
  }
}

class Shares : public testing::Test {
 protected:
  // So many variants, each of another case.
  std::vector<Variant> variants(const std::vector<Nanos>& predicted) {
    cases_.resize(predicted.size());
    std::vector<Variant> all;
    for (size_t i = 0; i < predicted.size(); ++i) {
      cases_[i].id = std::to_string(i);
      all.push_back({.the_case = &cases_[i], .predicted = predicted[i]});
    }
    return all;
  }
  std::vector<Case> cases_;
};

Nanos cost(const std::vector<Variant>& share) {
  Nanos sum{};
  for (const Variant& one : share) sum += predicted_cost(one);
  return sum;
}

TEST_F(Shares, HoldEveryVariantOnceInOrder) {
  const auto shares = share_out(variants(std::vector<Nanos>(500, 1min)), 2);
  std::set<std::string> seen;
  for (const auto& share : shares) {
    EXPECT_LE(share.size(), most_in_guest);
    EXPECT_TRUE(std::ranges::is_sorted(
        share, {}, [](const Variant& one) { return std::stoi(one.the_case->id); }));
    for (const Variant& one : share) EXPECT_TRUE(seen.insert(one.the_case->id).second);
  }
  EXPECT_EQ(seen.size(), 500);
  EXPECT_EQ(shares.size() % 2, 0) << "both guests are busy to the end";
}

TEST_F(Shares, CostAboutTheSame) {
  std::vector<Nanos> predicted(60, 1s);
  predicted[0] = 24 * 24h;
  const auto shares = share_out(variants(predicted), 2);
  ASSERT_EQ(shares.size(), 2);
  EXPECT_GE(cost(shares[0]), cost(shares[1])) << "the dearest first";
  EXPECT_EQ(shares[0].size() + shares[1].size(), 60);
  EXPECT_LT(shares[0].size(), shares[1].size()) << "a long case leaves room for fewer others";
}

TEST_F(Shares, AreNoMoreThanThereAreVariants) {
  EXPECT_EQ(share_out(variants({1s, 2s, 3s}), 8).size(), 3);
  EXPECT_TRUE(share_out({}, 8).empty());
}

TEST(GuestPlan, IsReadAsItWasWritten) {
  GuestPlan plan{.side_by_side = 3, .try_options = true};
  plan.jobs.push_back({{.case_id = "a/b", .case_text = "title = \"x\"\nline\n"}, 7s});
  plan.jobs.push_back({{.case_id = "c", .virtual_time = true, .free_computing = true}, 1min});
  const auto read = plan_from_text(to_text(plan));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->side_by_side, 3);
  EXPECT_TRUE(read->try_options);
  ASSERT_EQ(read->jobs.size(), 2);
  EXPECT_EQ(read->jobs[0].job.case_text, "title = \"x\"\nline\n");
  EXPECT_EQ(read->jobs[0].longest, 7s);
  EXPECT_FALSE(read->jobs[0].job.virtual_time);
  EXPECT_TRUE(read->jobs[1].job.virtual_time);
  EXPECT_TRUE(read->jobs[1].job.free_computing);
}

TEST(GuestPlan, ThatIsCutShortIsRefused) {
  GuestPlan plan;
  plan.jobs.resize(2);
  const std::string text = to_text(plan);
  EXPECT_FALSE(plan_from_text(""));
  EXPECT_FALSE(plan_from_text("0 0 0\n"));
  EXPECT_FALSE(plan_from_text(text.substr(0, text.size() / 2)));
}

}  // namespace
}  // namespace faultline
