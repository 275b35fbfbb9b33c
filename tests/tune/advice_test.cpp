// What is said of settings that do not do what people think, and that nothing is said where they
// do.
#include "harness/tune/advice.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace faultline {
namespace {

std::vector<std::string> about(const std::string& text, KernelVersion version = {6, 12}) {
  const auto files = read_sysctl_files({{"a.conf", text}}, 250);
  std::vector<std::string> all;
  if (!files) {
    ADD_FAILURE() << to_string(files.error().front());
    return all;
  }
  for (const Remark& remark : advice(*files, in_force(*files, {.version = version})))
    all.push_back(to_string(remark.place) + ": " + remark.what);
  return all;
}

// "" where there is not exactly one.
std::string only(const std::string& text, KernelVersion version = {6, 12}) {
  const auto all = about(text, version);
  return all.size() == 1 ? all.front() : "";
}

bool any_says(const std::vector<std::string>& all, const std::string& part) {
  return std::ranges::any_of(all, [&](const std::string& one) { return one.contains(part); });
}

TEST(Advice, NothingIsSaidOfDefaultsAndOfWhatDoesWhatItSays) {
  EXPECT_TRUE(about("").empty());
  EXPECT_TRUE(about("net.ipv4.tcp_fin_timeout = 60\nnet.ipv4.tcp_retries2 = 15\n").empty());
  EXPECT_TRUE(about("net.ipv4.tcp_synack_retries = 2").empty());
  EXPECT_TRUE(about("net.ipv4.tcp_syn_retries = 6\nnet.ipv4.tcp_syn_linear_timeouts = 4").empty());
  EXPECT_TRUE(about("net.ipv4.tcp_keepalive_time = 7200").empty());
  EXPECT_TRUE(about("net.ipv4.tcp_syn_retries = 2", {6, 1}).empty());
}

TEST(Advice, FinTimeoutIsNotTimeWaits) {
  EXPECT_EQ(
      only("\nnet.ipv4.tcp_fin_timeout = 15"),
      "a.conf:2: tcp_fin_timeout does nothing to TIME_WAIT, which lasts 60 s whatever is set; "
      "it bounds FIN_WAIT_2 of closed sockets");
}

TEST(Advice, FinTimeoutAboveSixtySeconds) {
  const auto at = [](int seconds) {
    return about("net.ipv4.tcp_fin_timeout = " + std::to_string(seconds));
  };
  EXPECT_TRUE(any_says(at(70), "with 70 FIN_WAIT_2 lasts 20 s, less than with 60"));
  EXPECT_TRUE(any_says(at(89), "with 89 FIN_WAIT_2 lasts 58 s, less than with 60"));
  EXPECT_TRUE(any_says(at(90), "with 90 FIN_WAIT_2 lasts 60 s"));
  EXPECT_FALSE(any_says(at(90), "less than"));
  EXPECT_TRUE(any_says(at(119), "lasts 118 s"));
  EXPECT_FALSE(any_says(at(120), "twice"));
  EXPECT_TRUE(any_says(at(300), "lasts 480 s"));
  EXPECT_FALSE(any_says(at(59), "twice"));
}

TEST(Advice, OrphanRetries) {
  EXPECT_TRUE(only("net.ipv4.tcp_orphan_retries = 0").ends_with("it means 8"));
  const auto three = about("net.ipv4.tcp_retries2 = 8\nnet.ipv4.tcp_orphan_retries = 3");
  EXPECT_TRUE(any_says(three,
                       "a.conf:2: tcp_orphan_retries is about sockets that were closed; FINs "
                       "and data of sockets that an application still holds end by "
                       "tcp_retries2 = 8 (a.conf:1)"));
  EXPECT_TRUE(any_says(three,
                       "a.conf:2: tcp_orphan_retries = 3 is a time, not a number of packets: it "
                       "stands for 3 s after"));
  EXPECT_FALSE(any_says(three, "it means 8"));
}

TEST(Advice, RetriesAreTime) {
  EXPECT_TRUE(only("net.ipv4.tcp_retries2 = 8")
                  .contains("= 8 is a time, not a number of packets: it stands for 102 s "));
  EXPECT_TRUE(only("net.ipv4.tcp_retries2 = 5").contains("it stands for 12.6 s after"));
  // tcp_rto_max_ms cuts them.
  EXPECT_TRUE(any_says(about("net.ipv4.tcp_retries2 = 14\nnet.ipv4.tcp_rto_max_ms = 1000", {6, 18}),
                       "13.4 s"));
}

TEST(Advice, LinearTimeoutsAreAdded) {
  EXPECT_EQ(only("net.ipv4.tcp_syn_retries = 3"),
            "a.conf:1: tcp_syn_linear_timeouts = 4 (default) is added to tcp_syn_retries = 3 "
            "(a.conf:1): 8 SYNs and 19.3 to 19.6 s, without it 4 SYNs and 15.2 to 15.5 s");
  EXPECT_TRUE(about("net.ipv4.tcp_syn_retries = 3\nnet.ipv4.tcp_syn_linear_timeouts = 0").empty());
  EXPECT_TRUE(only("net.ipv4.tcp_syn_linear_timeouts = 2\nnet.ipv4.tcp_syn_retries = 3")
                  .starts_with("a.conf:2: tcp_syn_linear_timeouts = 2 (a.conf:1) is added"));
  EXPECT_TRUE(
      only("net.ipv4.tcp_syn_linear_timeouts = 2").contains("tcp_syn_retries = 6 (default)"));
}

TEST(Advice, ReuseNeedsTimestamps) {
  EXPECT_TRUE(about("net.ipv4.tcp_tw_reuse = 1").empty());
  EXPECT_TRUE(about("net.ipv4.tcp_tw_reuse = 0\nnet.ipv4.tcp_timestamps = 0").empty());
  EXPECT_EQ(only("net.ipv4.tcp_timestamps = 0\nnet.ipv4.tcp_tw_reuse = 1"),
            "a.conf:2: tcp_tw_reuse reuses nothing without timestamps, and tcp_timestamps is 0 "
            "(a.conf:1)");
}

TEST(Advice, KeepaliveNeedsSoKeepaliveAndSaysSoOnce) {
  const std::string all = only(
      "net.ipv4.tcp_keepalive_probes = 3\nnet.ipv4.tcp_keepalive_intvl = 5\n"
      "net.ipv4.tcp_keepalive_time = 60\n");
  EXPECT_TRUE(
      all.starts_with("a.conf:1: tcp_keepalive_* counts for sockets with SO_KEEPALIVE only"))
      << all;
  EXPECT_FALSE(only("net.ipv4.tcp_keepalive_time = 60").empty());
  EXPECT_TRUE(only("net.ipv4.tcp_keepalive_time = 7200\nnet.ipv4.tcp_keepalive_intvl = 5")
                  .starts_with("a.conf:2: "))
      << "what is set to its default changes nothing";
}

TEST(Advice, WhatTheKernelLacks) {
  EXPECT_EQ(only("net.ipv4.tcp_syn_linear_timeouts = 0", {6, 1}),
            "a.conf:1: Linux 6.1 has no tcp_syn_linear_timeouts, which came with 6.5: sysctl(8) "
            "refuses this line there");
}

TEST(Advice, ComesInTheOrderOfTheFiles) {
  const auto files = read_sysctl_files({{"b.conf", "\nnet.ipv4.tcp_keepalive_time = 60"},
                                        {"a.conf", "net.ipv4.tcp_fin_timeout = 5"}},
                                       250);
  ASSERT_TRUE(files);
  const auto all = advice(*files, in_force(*files, {.version = {6, 12}}));
  ASSERT_EQ(all.size(), 2);
  EXPECT_EQ(to_string(all[0].place), "b.conf:2");
  EXPECT_EQ(to_string(all[1].place), "a.conf:1");
}

}  // namespace
}  // namespace faultline
