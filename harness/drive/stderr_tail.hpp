// The last words of a process on its stderr, bounded whatever it says.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::drive {

class StderrTail {
 public:
  static constexpr size_t most_lines = 20;
  static constexpr size_t most_bytes = 500;  // of a line; the rest of it is dropped

  void feed(std::string_view bytes);
  // Oldest first, with an unfinished last one; unprintable bytes as '?'.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::deque<std::string> lines_{""};  // the last one is still growing
};

}  // namespace faultline::drive
