#include "harness/timers/wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace faultline {
namespace {

TEST(Wheel, AJiffyIsOneTick) {
  EXPECT_EQ(jiffy(100), 10ms);
  EXPECT_EQ(jiffy(250), 4ms);
  EXPECT_EQ(jiffy(1000), 1ms);
}

TEST(Wheel, RoundsIntervalsUpToJiffies) {
  EXPECT_EQ(to_jiffies(200ms, 250), 50);
  EXPECT_EQ(to_jiffies(200ms + 1us, 250), 51);
  EXPECT_EQ(to_jiffies(0s, 250), 0);
  EXPECT_EQ(to_jiffies(24 * 24h, 1000), 24LL * 86'400'000);
  EXPECT_EQ(to_jiffies(1s, 300), 300);
  EXPECT_EQ(from_jiffies(51, 250), 204ms);
  EXPECT_EQ(from_jiffies(300, 300), 1s);
}

TEST(Wheel, ASlotGrowsEightfoldAtEachLevel) {
  EXPECT_EQ(slot_width(1), 1);
  EXPECT_EQ(slot_width(62), 1);
  EXPECT_EQ(slot_width(63), 8);
  EXPECT_EQ(slot_width(503), 8);
  EXPECT_EQ(slot_width(504), 64);
  EXPECT_EQ(slot_width(4032), 512);
  EXPECT_EQ(slot_widths(504).narrow, 8);
  EXPECT_EQ(slot_widths(504).wide, 64);
  EXPECT_EQ(slot_widths(505).narrow, 64);
}

TEST(Wheel, GranulesAreTheMeasuredOnes) {
  struct {
    int hz;
    Nanos interval, granule;
  } const rows[] = {
      {1000, 200ms, 8ms},  {1000, 1s, 64ms},     {1000, 4s, 64ms},        {1000, 32s, 512ms},
      {1000, 75s, 4096ms}, {1000, 120s, 4096ms}, {1000, 7200s, 262144ms}, {250, 200ms, 4ms},
      {250, 1s, 32ms},     {250, 2s, 32ms},      {250, 4s, 256ms},        {250, 16s, 256ms},
      {250, 32s, 2048ms},  {250, 120s, 2048ms},  {250, 7200s, 131072ms},  {100, 200ms, 10ms},
      {100, 1s, 80ms},     {100, 4s, 80ms},      {100, 8s, 640ms},        {100, 32s, 640ms},
      {100, 60s, 5120ms},  {100, 120s, 5120ms},  {100, 7200s, 327680ms}};
  for (const auto& row : rows)
    EXPECT_EQ(granule(row.interval, row.hz), row.granule)
        << row.hz << " Hz, " << format_duration(row.interval);
}

// A timer fires strictly after its interval and at the latest a granule later; both are reached.
TEST(Wheel, TheBoundsOfOneTimerHoldForEveryPhaseAndAreReached) {
  for (const int64_t n : {1, 51, 63, 200, 250, 503, 504, 1250, 5000}) {
    const Bounds bounds = timer_bounds(from_jiffies(n, 250), 250);
    int64_t least = 1 << 30, most = 0;
    for (int64_t phase = 0; phase < 4096; ++phase) {
      const int64_t after = fires_at(phase, n, slot_width(n)) - phase;
      least = std::min(least, after);
      most = std::max(most, after);
    }
    EXPECT_EQ(bounds.low, from_jiffies(least - 1, 250)) << n;
    EXPECT_EQ(bounds.high, from_jiffies(most, 250)) << n;
  }
}

TEST(Wheel, AnOddIntervalIsRoundedUpFirst) {
  EXPECT_EQ(timer_bounds(201ms, 250), (Bounds{204ms, 208ms}));
  EXPECT_EQ(timer_bounds(0s, 250), (Bounds{0s, 4ms}));
}

TEST(Wheel, ASumAddsUp) {
  const std::array<Nanos, 3> parts{1s, 2s, 4s};
  EXPECT_EQ(of_sum(parts, 250), (Bounds{7s, 7s + 32ms + 32ms + 256ms}));
  EXPECT_EQ(of_sum({}, 250), Bounds{});
}

TEST(Wheel, AChainIsTighterThanItsSum) {
  const std::array<Nanos, 3> parts{10s, 10s, 10s};
  const std::array<int64_t, 3> jiffies{2500, 2500, 2500};
  const Bounds sum = of_sum(parts, 250), chain = chain_bounds(jiffies, 250);
  EXPECT_GT(chain.low, sum.low);
  EXPECT_LT(chain.high, sum.high);
  EXPECT_EQ(chain_bounds({}, 250), Bounds{});
  const std::array<int64_t, 1> one{2500};
  EXPECT_EQ(chain_bounds(one, 250), timer_bounds(10s, 250));
}

// Every phase, one by one.
Bounds of_every_phase(std::span<const int64_t> intervals, int hz) {
  int64_t phases = 1, least = std::numeric_limits<int64_t>::max(), most = 0;
  for (const int64_t interval : intervals) phases = std::max(phases, slot_width(interval));
  for (int64_t phase = 0; phase < phases; ++phase) {
    int64_t early = phase, late = phase;
    for (const int64_t interval : intervals) {
      early = fires_at(early, interval, slot_widths(interval).narrow);
      late = fires_at(late, interval, slot_widths(interval).wide);
    }
    least = std::min(least, early - phase);
    most = std::max(most, late - phase);
  }
  return {from_jiffies(least - 1, hz), from_jiffies(most, hz)};
}

TEST(Wheel, AChainHasTheExtremesOfAllPhases) {
  const std::array<int64_t, 8> some{1, 50, 63, 504, 505, 2500, 4032, 32256};
  for (const int64_t a : some)
    for (const int64_t b : some) {
      const std::array<int64_t, 2> chain{a, b};
      EXPECT_EQ(chain_bounds(chain, 250), of_every_phase(chain, 250)) << a << ", " << b;
    }
}

TEST(Wheel, TheWorstCompositionCoversEveryOther) {
  for (const int hz : {100, 250, 1000})
    for (const Nanos part : {Nanos(100ms), Nanos(200ms), Nanos(1s), Nanos(2100ms), Nanos(9s),
                             Nanos(40s), Nanos(120s)}) {
      const std::vector<Nanos> parts(10, part);
      const Bounds worst = worst_composition(10 * part, hz), sum = of_sum(parts, hz);
      EXPECT_LE(worst.low, sum.low);
      EXPECT_GE(worst.high, sum.high) << hz << " Hz, 10 times " << format_duration(part);
    }
  // The worst there is: just at the edge of a level.
  EXPECT_GE(worst_composition(from_jiffies(504, 1000), 1000).high, from_jiffies(504 + 64, 1000));
  EXPECT_LE(worst_composition(63s, 250).high, 63s + 8s + 8ms + 1us);
}

}  // namespace
}  // namespace faultline
