// The program itself, beside this one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline::bench {

// Starts `faultline run` with these arguments; its output is thrown away. It finds the suite
// where the build folder is build/<preset>.
[[nodiscard]] Result<pid_t> start_run(std::vector<std::string> arguments);

}  // namespace faultline::bench
