// `faultline tune` as Markdown, for a merge request's comment or a job's summary.
#pragma once

#include <string>

#include "harness/tune/report.hpp"

namespace faultline {

// What the files hold is text in it, never markup.
[[nodiscard]] std::string tune_markdown(const TuneReport& report);

}  // namespace faultline
