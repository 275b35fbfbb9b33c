// The matrix case × stack, at the end of a run of several stacks or kernels.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/result.hpp"
#include "reports/text.hpp"

namespace faultline {

// A line for each case that did not pass everywhere, a column for each stack (at a kernel); below
// them how many passed everywhere, by topic, and what each column holds of every outcome. A cell is
// one word where families and ends agree, else a line for each outcome that says where it was.
// Columns that do not fit into the style's width come in a table of their own below. "" where there
// are fewer than two columns.
[[nodiscard]] std::string matrix_text(const RunInfo& info, const std::vector<CaseResult>& results,
                                      const TextStyle& style = {});

// The columns of such a run: those that it asked for, then any others that have results.
[[nodiscard]] std::vector<std::string> matrix_columns(const RunInfo& info,
                                                      const std::vector<CaseResult>& results);

}  // namespace faultline
