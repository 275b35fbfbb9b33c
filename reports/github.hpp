// What GitHub Actions reads of a job's output: workflow commands, a line each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

// "::error file=cases/close/x.toml,line=23,title=close/x[ipv4]::…" for each result that failed, a
// "::warning" for what could not be judged. `folder`: what files are relative to, the checked-out
// repository.
[[nodiscard]] std::string github_annotations(const std::vector<CaseResult>& results,
                                             std::string_view folder);

// Text for people in which no line is a command, whatever a case or a stack says.
[[nodiscard]] std::string without_commands(std::string_view text);

}  // namespace faultline
