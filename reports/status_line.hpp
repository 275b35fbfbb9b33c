// The one line that is rewritten on a terminal while cases run: what it says, not how it is drawn.
#pragma once

#include <string>
#include <vector>

#include "harness/util/time.hpp"

namespace faultline {

struct RunningVariant {
  std::string name;  // "close/fin-lost[ipv4]"
  Nanos predicted{}, elapsed{};
};

struct Progress {
  size_t done = 0, total = 0, failed = 0;
  std::vector<RunningVariant> running;  // in the order in which they began
  std::vector<Nanos> queued;  // the predictions of the others, in the order they will begin
  size_t jobs = 1;            // how many run side by side
};

// Until the last one ends, if every prediction holds and the queue is taken in its order. One that
// is over its prediction is expected to end any moment.
[[nodiscard]] Nanos time_left(const Progress& progress);

// "[3/41] 1 failed · close/fin-lost[ipv4], … · about 40s left", at most `width` columns. What
// is too long loses the middle of its names first. A name with control characters is made safe.
[[nodiscard]] std::string status_line(const Progress& progress, int width);

}  // namespace faultline
