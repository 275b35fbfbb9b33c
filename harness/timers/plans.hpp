// The models themselves: which timers run, in jiffies, and what ends them. models.cpp carries them
// out. A model is a function in the file of its subject and one line in that file's list.
#pragma once

#include <functional>
#include <optional>
#include <span>
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
  std::optional<Backoff> series;        // simulated for each RTO in `rtos`
  std::function<void(Backoff&)> adapt;  // what else of the series depends on its RTO
  Interval rtos;
  // Instead of a series: timers, in jiffies, and nothing sent.
  std::vector<int64_t> least_waits, most_waits;
  // Instead of both: what comes of it.
  std::optional<Series> told;
};

using Model = Plan (*)(Settings&);
struct NamedModel {
  std::string name;
  Model plan;  // worthless where the settings have an error afterwards
};

[[nodiscard]] std::span<const NamedModel> all_models();
// SYNs that nobody answers; what else a request meets depends on them.
[[nodiscard]] Plan connect_plan(Settings& s);
// By subject.
[[nodiscard]] std::span<const NamedModel> opening_models();  // plans_open.cpp
[[nodiscard]] std::span<const NamedModel> request_models();  // plans_request.cpp
[[nodiscard]] std::span<const NamedModel> data_models();     // plans_data.cpp
[[nodiscard]] std::span<const NamedModel> window_models();   // plans_window.cpp
[[nodiscard]] std::span<const NamedModel> closing_models();  // plans_close.cpp
[[nodiscard]] std::span<const NamedModel> idle_models();     // plans_idle.cpp

}  // namespace faultline
