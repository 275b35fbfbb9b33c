// What differs between two runs, as data, version 1 ("faultline_compare").
#pragma once

#include <string>

#include "harness/compare/comparison.hpp"

namespace faultline {

// Every pair that differs with each difference whole. Keys always come in the same order.
[[nodiscard]] std::string compare_json(const Comparison& comparison);

}  // namespace faultline
