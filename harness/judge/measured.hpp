// What a run measured of a timer model, where its case says "timer:NAME".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/judge/window.hpp"

namespace faultline {

struct Measured {
  Prediction prediction;      // for that very run: its sysctls as read back, its round trips
  std::optional<Nanos> time;  // of the first `takes` or `times` that names the model
  Window window;              // what the judge allows for it: `prediction.gives_up` and tolerances
  std::vector<Nanos> gaps;    // of the first `gaps` that names it
  std::optional<int> segments;  // of the first `counts` or `gaps` that names it
};

// Errors: the model cannot be computed; the case asks nothing of it; what it asks for never came.
[[nodiscard]] Result<Measured> measured(const Timeline& timeline, const std::string& model);

}  // namespace faultline
