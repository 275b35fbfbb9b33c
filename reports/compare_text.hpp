// What differs between two runs, for people.
#pragma once

#include "harness/compare/comparison.hpp"
#include "reports/text.hpp"

namespace faultline {

// A line for each case that differs, families that differ alike in one, and below it, where the
// style is verbose, every difference whole: what was in the one and in the other. Then how many
// were compared, and what could not be.
[[nodiscard]] std::string compare_text(const Comparison& comparison, const TextStyle& style = {});

}  // namespace faultline
