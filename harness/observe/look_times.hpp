// When to look at a socket that announced a timer: a kernel timer fires late by up to its wheel's
// granule (harness/timers/wheel.hpp), and the socket's state changes then.
#pragma once

#include "harness/util/time.hpp"

namespace faultline {

class LookTimes {
 public:
  // `aligned`: jiffies were 0 modulo 8^6 at time 0, and have been counted exactly since then. The
  // moments at which a timer can fire are then known, and only they are looked at.
  LookTimes(Nanos jiffy, bool aligned) : jiffy_(jiffy), aligned_(aligned) {}

  [[nodiscard]] Nanos jiffy() const { return jiffy_; }

  // The next look after `now`, for a timer whose nominal expiry is `expiry` and which was `remaining`
  // before it when it was first seen. Else: at the expiry, then once a jiffy.
  [[nodiscard]] Nanos next(Nanos expiry, Nanos remaining, Nanos now) const;

 private:
  Nanos jiffy_;
  bool aligned_;
};

}  // namespace faultline
