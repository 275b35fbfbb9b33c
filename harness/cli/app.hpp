// The program: its commands, and the one place where an exception is caught.
#pragma once

namespace CLI {
class App;
}

namespace faultline {

struct RunArguments;

// Returns an ExitCode.
[[nodiscard]] int run_app(int argc, char** argv);

// The cases and options of `faultline run`, for another program that runs them. `run` must outlive
// the parsing.
void add_run_options(CLI::App& app, RunArguments& run);

}  // namespace faultline
