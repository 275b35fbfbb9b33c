// Figures that are measured in namespaces of their own.
#pragma once

#include <functional>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline::bench {

using Figures = std::vector<double>;

// Runs `body` as a worker would (run_isolated) and brings back what it measured; an exception in it
// is an Error. REQUIRES: this process has one thread.
[[nodiscard]] Result<Figures> measure_apart(const std::function<Figures()>& body);

// REQUIRES: not empty. `part` is 0.5 for the median, 0.99 for the 99th percentile.
[[nodiscard]] double percentile(Figures figures, double part);

}  // namespace faultline::bench
