// The first process of a guest (DESIGN D9): runs the jobs of a plan, each in a forked worker,
// reports to the host by frames (harness/kernel/frames.hpp), and switches the guest off.
#pragma once

#include <string>

namespace faultline {

// `plan`: a file (guest_plan.hpp). `channel`: what frames are written to, a file of the host or a
// device. REQUIRES: this is process 1 of a machine of its own. Does not return where that machine
// can be switched off; what cannot be reported by a frame is on standard output, the guest's
// console.
[[nodiscard]] int run_guest(const std::string& plan, const std::string& channel);

}  // namespace faultline
