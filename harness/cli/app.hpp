// The program: its commands, and the one place where an exception is caught.
#pragma once

namespace faultline {

// Returns an ExitCode.
[[nodiscard]] int run_app(int argc, char** argv);

}  // namespace faultline
