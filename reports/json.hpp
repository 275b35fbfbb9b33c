// The complete record of a run, version 1 ("faultline_results"): every other format could be made
// from it. Keys always come in the same order; times are whole nanoseconds.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

// Bytes that are no UTF-8 come out as U+FFFD; `line` is left out where it is 0.
[[nodiscard]] std::string json_report(const RunInfo& info, const std::vector<CaseResult>& results);

}  // namespace faultline
