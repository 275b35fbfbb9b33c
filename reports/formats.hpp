// The report formats by name. A new format is one file and one line in formats.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

struct ReportFormat {
  std::string_view name;
  std::string (*write)(const RunInfo& info, const std::vector<CaseResult>& results);
};

[[nodiscard]] std::span<const ReportFormat> report_formats();

// None where the name is unknown.
[[nodiscard]] const ReportFormat* find_format(std::string_view name);

}  // namespace faultline
