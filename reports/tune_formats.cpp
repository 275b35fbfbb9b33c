#include "reports/tune_formats.hpp"

#include <array>

#include "reports/tune_html.hpp"
#include "reports/tune_json.hpp"
#include "reports/tune_markdown.hpp"
#include "reports/tune_text.hpp"

namespace faultline {
namespace {

std::string plain_text(const TuneReport& report) {
  return tune_text(report);
}

constexpr std::array formats{
    TuneFormat{"text", plain_text},
    TuneFormat{"json", tune_json},
    TuneFormat{"markdown", tune_markdown},
    TuneFormat{"html", tune_html},
};

}  // namespace

std::span<const TuneFormat> tune_formats() {
  return formats;
}

}  // namespace faultline
