// --report FORMAT[=FILE].
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/util/error.hpp"
#include "reports/formats.hpp"

namespace faultline {

struct FormatAndFile {
  std::string format;  // one of those there are
  std::string file;    // "": standard output
};

// Unknown formats, more than one for standard output, and files that cannot be written are refused.
[[nodiscard]] Result<std::vector<FormatAndFile>> formats_and_files(
    const std::vector<std::string>& arguments, std::span<const std::string> formats);

// A file is written whole or not at all.
[[nodiscard]] Result<void> write_text(const FormatAndFile& where, const std::string& text);

// The same of the formats of a run.
struct ReportTarget {
  const ReportFormat* format = nullptr;
  std::string file;  // "": standard output
};

[[nodiscard]] Result<std::vector<ReportTarget>> report_targets(
    const std::vector<std::string>& arguments);

[[nodiscard]] Result<void> write_report(const ReportTarget& target, const RunInfo& info,
                                        const std::vector<CaseResult>& results);

}  // namespace faultline
