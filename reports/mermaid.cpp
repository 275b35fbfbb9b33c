#include "reports/mermaid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "reports/safe_text.hpp"

namespace faultline {
namespace {

constexpr int most_columns = 160;                         // of one text
constexpr size_t lines_of_head = 12, lines_of_tail = 36;  // of a story
constexpr std::string_view special = "#;<>&\"%{}`\\";

// Words that Mermaid looks for wherever they stand.
constexpr std::array<std::string_view, 3> keywords{"end", "style", "classdef"};

std::string entity(char c) {
  return fmt::format("#{};", static_cast<int>(c));
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool begins_keyword(std::string_view text, size_t at) {
  if (at > 0 && is_letter(text[at - 1])) return false;
  size_t end = at;
  std::string word;
  for (; end < text.size() && is_letter(text[end]); ++end)
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[end])));
  return std::ranges::find(keywords, word) != keywords.end();
}

// What stands before and after the first `by`.
struct Halves {
  std::string_view before, after;
};
std::optional<Halves> halves(std::string_view text, std::string_view by) {
  const size_t at = text.find(by);
  if (at == std::string_view::npos) return {};
  return Halves{text.substr(0, at), text.substr(at + by.size())};
}

// "client" of "client" and of "client:two", where it is one of the two ends.
std::string_view end_in(std::string_view name) {
  const std::string_view end = name.substr(0, name.find(':'));
  return end == "client" || end == "server" ? end : "";
}

std::string message(std::string_view from, std::string_view arrow, std::string_view to,
                    std::string_view moment, std::string_view text) {
  return fmt::format("    {}{}{}: {} {}\n", from, arrow, to, mermaid_text(moment),
                     mermaid_text(text));
}

std::string note(std::string_view over, std::string_view moment, std::string_view text) {
  return fmt::format("    Note over {}: {} {}\n", over, mermaid_text(moment), mermaid_text(text));
}

// "FIN ACK seq 1 ack 1 win 502 len 0: dropped by rule 'fins'", from this end.
std::string segment(std::string_view from, std::string_view moment, std::string_view text) {
  const auto fate = halves(text, ": ");
  const std::string_view what = fate ? fate->after : "";
  if (what.starts_with("dropped") || what.starts_with("lost"))
    return message(from, "-x", "wire", moment, text);
  if (what.starts_with("held") || what.starts_with("changed"))
    return message(from, "->>", "wire", moment, text);
  return message(from, "->>", from == "client" ? "server" : "client", moment, text);
}

// The lines of a story are those of harness/trace/describe.hpp.
std::string line_of(std::string_view line) {
  const auto parts = halves(line, " ");
  if (!parts) return note("client,server", line, "");
  const auto& [moment, rest] = *parts;
  if (const auto crossing = halves(rest, " > "); crossing) {
    if (const std::string_view from = end_in(crossing->before); !from.empty())
      return segment(from, moment, crossing->after);
    if (const auto sent = halves(crossing->after, ": "); crossing->before == "wire" && sent)
      if (const std::string_view to = end_in(sent->before); !to.empty())
        return message("wire", "-->>", to, moment, sent->after);
  }
  if (const auto state = halves(rest, " is "); state && !end_in(state->before).empty())
    return note(end_in(state->before), moment, state->after);
  if (const auto call = halves(rest, ": "); call && !end_in(call->before).empty())
    return note(end_in(call->before), moment, call->after);
  return note("client,server", moment, rest);
}

}  // namespace

std::string mermaid_text(std::string_view any) {
  const std::string text = elide_middle(safe_text(any), most_columns);
  std::string result;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool escaped = special.find(c) != std::string_view::npos || begins_keyword(text, at);
    result += escaped ? entity(c) : std::string(1, c);
  }
  return result;
}

std::string mermaid_sequence(const std::vector<std::string>& story) {
  std::string text =
      "sequenceDiagram\n"
      "    participant client\n"
      "    participant wire\n"
      "    participant server\n";
  const size_t size = story.size();
  const bool whole = size <= lines_of_head + lines_of_tail + 1;
  for (size_t i = 0; i < size; ++i) {
    if (!whole && i == lines_of_head) {
      const size_t left_out = size - lines_of_head - lines_of_tail;
      text += note("client,server", "…", fmt::format("{} more …", left_out));
      i = size - lines_of_tail;
    }
    text += line_of(story[i]);
  }
  return text;
}

}  // namespace faultline
