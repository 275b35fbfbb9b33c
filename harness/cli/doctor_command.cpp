// faultline doctor.
#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/commands.hpp"
#include "harness/cli/places.hpp"
#include "harness/kernel/guest_folder.hpp"
#include "harness/kernel/launch.hpp"
#include "harness/world/probe.hpp"

namespace faultline {
namespace {

// Of the kernel that is taken where none is named.
Probe probe_virtual_time() {
  const auto broken = [](std::string detail, std::string advice = "") {
    return Probe{"virtual time", false, std::move(detail), std::move(advice)};
  };
  const std::string& name = uml_names().front();
  const auto places = uml_places();
  if (!places) return broken(places.error().what);
  const auto built = uml_path(parse_kernel_name(name).value(), *places);
  if (!built) return broken(built.error().what);
  if (!*built) return broken(name + " is not built", "faultline kernel build " + name);
  if (const auto folder = GuestFolder::make(); !folder) return broken(folder.error().what);
  if (const auto may = require_ptrace(); !may) return broken(may.error().what);
  return {"virtual time", true, name + " is built and can be started", ""};
}

void print(const Probe& probe) {
  fmt::print("{}  {}: {}\n", probe.ok ? "ok      " : "missing ", probe.name, probe.detail);
  if (!probe.advice.empty()) fmt::print("          {}\n", probe.advice);
}

}  // namespace

int doctor_command() {
  const std::vector<Probe> machine = probe_all();
  const Probe guest = probe_virtual_time();
  print(guest);
  std::ranges::for_each(machine, print);
  const bool host = std::ranges::all_of(machine, &Probe::ok);
  if (host || guest.ok)
    fmt::print("\nThis machine can run the suite{}.\n",
               host && guest.ok ? ""
               : host           ? " on its own kernel, in real time"
                                : " in virtual time, not on its own kernel");
  return host || guest.ok ? all_as_expected : no_privilege;
}

}  // namespace faultline
