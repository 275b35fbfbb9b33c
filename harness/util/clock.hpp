// The clock that runs are timed by. Not for the rooms that are pure.
#pragma once

#include "harness/util/time.hpp"

namespace faultline {

// CLOCK_MONOTONIC of this machine, which is what drivers stamp with.
[[nodiscard]] inline Nanos monotonic_now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace faultline
