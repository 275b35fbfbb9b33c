// Text from outside made fit to stand in HTML and SVG: as content and within a quoted attribute.
#pragma once

#include <string>
#include <string_view>

namespace faultline {

// One line: safe_text with the four characters escaped that mean something in markup.
[[nodiscard]] std::string markup(std::string_view text);

// The same of each line of a text; the newlines between them stay.
[[nodiscard]] std::string markup_lines(std::string_view text);

}  // namespace faultline
