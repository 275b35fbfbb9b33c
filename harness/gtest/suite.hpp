// Every variant of every selected case as a GoogleTest test.
#pragma once

#include "harness/cli/commands.hpp"

namespace faultline {

// Registers them; RUN_ALL_TESTS() then runs those that the filter and the shard leave, in one
// batch. An ExitCode other than all_as_expected where that cannot be; why has been printed.
[[nodiscard]] int register_suite(const RunArguments& arguments);

}  // namespace faultline
