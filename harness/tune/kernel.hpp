// A kernel that `faultline tune` predicts for and measures on: a column of its reports.
#pragma once

#include <string>

#include "harness/timers/wheel.hpp"
#include "harness/tune/sysctls.hpp"

namespace faultline {

// Bounds of every round trip that a connection measures.
inline constexpr Bounds local_network{1us, 1ms};

struct TuneKernel {
  std::string name;     // as --kernel calls it; "Linux 6.12" where none was named
  std::string release;  // as uname -r says it, once a case has run there
  KernelVersion version;
  int hz = 250;
  Bounds rtt = local_network;
};

}  // namespace faultline
