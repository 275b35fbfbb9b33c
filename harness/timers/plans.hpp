// The models themselves: which timers run, in jiffies, and what ends them. models.cpp carries them
// out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/timers/backoff.hpp"
#include "harness/timers/settings.hpp"

namespace faultline {

// A timer that runs before the series: the tail loss probe's, which sends what was sent before once
// more, or keepalive's idle time.
struct Lead {
  Bounds bounds;
  Nanos nominal{};
  bool after_a_transmission = false;
};

struct Plan {
  std::string noun, end;
  std::optional<Lead> lead;
  std::optional<Backoff> series;  // simulated for each RTO in `rtos`
  Interval rtos;
  // Instead of a series: timers, in jiffies, and nothing sent.
  std::vector<int64_t> least_waits, most_waits;
};

using Model = Plan (*)(Settings&);
struct NamedModel {
  std::string name;
  Model plan;  // worthless where the settings have an error afterwards
};
[[nodiscard]] std::span<const NamedModel> all_models();

}  // namespace faultline
