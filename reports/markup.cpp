#include "reports/markup.hpp"

#include "reports/safe_text.hpp"

namespace faultline {

std::string markup(std::string_view text) {
  std::string escaped;
  for (const char c : safe_text(text)) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else
      escaped += c;
  }
  return escaped;
}

std::string markup_lines(std::string_view text) {
  std::string escaped;
  while (true) {
    const size_t end = text.find('\n');
    escaped += markup(text.substr(0, end));
    if (end == text.npos) return escaped;
    escaped += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace faultline
