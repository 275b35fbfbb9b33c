#include <cstdio>

#include "harness/cli/app.hpp"
#include "harness/cli/exit_code.hpp"

// What could not be written shows when it is flushed. A gate whose output is lost must not pass.
int main(int argc, char** argv) {
  const int code = faultline::run_app(argc, argv);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  std::perror("faultline: writing to standard output");
  return faultline::internal_error;
}
