// A stack's known deviations, stacks/<name>/known.toml.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/judge/judge.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// Every entry must have `case`, `outcome` ("FAIL", the only one that can be known), `reason` and
// `spec`; `before`, a kernel's version, `as`, the end that the stack stands at, and `family` may be
// there; nothing else. Errors name file and line.
[[nodiscard]] Result<std::vector<KnownDeviation>> read_known(const std::filesystem::path& file);

}  // namespace faultline
