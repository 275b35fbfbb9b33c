// The smallest change of sysctls that meets goals, as the timer models have it. Pure search.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "harness/tune/report.hpp"

namespace faultline {

struct Unsolvable {
  // The goals contradict each other whatever a kernel can do; else it is the kernel that cannot.
  bool is_contradiction = false;
  std::string what;  // which goals, and what the nearest is that can be had
};

// What to change of what the files set (of the defaults, where they set nothing): as few sysctls as
// can be, and these as near to the kernel's defaults as can be. A goal must hold on all kernels,
// however late their timers fire. Of two sysctls that must both change, one takes a round value.
// Nothing to change where all goals are met already.
[[nodiscard]] std::expected<std::vector<Setting>, Unsolvable> solve(
    const std::vector<Requirement>& goals, const SysctlFiles& files,
    const std::vector<TuneKernel>& kernels);

}  // namespace faultline
