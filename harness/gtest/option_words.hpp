// The words of $FAULTLINE_OPTIONS.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline {

// As a shell splits them, with nothing expanded: '…' holds anything, "…" too, but for \" and \\,
// and elsewhere a backslash quotes what follows. A quote that is not closed is an error.
[[nodiscard]] Result<std::vector<std::string>> option_words(std::string_view text);

}  // namespace faultline
