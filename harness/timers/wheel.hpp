// The timer wheel behind every classic Linux timer (RTO, probe, keepalive, SYN-ACK, TIME_WAIT,
// delayed ACK): kernel/time/timer.c, calc_wheel_index() and calc_index(), since 4.8.
//
// A timer set for n jiffies goes to a level whose slots are g = 8^k jiffies wide: level k takes
// intervals of 63·8^(k-1) up to 63·8^k jiffies. It fires at the first multiple of g *after* its
// nominal expiry, so it is never early and 1 to g jiffies late, according to where jiffies stood
// when it was set. From 63 jiffies on g is at most 8/63 (12.7 %) of the interval.
#pragma once

#include <cstdint>
#include <span>

#include "harness/util/time.hpp"

namespace faultline {

// The earliest and the latest that something can be.
struct Bounds {
  Nanos low{}, high{};
  [[nodiscard]] bool contains(Nanos time) const { return low <= time && time <= high; }
  [[nodiscard]] bool operator==(const Bounds&) const = default;
};
// One after the other.
[[nodiscard]] constexpr Bounds operator+(Bounds a, Bounds b) {
  return {a.low + b.low, a.high + b.high};
}
// Either.
[[nodiscard]] constexpr Bounds hull(Bounds a, Bounds b) {
  return {a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high};
}

// One tick. REQUIRES: 1 <= hz <= 1200, here and below.
[[nodiscard]] Nanos jiffy(int hz);

// Whole jiffies, rounded up as usecs_to_jiffies() and msecs_to_jiffies() do (kernel/time/time.c).
[[nodiscard]] int64_t to_jiffies(Nanos interval, int hz);
[[nodiscard]] Nanos from_jiffies(int64_t jiffies, int hz);

// So many jiffies at least and at most.
struct Interval {
  int64_t low = 0, high = 0;
};

// The width in jiffies of the slots where a timer set for so many jiffies waits. (Beyond the
// wheel's capacity, 15 days at 100 Hz and 12 at 1000, Linux shortens the interval; no timer of TCP
// is so long.)
[[nodiscard]] int64_t slot_width(int64_t jiffies);

// An interval of exactly 63·8^k jiffies waits on either of two levels: inside a timer's callback
// the wheel stands a jiffy ahead (__run_timers), and the interval is measured from there.
struct SlotWidths {
  int64_t narrow = 1, wide = 1;
};
[[nodiscard]] SlotWidths slot_widths(int64_t jiffies);

// The jiffy at which a timer fires that is set at jiffy `now`, for slots of that width.
[[nodiscard]] constexpr int64_t fires_at(int64_t now, int64_t interval, int64_t width) {
  return ((now + interval) / width + 1) * width;
}

// The slot's width as a time: the greatest lateness of one timer against its interval, once that is
// rounded up to whole jiffies. Looks for a timer that is due need not go on for longer than this.
[[nodiscard]] Nanos granule(Nanos interval, int hz);

// When one timer fires, from the moment it is set, wherever jiffies stand: never before `interval`.
[[nodiscard]] Bounds timer_bounds(Nanos interval, int hz);

// Timers each of which is set when the one before it fires: tighter than their sum, because a timer
// that fires on a slot's edge decides how late the next one is. The first is set at any time.
[[nodiscard]] Bounds chain_bounds(std::span<const int64_t> intervals_in_jiffies, int hz);

// Timers one after the other, with anything in between: their bounds add up.
[[nodiscard]] Bounds of_sum(std::span<const Nanos> intervals, int hz);

// The same where only the total is known, for any composition whose timers are 8 jiffies or longer:
// late by at most 8/63 of the total, and two jiffies for what does not come out in whole ones.
[[nodiscard]] Bounds worst_composition(Nanos total, int hz);

}  // namespace faultline
