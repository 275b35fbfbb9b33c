// --solve: few changes, small ones, and clear words where there are none.
#include "harness/tune/solve.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "harness/tune/knobs.hpp"

namespace faultline {
namespace {

using Words = std::vector<std::string>;

const TuneKernel linux_6_12{.name = "Linux 6.12", .version = {6, 12}, .hz = 250};

std::vector<Requirement> goals_of(const Words& texts) {
  std::vector<Requirement> goals;
  for (const std::string& text : texts) goals.push_back(*parse_requirement(text));
  return goals;
}

SysctlFiles files_with(const std::string& text) {
  return read_sysctl_files({{"a.conf", text}}, 250).value_or(SysctlFiles{});
}

Words solved(const Words& goals, const std::string& text = "",
             const std::vector<TuneKernel>& kernels = {linux_6_12}) {
  const auto changes = solve(goals_of(goals), files_with(text), kernels);
  if (!changes) return {changes.error().what};
  Words all;
  for (const Setting& change : *changes)
    all.push_back(change.key.substr(change.key.rfind('.') + 1) + " = " + change.value);
  return all;
}

TEST(Solve, OneSysctlForOneGoal) {
  EXPECT_EQ(solved({"connect <= 10s"}), Words{"tcp_syn_retries = 2"});
  EXPECT_EQ(solved({"connect <= 10s", "dead-peer <= 60s"}),
            (Words{"tcp_syn_retries = 2", "tcp_retries2 = 7"}));
  EXPECT_EQ(solved({"synack >= 2min"}), Words{"tcp_synack_retries = 6"});
  EXPECT_EQ(solved({"orphan <= 10s"}), Words{"tcp_orphan_retries = 4"});
}

TEST(Solve, NothingWhereAllIsMet) {
  EXPECT_TRUE(solved({"connect <= 3min", "keepalive <= 3h", "time-wait <= 63s"}).empty());
  EXPECT_TRUE(solved({"connect <= 20s"}, "net.ipv4.tcp_syn_retries = 3").empty());
}

TEST(Solve, StartsFromTheFiles) {
  // 1 + 4 linear ones is 3 s, and 2 is the first that takes longer than 5 s.
  EXPECT_EQ(solved({"connect >= 5s"}, "net.ipv4.tcp_syn_retries = 1"),
            Words{"tcp_syn_retries = 6"});
}

TEST(Solve, SeveralWhereOneDoesNotDo) {
  const Words changes = solved({"keepalive <= 60s"});
  EXPECT_EQ(changes.size(), 2);
  EXPECT_EQ(solved({"keepalive <= 10s"}).size(), 3);
}

// Of the pairs that meet the goal none is nearer to the defaults by much: the search tries round
// values of one of them only.
TEST(Solve, IsNearTheBestPair) {
  const auto changes = solve(goals_of({"keepalive <= 60s"}), {}, {linux_6_12});
  ASSERT_TRUE(changes);
  const auto distance_of = [](int64_t time, int64_t interval) {
    return find_knob("tcp_keepalive_time")->distance(time) +
           find_knob("tcp_keepalive_intvl")->distance(interval);
  };
  double best = 1e9;
  for (int64_t interval = 1; interval <= 6; ++interval)
    for (int64_t time = 1; time + 9 * interval < 60; ++time) {
      auto sysctls = kernel_defaults({6, 12});
      sysctls["net.ipv4.tcp_keepalive_time"] = std::to_string(time);
      sysctls["net.ipv4.tcp_keepalive_intvl"] = std::to_string(interval);
      const auto end =
          predict_end(*find_behaviour("keepalive"), tuning_inputs(sysctls, linux_6_12));
      if (end->high <= 60s) best = std::min(best, distance_of(time, interval));
    }
  std::map<std::string, int64_t> found;
  for (const Setting& change : *changes) found[change.key] = std::stoll(change.value);
  ASSERT_TRUE(found.contains("net.ipv4.tcp_keepalive_time"));
  ASSERT_TRUE(found.contains("net.ipv4.tcp_keepalive_intvl"));
  EXPECT_DOUBLE_EQ(
      distance_of(found["net.ipv4.tcp_keepalive_time"], found["net.ipv4.tcp_keepalive_intvl"]),
      best);
}

TEST(Solve, BothSidesOfATime) {
  EXPECT_EQ(solved({"fin-wait-2 <= 43.1s", "fin-wait-2 >= 41s"}), Words{"tcp_fin_timeout = 41"});
  EXPECT_EQ(solved({"fin-wait-2 >= 110s"}), Words{"tcp_fin_timeout = 120"})
      << "not 115, which lasts that long by accident";
}

TEST(Solve, HoldsOnEveryKernel) {
  const TuneKernel old{.name = "uml-6.1", .version = {6, 1}, .hz = 1000};
  EXPECT_EQ(solved({"connect <= 16s"}, "", {old}), Words{"tcp_syn_retries = 3"});
  EXPECT_EQ(solved({"connect <= 16s"}, "", {old, linux_6_12}), Words{"tcp_syn_retries = 2"});
}

TEST(Solve, SharedSysctlsServeAllGoals) {
  EXPECT_EQ(solved({"dead-peer <= 2min", "half-close >= 30s"}), Words{"tcp_retries2 = 8"});
}

TEST(Solve, GoalsThatContradict) {
  const auto result =
      solve(goals_of({"connect <= 5s", "dead-peer <= 1min", "connect >= 10s"}), {}, {linux_6_12});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is_contradiction);
  EXPECT_EQ(result.error().what, "'connect <= 5s' and 'connect >= 10s' contradict each other");
  EXPECT_FALSE(solve(goals_of({"connect < 5s", "connect >= 5s"}), {}, {linux_6_12}));
}

TEST(Solve, WhatNoSettingReaches) {
  const auto result = solve(goals_of({"connect <= 2s"}), {}, {linux_6_12});
  ASSERT_FALSE(result);
  EXPECT_FALSE(result.error().is_contradiction);
  EXPECT_EQ(result.error().what,
            "'connect <= 2s' cannot be met; the nearest is connect 3.02 to 3.05 s, with "
            "tcp_syn_linear_timeouts = 0, tcp_syn_retries = 1");
  EXPECT_EQ(
      solved({"time-wait <= 30s"}),
      Words{"'time-wait <= 30s' cannot be met: there is no sysctl to turn for it; time-wait 60 "
            "to 62 s"});
}

TEST(Solve, WhatCannotBeMetTogether) {
  const Words told = solved({"dead-peer <= 10s", "half-close >= 30s"});
  ASSERT_EQ(told.size(), 1);
  EXPECT_TRUE(told[0].starts_with(
      "'dead-peer <= 10s' and 'half-close >= 30s' cannot be met together; the nearest is "))
      << told[0];
  EXPECT_TRUE(told[0].contains("tcp_retries2 = ")) << told[0];
}

TEST(Knobs, RoundValuesBeginWithTheDefault) {
  for (const char* name : {"tcp_syn_retries", "tcp_keepalive_time", "tcp_keepalive_intvl",
                           "tcp_keepalive_probes", "tcp_rto_max_ms", "tcp_orphan_retries"}) {
    const Knob* knob = find_knob(name);
    ASSERT_TRUE(knob) << name;
    const auto values = knob->round_values();
    EXPECT_EQ(values.front(), knob->standard) << name;
    EXPECT_LE(values.size(), 128) << name;
    EXPECT_TRUE(std::ranges::is_sorted(knob->values)) << name;
  }
  EXPECT_FALSE(find_knob("tcp_sack"));
}

}  // namespace
}  // namespace faultline
