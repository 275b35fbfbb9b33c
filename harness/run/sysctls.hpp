// The sysctls of a run's ends: those that the case sets, and those that `--sysctl` sets at the stack
// under test.
#pragma once

#include <optional>
#include <string>

#include "harness/case/case.hpp"
#include "harness/run/job.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

class World;

// "tcp_sack" is "net.ipv4.tcp_sack".
[[nodiscard]] std::string full_sysctl_name(const std::string& name);

// One that the case sets and this kernel does not have, by its full name.
[[nodiscard]] std::optional<std::string> missing_sysctl(const World& world, const Case& the_case);

// Sets them at the ends that are this kernel's, and writes down in `environment` what is in force.
[[nodiscard]] Result<void> set_sysctls(World& world, const Case& the_case, const Job& job,
                                       Environment& environment);

// On networks that are not the case's own nothing is set: whether what is in force is as it wants.
[[nodiscard]] Result<void> compare_sysctls(const Case& the_case, const Environment& environment);

}  // namespace faultline
