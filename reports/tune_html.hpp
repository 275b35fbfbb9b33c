// `faultline tune` as one HTML page that needs nothing else: no script, no other file. Without its
// style sheet, as where a server forbids those in a page, it is plain but whole.
#pragma once

#include <string>

#include "harness/tune/report.hpp"

namespace faultline {

// What the files hold is text in it, never markup.
[[nodiscard]] std::string tune_html(const TuneReport& report);

}  // namespace faultline
