#include "harness/run/start_time.hpp"

#include <algorithm>

namespace faultline {

Nanos next_start(Nanos now, int hz) {
  const Nanos distance = Nanos(1s) * jiffies_between_starts / hz;
  const Nanos first = 5min + distance;
  const auto passed = std::max<Nanos::rep>((now - first + distance - Nanos(1)) / distance, 0);
  return first + passed * distance;
}

}  // namespace faultline
