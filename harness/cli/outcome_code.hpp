// From results to the exit code.
#pragma once

#include <vector>

#include "harness/cli/exit_code.hpp"
#include "harness/judge/result.hpp"

namespace faultline {

[[nodiscard]] ExitCode exit_code_of(const std::vector<CaseResult>& results);

// The same of a whole run: against a baseline it is what differs from it that fails. What a part of a
// run skips, or an empty part, is no reason to fail; shards that are not there are one for doubt.
[[nodiscard]] ExitCode exit_code_of(const RunInfo& info, const std::vector<CaseResult>& results);

}  // namespace faultline
