// Where a setting does not do what people think it does.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/tune/kernel.hpp"
#include "harness/tune/sysctl_file.hpp"

namespace faultline {

// What is in force on one kernel: its defaults, and over them what the files set.
struct InForce {
  TuneKernel kernel;
  std::map<std::string, std::string> sysctls;  // by full name; what this kernel lacks is not there
};
[[nodiscard]] InForce in_force(const SysctlFiles& files, const TuneKernel& kernel);

// Only what applies to these settings, each with its line, in the order of files and lines. With
// `only`, of the settings that govern these behaviours.
[[nodiscard]] std::vector<Remark> advice(const SysctlFiles& files, const InForce& in_force,
                                         const std::vector<std::string>& only = {});

}  // namespace faultline
