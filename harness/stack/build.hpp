// What a stack's `build` makes, kept in the cache under a name that changes with the stack's files.
#pragma once

#include <filesystem>
#include <string>

#include "harness/kernel/tool.hpp"
#include "harness/stack/stack.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// Where it is or would be: CACHE/stacks/NAME_HASH, by all files of the stack's folder, and of that
// which it is like, but their stack.toml and known.toml. Error: a file cannot be read.
[[nodiscard]] Result<std::filesystem::path> stack_output(const Stack& stack,
                                                         const std::filesystem::path& cache);

// The same, built where it was not there. Error: the build failed; its last words say why.
// REQUIRES: stack.build is not empty.
[[nodiscard]] Result<std::filesystem::path> build_stack(const Stack& stack,
                                                        const std::filesystem::path& cache,
                                                        Watcher& watcher);

}  // namespace faultline
