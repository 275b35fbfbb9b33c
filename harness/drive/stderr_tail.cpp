#include "harness/drive/stderr_tail.hpp"

#include <algorithm>
#include <cstddef>

namespace faultline::drive {

void StderrTail::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (c == '\n') {
      if (!lines_.back().empty()) lines_.emplace_back();
      if (lines_.size() > most_lines + 1) lines_.pop_front();
    } else if (lines_.back().size() < most_bytes) {
      const bool printable = (c >= ' ' && c <= '~') || c == '\t';
      lines_.back() += printable ? c : '?';
    }
  }
}

std::vector<std::string> StderrTail::lines() const {
  const size_t unfinished = lines_.back().empty() ? 0 : 1;
  const size_t all = lines_.size() - 1 + unfinished;
  const auto first = lines_.begin() + static_cast<ptrdiff_t>(all - std::min(all, most_lines));
  return {first, lines_.begin() + static_cast<ptrdiff_t>(all)};
}

}  // namespace faultline::drive
