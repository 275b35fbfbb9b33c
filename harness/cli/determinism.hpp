// --verify-determinism: everything once more, and the traces compared byte by byte.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/run/guest_pool.hpp"

namespace faultline {

// Runs `variants` as `before` ran them, into the folder ".again" below its traces, which stays
// where something differs. The result: the names of what left another trace than the first time.
[[nodiscard]] std::vector<std::string> play_again(const std::vector<Variant>& variants,
                                                  const RunnerOptions& before,
                                                  const GuestPool::Machine& machine);

// Says on standard error which differ of those in the folder `traces`.
void tell_differences(const std::vector<std::string>& differing,
                      const std::filesystem::path& traces);

}  // namespace faultline
