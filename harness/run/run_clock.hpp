// The clock of a run: since its epoch, which is when its script began.
#pragma once

#include <chrono>

#include "harness/util/clock.hpp"

namespace faultline {

struct RunClock {
  Nanos epoch = monotonic_now();

  [[nodiscard]] Nanos now() const { return monotonic_now() - epoch; }
  // As timers want it.
  [[nodiscard]] std::chrono::steady_clock::time_point at(Nanos when) const {
    return std::chrono::steady_clock::time_point(epoch + when);
  }
};

}  // namespace faultline
