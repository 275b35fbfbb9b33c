#include "reports/status_line.hpp"

#include <gtest/gtest.h>

#include "reports/safe_text.hpp"

namespace faultline {
namespace {

TEST(TimeLeft, IsTheGreatestRemainingPrediction) {
  EXPECT_EQ(time_left({.running = {{"a", 60s, 20s}, {"b", 10s, 1s}}, .jobs = 2}), 40s);
  EXPECT_EQ(time_left({.running = {{"a", 60s, 80s}}, .jobs = 2}), 0s);
  EXPECT_EQ(time_left({}), 0s);
}

TEST(TimeLeft, TheQueueIsTakenByWhoIsFreeFirst) {
  const std::vector<RunningVariant> running{{"a", 60s, 20s}, {"b", 10s, 5s}};  // 40 s and 5 s
  EXPECT_EQ(time_left({.running = running, .queued = {30s}, .jobs = 2}), 40s);
  EXPECT_EQ(time_left({.running = running, .queued = {30s, 10s}, .jobs = 2}), 45s);
  EXPECT_EQ(time_left({.running = running, .queued = {30s}, .jobs = 3}), 40s);
  EXPECT_EQ(time_left({.queued = {30s, 30s, 30s}, .jobs = 2}), 60s);
  EXPECT_EQ(time_left({.queued = {30s, 30s, 30s}, .jobs = 0}), 90s);
}

const Progress progress{.done = 3,
                        .total = 41,
                        .failed = 1,
                        .running = {{"close/fin-lost[ipv4]", 60s, 20500ms}},
                        .jobs = 2};

TEST(StatusLine, SaysHowFarItIsAndWhatRuns) {
  EXPECT_EQ(status_line(progress, 80), "[3/41] 1 failed · close/fin-lost[ipv4] · about 40s left");
  Progress fine = progress;
  fine.failed = 0;
  fine.running.push_back({"data/window[ipv6]", 3h, 0s});
  EXPECT_EQ(status_line(fine, 80),
            "[3/41] close/fin-lost[ipv4], data/window[ipv6] · about 3h left");
}

TEST(StatusLine, TheNamesLoseTheirMiddleFirst) {
  EXPECT_EQ(status_line(progress, 50), "[3/41] 1 failed · close/f…t[ipv4] · about 40s left");
  EXPECT_EQ(status_line(progress, 20), "[3/41] 1 f… 40s left");
}

TEST(StatusLine, IsNeverWiderThanTheTerminal) {
  Progress many = progress;
  many.total = 1000;
  for (int i = 0; i < 100; ++i) many.running.push_back({"handshake/é\x1b[2J", 5s, 0s});
  for (int width = 0; width < 200; ++width) {
    const std::string line = status_line(many, width);
    EXPECT_LE(columns(line), width);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
  }
}

TEST(StatusLine, OverdueIsAnyMomentAndDoneSaysNothing) {
  Progress late = progress;
  late.running[0].elapsed = 70s;
  EXPECT_TRUE(status_line(late, 80).ends_with(" · any moment"));
  EXPECT_EQ(status_line({.done = 41, .total = 41}, 80), "[41/41]");
}

}  // namespace
}  // namespace faultline
