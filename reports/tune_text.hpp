// `faultline tune` for people: a column for each kernel, a block for each behaviour.
#pragma once

#include <string>

#include "harness/tune/report.hpp"
#include "reports/text.hpp"

namespace faultline {

// Ends with a newline. Whatever the files hold, what comes out cannot do anything to a terminal.
[[nodiscard]] std::string tune_text(const TuneReport& report, const TextStyle& style = {});

}  // namespace faultline
