// Every variant of every selected case as a GoogleTest test.
#pragma once

#include <expected>
#include <memory>

#include "harness/cli/commands.hpp"
#include "harness/gtest/batch.hpp"

namespace faultline {

// Registers them; RUN_ALL_TESTS() then runs those that the filter and the shard leave, in one
// batch for each of its iterations, with a seed of its own where none was given. An ExitCode where
// that cannot be; why has been printed.
[[nodiscard]] std::expected<std::shared_ptr<const Batch>, int> register_suite(
    const RunArguments& arguments);

}  // namespace faultline
