#include "reports/markdown_text.hpp"

#include "reports/safe_text.hpp"

namespace faultline {

// CommonMark lets every ASCII punctuation be escaped.
std::string markdown_text(std::string_view any) {
  std::string result;
  for (const char c : safe_text(any)) {
    if (std::string_view(R"(\`*[]<>|&#~_$)").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

}  // namespace faultline
