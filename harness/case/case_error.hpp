// What is wrong with a case file, and where.
#pragma once

#include <string>
#include <string_view>

namespace faultline {

struct CaseError {
  std::string file;
  int line = 0;             // from 1; 0: the file as a whole (it cannot be read, it is too large)
  int column = 0;           // from 1, in characters (not bytes; a tab is one)
  std::string what;         // a sentence without a full stop, of at most 500 bytes
  std::string source_line;  // the line as it stands in the file
};

// `line` and `column` of `text` as an error; `text` is the whole file.
[[nodiscard]] CaseError error_at(std::string_view text, std::string file, int line, int column,
                                 std::string_view what);

// "cases/x.toml:3:9: error: unknown state 'SYN_SEND' (did you mean 'SYN_SENT'?)", then the source
// line (around the column, where it is long), then a caret below the column; no newline at the end.
// Control characters other than a tab come out as '?': a file cannot write to the terminal.
[[nodiscard]] std::string to_string(const CaseError& error);

}  // namespace faultline
