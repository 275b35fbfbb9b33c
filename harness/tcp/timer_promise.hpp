// How the timers of a stack tick, and what a stack promises of them itself where none of the models
// of harness/timers computes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/util/time.hpp"

namespace faultline {

// Of a clock that is not Linux's timer wheel: a timer fires so much late at most, and so much early.
struct Ticks {
  Nanos late{}, early{};
};

struct TimerPromise {
  std::string timer;         // "connect", as the models are called (harness/timers/models.hpp)
  Nanos first{};             // from the model's beginning to the first transmission
  std::vector<Nanos> gaps;   // from each transmission to the next
  std::optional<Nanos> end;  // from the model's beginning; nothing where it never ends
};

}  // namespace faultline
