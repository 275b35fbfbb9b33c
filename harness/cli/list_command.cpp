// faultline list, lint and doctor.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/cli/commands.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/selecting.hpp"
#include "harness/run/rules.hpp"
#include "harness/world/probe.hpp"
#include "reports/safe_text.hpp"

namespace faultline {

int list_command(const Selection& selection) {
  const auto cases = select_cases(selection);
  if (!cases) return cases.error();
  size_t widest = 0;
  for (const Case& the_case : *cases) widest = std::max(widest, the_case.id.size());
  for (const Case& the_case : *cases)
    fmt::print("{:<{}}  {:<6}  {:<10}  {:<8}  {}\n", the_case.id, widest, to_string(the_case.about),
               to_string(the_case.level), fmt::format("{}", fmt::join(the_case.claims, ",")),
               safe_text(the_case.title));
  return all_as_expected;
}

int lint_command(const std::vector<std::string>& files) {
  const auto suite = suite_folder();
  bool bad = false;
  for (const std::string& file : files) {
    const std::string id = case_id(file, suite.value_or(std::filesystem::path()));
    const auto read = load_case(file, id, known_faults());
    if (read) {
      fmt::print("{}: good\n", safe_text(file));
      continue;
    }
    fmt::print(stderr, "{}\n", to_string(read.error()));
    bad = true;
  }
  return bad ? bad_case_file : all_as_expected;
}

int doctor_command() {
  bool well = true;
  for (const Probe& probe : probe_all()) {
    fmt::print("{}  {}: {}\n", probe.ok ? "ok      " : "missing ", probe.name, probe.detail);
    if (!probe.advice.empty()) fmt::print("          {}\n", probe.advice);
    well = well && probe.ok;
  }
  if (well) fmt::print("\nThis machine can run the suite.\n");
  return well ? all_as_expected : no_privilege;
}

}  // namespace faultline
