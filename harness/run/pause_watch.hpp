// Notices when the machine itself stood still. On each processor a thread sleeps a few milliseconds
// on a timer of the kernel's timer wheel, as TCP's own are, and finds itself late: the processor was
// taken away, or the soft interrupt that runs such timers had to wait. What was late meanwhile may
// not be the stack's doing.
#pragma once

#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/util/fd.hpp"
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
  PauseWatch(const PauseWatch&) = delete;
  PauseWatch& operator=(const PauseWatch&) = delete;

  // Those that overlap the time between the two, on CLOCK_MONOTONIC.
  [[nodiscard]] std::vector<Pause> between(Nanos from, Nanos to) const;

 private:
  struct Post {  // on one processor
    Fd bed, bell;
    std::thread thread;
  };
  void watch(int bed, int processor);

  mutable std::mutex mutex_;
  std::deque<Pause> pauses_;  // the newest at the end; bounded
  std::vector<Post> posts_;
};

}  // namespace faultline
