#include "reports/formats.hpp"

#include <algorithm>
#include <array>

#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/ktap.hpp"
#include "reports/markdown.hpp"
#include "reports/text.hpp"

namespace faultline {
namespace {

std::string plain_text(const RunInfo& info, const std::vector<CaseResult>& results) {
  return text_report(info, results);
}

constexpr std::array formats{
    ReportFormat{"text", plain_text},
    ReportFormat{"json", json_report},
    ReportFormat{"junit", junit_report},
    ReportFormat{"ktap", ktap_report},
    ReportFormat{"tap", tap_report},
    ReportFormat{"markdown", markdown_report},
};

}  // namespace

std::span<const ReportFormat> report_formats() {
  return formats;
}

const ReportFormat* find_format(std::string_view name) {
  const auto* const found = std::ranges::find(formats, name, &ReportFormat::name);
  return found == formats.end() ? nullptr : found;
}

}  // namespace faultline
