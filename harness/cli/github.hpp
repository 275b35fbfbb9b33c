// In a job of GitHub Actions: the job's summary, and annotations at the expectations.
#pragma once

#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

// Whether this is one.
[[nodiscard]] bool in_github_actions();

// Appends the Markdown report to $GITHUB_STEP_SUMMARY, where that is set; in a job prints an
// annotation for each failure, on standard output or, where that belongs to a report, on standard
// error. Nobody asked for these: what cannot be written is said on standard error, and that is all.
void tell_github(const RunInfo& info, const std::vector<CaseResult>& results,
                 bool stdout_is_a_report);

}  // namespace faultline
