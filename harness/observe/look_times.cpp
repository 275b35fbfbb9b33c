#include "harness/observe/look_times.hpp"

#include <algorithm>

#include "harness/timers/wheel.hpp"

namespace faultline {

Nanos LookTimes::next(Nanos expiry, Nanos remaining, Nanos now) const {
  const Nanos soonest = now + jiffy_;
  if (!aligned_) return std::max(expiry, soonest);
  // It may have been set for longer than remained of it: then its slot is a wider one. The look a
  // jiffy earlier tells that it had not fired yet.
  constexpr int64_t widest = int64_t{1} << 18;
  constexpr Nanos tick_done = 10us;  // ticks come a little after their time
  const int64_t narrowest = slot_widths(remaining / jiffy_).narrow;
  for (int64_t width = narrowest; width <= widest; width *= 8) {
    const Nanos fires = jiffy_ * fires_at(0, expiry / jiffy_, width) + tick_done;
    if (fires - jiffy_ > now) return fires - jiffy_;
    if (fires > now) return fires;
  }
  if (narrowest <= widest) return soonest;
  // Where the slots of a timer of a day begin is not known, but they are whole multiples of these.
  return jiffy_ * fires_at(0, std::max(expiry, now) / jiffy_, widest) + tick_done;
}

}  // namespace faultline
