// A run as Markdown, for a merge request's comment or a job's summary: a table, and what failed
// with its reasons and a sequence diagram.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

[[nodiscard]] std::string markdown_report(const RunInfo& info,
                                          const std::vector<CaseResult>& results);

// The same in at most so many bytes: what does not fit whole is left out, and how many that are is
// said. The table is always there.
[[nodiscard]] std::string markdown_within(size_t limit, const RunInfo& info,
                                          const std::vector<CaseResult>& results);

}  // namespace faultline
