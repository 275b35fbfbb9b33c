// The suite's cases that measure a behaviour, made to wait as long as the settings need.
#pragma once

#include <string>

#include "harness/util/time.hpp"

namespace faultline {

// The text of a case whose waits of an hour and more are at least so long. Lines stay where they
// are.
[[nodiscard]] std::string with_patience(const std::string& case_text, Nanos needed);

}  // namespace faultline
