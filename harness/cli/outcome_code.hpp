// From results to the exit code.
#pragma once

#include <vector>

#include "harness/cli/exit_code.hpp"
#include "harness/judge/result.hpp"

namespace faultline {

[[nodiscard]] ExitCode exit_code_of(const std::vector<CaseResult>& results);

}  // namespace faultline
