// The complete record of a `faultline tune`, version 1 ("faultline_tune"); docs/tune.schema.json
// describes it. Keys always come in the same order; times are whole nanoseconds.
#pragma once

#include <string>

#include "harness/tune/report.hpp"

namespace faultline {

// Bytes that are no UTF-8 come out as U+FFFD.
[[nodiscard]] std::string tune_json(const TuneReport& report);

}  // namespace faultline
