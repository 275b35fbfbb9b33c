// Notices when the machine itself stood still: a thread that wakes every few milliseconds and finds
// itself late. What was late meanwhile may not be the stack's doing.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/util/time.hpp"

namespace faultline {

struct Pause {
  Nanos end{};  // CLOCK_MONOTONIC
  Nanos length{};
};

class PauseWatch {
 public:
  static constexpr Nanos interval = 10ms;
  static constexpr Nanos noticeable = 5ms;

  PauseWatch();
  ~PauseWatch();
  // Those that overlap the time between the two, on CLOCK_MONOTONIC.
  [[nodiscard]] std::vector<Pause> between(Nanos from, Nanos to) const;

 private:
  void watch();

  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::vector<Pause> pauses_;  // the newest at the end; bounded
  std::thread thread_;
};

}  // namespace faultline
