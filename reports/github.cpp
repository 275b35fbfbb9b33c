#include "reports/github.hpp"

#include <fmt/format.h>

#include "reports/local_path.hpp"
#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

// The runner's own escaping: "%25" and the like.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text)
    if (special.find(c) == std::string_view::npos)
      result += c;
    else
      fmt::format_to(std::back_inserter(result), "%{:02X}", static_cast<unsigned char>(c));
  return result;
}

std::string property(std::string_view text) {
  return escaped(safe_text(text), "%\r\n:,");
}

// Safe, a line for each thing that there is to say.
std::string message_of(const CaseResult& result) {
  std::string text = safe_text(fmt::format("{} {}", to_string(result.outcome), result.reason));
  for (const Finding& finding : result.findings) {
    if (finding.status != Finding::Status::broken) continue;
    text += "\n" + safe_text(finding.what);
    if (!finding.wanted.empty()) text += "\n  wanted " + safe_text(finding.wanted);
    if (!finding.got.empty()) text += "\n  got    " + safe_text(finding.got);
  }
  return text;
}

std::string annotation(const CaseResult& result, std::string_view folder) {
  const bool unsure = result.outcome == Outcome::INCONCLUSIVE;
  const int line = result.line > 0 ? result.line : 1;
  return fmt::format("::{} file={},line={},title={}::{}\n", unsure ? "warning" : "error",
                     property(local_path(result.file, folder)), line, property(result.variant()),
                     escaped(message_of(result), "%\r\n"));
}

}  // namespace

std::string github_annotations(const std::vector<CaseResult>& results, std::string_view folder) {
  std::string text;
  for (const CaseResult& result : results)
    if (is_bad(result.outcome)) text += annotation(result, folder);
  return text;
}

std::string without_commands(std::string_view text) {
  std::string result;
  bool begins = true;  // nothing but spaces on this line so far
  for (size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    const bool command = (begins && rest.starts_with("::")) || rest.starts_with("##[");
    result += text[at];
    if (command) result += ' ';
    begins = text[at] == '\n' || (begins && text[at] == ' ');
  }
  return result;
}

}  // namespace faultline
