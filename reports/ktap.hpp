// KTAP version 1, as the kernel's selftests print it (Documentation/dev-tools/ktap.rst), and its
// ancestor TAP version 13, as `prove` reads it.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

// A test for each case, inside it one for each of its variants. A known deviation is "ok … #
// XFAIL", what could not be judged "not ok … # ERROR". In both dialects a run that is not whole
// (reports/missing_parts.hpp) has one test more, which is not ok.
[[nodiscard]] std::string ktap_report(const RunInfo& info, const std::vector<CaseResult>& results);

// A test for each result. A known deviation is "not ok … # TODO", which counts as expected there.
[[nodiscard]] std::string tap_report(const RunInfo& info, const std::vector<CaseResult>& results);

}  // namespace faultline
