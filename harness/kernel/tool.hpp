// A program that is run to its end: the kernel's build, apt, dpkg.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline {

struct ToolEnd {
  int status = 0;                 // as waitpid gives it; 0 is success
  std::string how;                // "ended with status 3", "was killed by SIGSEGV"
  std::vector<std::string> said;  // on its standard error: the last lines, printable
  std::vector<std::string> last_words;  // the same of standard output and error together
};

// What a long piece of work tells the one who waits for it.
struct Watcher {
  std::function<void(const std::string&)> say;        // what begins: "fetching linux-source-6.12"
  std::function<void(size_t done, size_t of)> count;  // how far a counted part of it is
  bool interrupted = false;  // set when SIGINT, SIGTERM or SIGHUP ended it; its result is an Error
};

// Runs `argv` (argv[0] is looked up in PATH) with nothing on its standard input, and calls
// `on_line` for each line of its standard output. While it runs, a signal that would interrupt this
// program kills it and all that it started instead. Error: it cannot be started, or was
// interrupted.
[[nodiscard]] Result<ToolEnd> run_tool(const std::vector<std::string>& argv, Watcher& watcher,
                                       const std::function<void(std::string_view)>& on_line);

// Whether PATH has such a program.
[[nodiscard]] bool have_tool(const std::string& name);

}  // namespace faultline
