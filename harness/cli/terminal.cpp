#include "harness/cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/cli/tell.hpp"
#include "harness/util/environment.hpp"

namespace faultline {
namespace {

bool is_on(const std::string& value) {
  return !value.empty() && value != "0";
}

}  // namespace

Terminal::Terminal() {
  const std::string term = environment_variable("TERM");
  const bool dumb = term.empty() || term == "dumb";
  rewrites_ = isatty(STDOUT_FILENO) == 1 && !dumb;
  style_.colour = rewrites_ || is_on(environment_variable("CLICOLOR_FORCE")) ||
                  is_on(environment_variable("FORCE_COLOR"));
  if (!environment_variable("NO_COLOR").empty()) style_.colour = false;
  style_.width = rewrites_ ? width() : 0;
}

Terminal::~Terminal() {
  erase_status();
}

int Terminal::width() const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void Terminal::erase_status() {
  if (!shown_) return;
  shown_ = false;
  fmt::print("\r\x1b[K");
  std::fflush(stdout);
}

void Terminal::print(const std::string& text) {
  erase_status();
  tell(stdout, text);
  std::fflush(stdout);
}

bool Terminal::is_heard() const {
  return std::ferror(stdout) == 0;
}

void Terminal::status(const std::string& line) {
  if (!rewrites_) return;
  fmt::print("\r\x1b[K{}", line);
  std::fflush(stdout);
  shown_ = true;
}

}  // namespace faultline
