// Cuts what comes through a pipe into the protocol's lines. Header-only and free of dependencies,
// so that a driver can use it too.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "harness/drive/protocol.hpp"

namespace faultline::protocol {

// Never holds more than max_line bytes, whatever comes.
class LineSplitter {
 public:
  // Calls `on_line(std::string_view line, bool too_long)` for each line that ends in `bytes`,
  // without its newline. A line that passes max_line is reported once, with its first max_line
  // bytes, as soon as it does; the rest of it is skipped. Returns false, and skips the rest of
  // `bytes`, as soon as `on_line` returns false. The view is good until `on_line` returns.
  template <typename OnLine>
  bool feed(std::string_view bytes, OnLine&& on_line) {
    while (!bytes.empty()) {
      const size_t newline = bytes.find('\n');
      const std::string_view part = bytes.substr(0, newline);
      const bool ends = newline != std::string_view::npos;
      bytes.remove_prefix(ends ? newline + 1 : bytes.size());
      if (!take(part, ends, on_line)) return false;
    }
    return true;
  }

 private:
  template <typename OnLine>
  bool take(std::string_view part, bool ends, OnLine& on_line) {
    const bool skip = skipping_;
    skipping_ = skipping_ && !ends;
    if (skip) return true;
    const bool too_long = line_.size() + part.size() > max_line;
    line_.append(part.substr(0, max_line - line_.size()));
    if (!ends && !too_long) return true;
    skipping_ = too_long && !ends;
    const std::string line = std::move(line_);
    line_.clear();
    return on_line(std::string_view(line), too_long);
  }

  std::string line_;
  bool skipping_ = false;
};

// The start of what somebody sent, fit for a message: at most 80 bytes, unprintable ones as '?'.
[[nodiscard]] inline std::string excerpt(std::string_view text) {
  constexpr size_t most = 80;
  std::string shown(text.substr(0, most));
  std::ranges::replace_if(
      shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text.size() > most ? shown + "…" : shown;
}

}  // namespace faultline::protocol
