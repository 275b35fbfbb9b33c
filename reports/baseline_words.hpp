// What differs from the baseline, for people.
#pragma once

#include <string>

#include "harness/judge/result.hpp"
#include "reports/text.hpp"

namespace faultline {

// "PASS -> FAIL", "PASS -> no result", "PASS, not in the baseline".
[[nodiscard]] std::string change_words(const BaselineChange& change);

// A line of numbers, then one for each change.
[[nodiscard]] std::string baseline_report(const BaselineComparison& comparison,
                                          const TextStyle& style = {});

}  // namespace faultline
