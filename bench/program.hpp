// The program itself, beside this one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline::bench {

// Starts `faultline` with these arguments; its output is thrown away.
[[nodiscard]] Result<pid_t> start_program(std::vector<std::string> arguments);

}  // namespace faultline::bench
