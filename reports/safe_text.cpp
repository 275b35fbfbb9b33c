#include "reports/safe_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace faultline {
namespace {

struct CodePoint {
  uint32_t value = 0;
  size_t length = 0;  // in bytes; 0: no UTF-8
};

// The first code point of a text that is not empty (RFC 3629 4: no overlong form, no surrogate).
CodePoint decode(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  uint32_t value = first & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3fU);
  }
  const uint32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < least || value > 0x10ffff || surrogate) return {};
  return {value, length};
}

bool is_hidden(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) ||                   // C0, DEL, C1
         (c >= 0x200b && c <= 0x200f) ||                          // zero width, direction
         (c >= 0x2028 && c <= 0x202e) ||                          // separators, direction
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||           // direction; byte order mark
         (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);  // noncharacters
}

bool continues(char c) {
  return (static_cast<uint8_t>(c) & 0xc0) == 0x80;
}

// Where the code point number `n` begins.
size_t offset_of(std::string_view text, int n) {
  size_t at = 0;
  for (; at < text.size(); ++at)
    if (!continues(text[at]) && n-- == 0) break;
  return at;
}

}  // namespace

std::string safe_text(std::string_view text) {
  std::string safe;
  const auto out = std::back_inserter(safe);
  while (!text.empty()) {
    const CodePoint c = decode(text);
    if (c.length == 0)
      safe += "\uFFFD";
    else if (c.value == '\t')
      safe += ' ';
    else if (c.value == '\n')
      safe += "\\n";
    else if (!is_hidden(c.value))
      safe += text.substr(0, c.length);
    else if (c.value < 0x100)
      fmt::format_to(out, "\\x{:02x}", c.value);
    else
      fmt::format_to(out, "\\u{{{:x}}}", c.value);
    text.remove_prefix(std::max<size_t>(c.length, 1));
  }
  return safe;
}

std::string safe_lines(std::string_view text) {
  std::string safe;
  for (;;) {
    const size_t end = text.find('\n');
    safe += safe_text(text.substr(0, end));
    if (end == text.npos) return safe;
    safe += '\n';
    text.remove_prefix(end + 1);
  }
}

int columns(std::string_view safe) {
  return static_cast<int>(std::ranges::count_if(safe, [](char c) { return !continues(c); }));
}

std::string elide_middle(std::string_view safe, int width) {
  const int all = columns(safe);
  if (all <= width) return std::string(safe);
  if (width <= 0) return "";
  const int head = (width - 1) - (width - 1) / 2;
  const int tail = (width - 1) / 2;
  return fmt::format("{}…{}", safe.substr(0, offset_of(safe, head)),
                     safe.substr(offset_of(safe, all - tail)));
}

}  // namespace faultline
