#include <csignal>
#include <cstdio>

#include "harness/cli/app.hpp"
#include "harness/cli/exit_code.hpp"

// What could not be written shows when it is flushed. A gate whose output is lost must not pass;
// and a reader that has gone away must not end a run that has traces, reports and processes to care
// for.
int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const int code = faultline::run_app(argc, argv);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  std::fputs(
      "faultline: standard output could not be written: its disk is full, or its reader is gone\n",
      stderr);
  return faultline::internal_error;
}
