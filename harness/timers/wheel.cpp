#include "harness/timers/wheel.hpp"

#include <algorithm>
#include <limits>

namespace faultline {
namespace {

constexpr int64_t second = 1'000'000'000;
constexpr int level_slots = 63;   // LVL_SIZE - 1: the slot of the present is never used
constexpr int highest_level = 8;  // LVL_DEPTH - 1

}  // namespace

Nanos jiffy(int hz) {
  return Nanos(second / hz);
}

int64_t to_jiffies(Nanos interval, int hz) {
  const int64_t whole = interval.count() / second, rest = interval.count() % second;
  return whole * hz + (rest * hz + second - 1) / second;
}

Nanos from_jiffies(int64_t jiffies, int hz) {
  return Nanos(jiffies / hz * second + jiffies % hz * second / hz);
}

int64_t slot_width(int64_t jiffies) {
  int64_t width = 1;
  for (int level = 0; level < highest_level && jiffies >= level_slots * width; ++level) width *= 8;
  return width;
}

SlotWidths slot_widths(int64_t jiffies) {
  return {slot_width(jiffies - 1), slot_width(jiffies)};
}

Nanos granule(Nanos interval, int hz) {
  return from_jiffies(slot_width(to_jiffies(interval, hz)), hz);
}

Bounds timer_bounds(Nanos interval, int hz) {
  // Set within jiffy 0, that is up to one jiffy after its tick, it fires at tick n + 1 to n +
  // width.
  const int64_t n = to_jiffies(interval, hz);
  return {from_jiffies(n, hz), from_jiffies(n + slot_width(n), hz)};
}

// Of the phases from which the first timer fires in the same slot the first makes the whole latest,
// the last makes it earliest: one in so many is looked at.
Bounds chain_bounds(std::span<const int64_t> intervals, int hz) {
  if (intervals.empty()) return {};
  int64_t phases = 1;
  for (const int64_t interval : intervals) phases = std::max(phases, slot_width(interval));
  int64_t least = std::numeric_limits<int64_t>::max(), most = 0;
  const auto look_at = [&](int64_t phase) {
    int64_t early = phase, late = phase;
    for (const int64_t interval : intervals) {
      const SlotWidths widths = slot_widths(interval);
      early = fires_at(early, interval, widths.narrow);
      late = fires_at(late, interval, widths.wide);
    }
    least = std::min(least, early - phase);
    most = std::max(most, late - phase);
  };
  const int64_t slot = slot_widths(intervals.front()).narrow;
  const int64_t first = (slot - intervals.front() % slot) % slot;
  for (int64_t start = 0; start < phases; start += slot) {
    look_at(start + first);
    look_at(start + (first + slot - 1) % slot);
  }
  return {from_jiffies(least - 1, hz), from_jiffies(most, hz)};
}

Bounds of_sum(std::span<const Nanos> intervals, int hz) {
  Bounds sum;
  for (const Nanos interval : intervals) sum = sum + timer_bounds(interval, hz);
  return sum;
}

Bounds worst_composition(Nanos total, int hz) {
  return {total, total + total / level_slots * 8 + 2 * jiffy(hz) + Nanos(level_slots)};
}

}  // namespace faultline
