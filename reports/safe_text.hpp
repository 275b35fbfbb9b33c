// Text from outside (titles, errno texts, a driver's own words) made fit to be shown.
#pragma once

#include <string>
#include <string_view>

namespace faultline {

// One line that does nothing to a terminal and is allowed in XML: each byte that is no UTF-8
// becomes U+FFFD; control characters, line separators, marks that change the direction of writing
// and noncharacters become visible: "\n", "\x1b", "\u{202e}". A tab becomes a space.
[[nodiscard]] std::string safe_text(std::string_view text);

// The same of a text of several lines, which it stays.
[[nodiscard]] std::string safe_lines(std::string_view text);

// How many columns a safe text takes, one for each code point.
[[nodiscard]] int columns(std::string_view safe);

// At most `width` columns of a safe text, with "…" in place of its middle where it was longer.
[[nodiscard]] std::string elide_middle(std::string_view safe, int width);

}  // namespace faultline
