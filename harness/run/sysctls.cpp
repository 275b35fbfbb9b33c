#include "harness/run/sysctls.hpp"

#include <fmt/format.h>

#include "harness/world/world.hpp"

namespace faultline {
namespace {

// Kernels before 6.5 have no linear timeouts of SYNs: to a case that wants none they are as good.
bool is_off_where_absent(const std::string& sysctl, const std::string& value) {
  return sysctl == "net.ipv4.tcp_syn_linear_timeouts" && value == "0";
}

bool has_kernel(const World& world, End end) {
  return world.device(end) < 0;  // on a device stands a stack that only amounts to some settings
}

std::map<std::string, std::string> wanted_at(End end, const World& world, const Case& the_case,
                                             const Job& job) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : the_case.setup(end).sysctl) {
    const std::string full = full_sysctl_name(name);
    if (!is_off_where_absent(full, value) || world.read_sysctl(end, full)) values[full] = value;
  }
  const bool is_sut = job.sut == About::both || to_string(job.sut) == to_string(end);
  if (is_sut)
    for (const auto& [name, value] : job.overrides) values[name] = value;
  return values;
}

}  // namespace

std::string full_sysctl_name(const std::string& name) {
  return name.find('.') == std::string::npos ? "net.ipv4." + name : name;
}

std::optional<std::string> missing_sysctl(const World& world, const Case& the_case) {
  for (const End end : both_ends) {
    if (!has_kernel(world, end)) continue;
    for (const auto& [name, value] : the_case.setup(end).sysctl) {
      const std::string full = full_sysctl_name(name);
      if (!is_off_where_absent(full, value) && !world.read_sysctl(end, full)) return full;
    }
  }
  return {};
}

Result<void> set_sysctls(World& world, const Case& the_case, const Job& job,
                         Environment& environment) {
  const auto initial = world.initial_tcp_sysctls();
  if (!initial) return std::unexpected(initial.error());
  for (const End end : both_ends) {
    if (!has_kernel(world, end)) continue;
    auto& in_force = environment.ends[index(end)].sysctl;
    in_force = *initial;
    for (const auto& [name, value] : wanted_at(end, world, the_case, job)) {
      auto written = world.write_sysctl(end, name, value);
      if (!written) return fail("the {}'s sysctls: {}", to_string(end), written.error().what);
      if (initial->contains(name)) in_force[name] = std::move(*written);
    }
  }
  return {};
}

Result<void> compare_sysctls(const Case& the_case, const Environment& environment) {
  for (const End end : both_ends) {
    const auto& in_force = environment.ends[index(end)].sysctl;
    for (const auto& [name, value] : the_case.setup(end).sysctl) {
      const auto there = in_force.find(full_sysctl_name(name));
      if (there == in_force.end() && is_off_where_absent(full_sysctl_name(name), value)) continue;
      if (there == in_force.end())
        return fail("the case sets the {}'s {}, which is not known there", to_string(end), name);
      if (there->second != value)
        return fail("the case sets the {}'s {} to {}; it is {} there, and stays so", to_string(end),
                    name, value, there->second);
    }
  }
  return {};
}

}  // namespace faultline
