// From what `--kernel` says to something that runs cases.
#pragma once

#include <expected>
#include <string>

#include "harness/run/guest_pool.hpp"

namespace faultline {

struct ChosenKernel {
  std::string name;  // as users call it: "host", "uml-6.12", a path
  // Its guests; none on the machine's own kernel, where time is real.
  GuestPool::Machine machine = {};
  // Longer cases cost too much real time to be run unless they are asked for.
  Nanos longest_ordinary = Nanos::max();

  [[nodiscard]] bool is_virtual() const { return machine.launch != nullptr; }
};

// `asked` and `modules` as in RunArguments. On an error it has been printed, and the result is the
// exit code.
[[nodiscard]] std::expected<ChosenKernel, int> choose_kernel(const std::string& asked,
                                                             const std::string& modules);

}  // namespace faultline
