// What is printed while cases run: on a terminal one status line that is rewritten, else plain
// lines.
#pragma once

#include <string>

#include "reports/text.hpp"

namespace faultline {

class Terminal {
 public:
  Terminal();
  // Takes the status line away, so that what comes next stands alone.
  ~Terminal();

  // Colours and the width: NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR and TERM=dumb are honoured.
  [[nodiscard]] const TextStyle& style() const { return style_; }
  // Whether there is a status line at all.
  [[nodiscard]] bool rewrites() const { return rewrites_; }
  [[nodiscard]] int width() const;

  void print(const std::string& text);
  // False once nothing can be printed any more: a pipe's reader has gone, a disk is full.
  [[nodiscard]] bool is_heard() const;
  void status(const std::string& line);

 private:
  void erase_status();

  TextStyle style_;
  bool rewrites_ = false;
  bool shown_ = false;
};

}  // namespace faultline
