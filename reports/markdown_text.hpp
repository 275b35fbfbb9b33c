// Text in Markdown that stays text.
#pragma once

#include <string>
#include <string_view>

namespace faultline {

// Any text as one line of safe text (reports/safe_text.hpp) that a Markdown reader shows as it is,
// also in a cell of a table.
[[nodiscard]] std::string markdown_text(std::string_view any);

}  // namespace faultline
