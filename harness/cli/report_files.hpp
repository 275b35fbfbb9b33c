// --report FORMAT[=FILE].
#pragma once

#include <string>
#include <vector>

#include "harness/util/error.hpp"
#include "reports/formats.hpp"

namespace faultline {

struct ReportTarget {
  const ReportFormat* format = nullptr;
  std::string file;  // "": standard output
};

// Unknown formats, more than one for standard output, and files that cannot be written are refused.
[[nodiscard]] Result<std::vector<ReportTarget>> report_targets(
    const std::vector<std::string>& arguments);

// A file is written whole or not at all.
[[nodiscard]] Result<void> write_report(const ReportTarget& target, const RunInfo& info,
                                        const std::vector<CaseResult>& results);

}  // namespace faultline
