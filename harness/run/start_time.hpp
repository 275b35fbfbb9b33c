// When a case begins where time is virtual. How late a kernel timer fires depends on where jiffies
// stand when it is set (harness/timers/wheel.hpp): all cases begin where they stand the same, so
// that a case's times are the same alone, beside others, and in whatever guest (DESIGN D9).
#pragma once

#include "harness/util/time.hpp"

namespace faultline {

// The distance of beginnings in jiffies: a multiple of the wheel's granules up to the one for timers
// of nine hours at 250 Hz, longer than any that TCP sets on its own.
inline constexpr int64_t jiffies_between_starts = int64_t{1} << 18;

// The first beginning that is not before `now`; both on CLOCK_MONOTONIC of a kernel with `hz` ticks a
// second. Jiffies are 0 modulo the distance five minutes after boot (INITIAL_JIFFIES,
// include/linux/jiffies.h), but the first beginning is the next one: a stamp of 0 means "never" to
// TCP (__tcp_oow_rate_limited, net/ipv4/tcp_input.c).
[[nodiscard]] Nanos next_start(Nanos now, int hz);

}  // namespace faultline
