#include "harness/tune/measuring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace faultline {
namespace {

// What takes no more than seconds in any setting is not what is measured.
constexpr Nanos long_wait = 1h;

std::string line_with_patience(const std::string& line, Nanos needed) {
  static const std::regex within(R"re((\s*within\s*=\s*")([^"]*)(".*))re");
  std::smatch parts;
  if (!std::regex_match(line, parts, within)) return line;
  const auto given = parse_duration(parts[2].str());
  if (!given || *given < long_wait || *given >= needed) return line;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(needed).count();
  return fmt::format("{}{}s{}", parts[1].str(), seconds, parts[3].str());
}

}  // namespace

std::string with_patience(const std::string& case_text, Nanos needed) {
  std::string result;
  for (size_t at = 0; at < case_text.size();) {
    const size_t end = std::min(case_text.find('\n', at), case_text.size());
    result += line_with_patience(case_text.substr(at, end - at), needed);
    if (end < case_text.size()) result += '\n';
    at = end + 1;
  }
  return result;
}

}  // namespace faultline
