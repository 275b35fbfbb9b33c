#include "harness/case/case_error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace faultline {
namespace {

constexpr size_t longest_sentence = 500;
constexpr size_t shown = 120;  // characters of a source line
constexpr size_t before = 80;  // of these, how many at most before the caret

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::string printable(std::string_view text) {
  std::string result(text);
  std::ranges::replace_if(
      result, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }, '?');
  return result;
}

// The byte at which character `n` (from 0) of `text` begins, or its end.
size_t offset_of(std::string_view text, size_t n) {
  size_t at = 0;
  for (; at < text.size(); ++at)
    if (!continues_character(text[at]) && n-- == 0) break;
  return at;
}

std::string_view line_of(std::string_view text, int line) {
  for (; line > 1; --line) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

CaseError error_at(std::string_view text, std::string file, int line, int column,
                   std::string_view what) {
  std::string sentence(what);
  if (sentence.size() > longest_sentence) {
    size_t end = longest_sentence - 3;
    while (end > 0 && continues_character(sentence[end])) --end;
    sentence = sentence.substr(0, end) + "...";
  }
  return {std::move(file), line, column, std::move(sentence), std::string(line_of(text, line))};
}

std::string to_string(const CaseError& error) {
  if (error.line == 0)
    return fmt::format("{}: error: {}", printable(error.file), printable(error.what));
  std::string text = fmt::format("{}:{}:{}: error: {}", printable(error.file), error.line,
                                 error.column, printable(error.what));
  if (error.source_line.find_first_not_of(" \t") == std::string::npos) return text;

  const auto column = static_cast<size_t>(std::max(error.column, 1)) - 1;
  const size_t first = column > before ? column - before : 0;
  std::string_view source = error.source_line;
  source.remove_prefix(offset_of(source, first));
  const size_t end = offset_of(source, shown);
  const std::string line = (first > 0 ? "..." : "") + printable(source.substr(0, end)) +
                           (end < source.size() ? "..." : "");

  // The caret's line repeats the tabs, so that it stands right whatever a tab is worth.
  std::string caret = first > 0 ? "   " : "";
  const std::string_view skipped = source.substr(0, offset_of(source, column - first));
  for (const char c : skipped)
    if (!continues_character(c)) caret += c == '\t' ? '\t' : ' ';
  return text + "\n" + line + "\n" + caret + "^";
}

}  // namespace faultline
