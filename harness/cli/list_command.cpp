// faultline list and lint.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/cli/commands.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/selecting.hpp"
#include "harness/run/rules.hpp"
#include "reports/safe_text.hpp"

namespace faultline {

int list_command(const Selection& selection) {
  const auto selected = select_cases(selection);
  if (!selected) return selected.error();
  size_t widest = 0;
  for (const Case& the_case : selected->cases) widest = std::max(widest, the_case.id.size());
  for (const Case& the_case : selected->cases)
    fmt::print("{:<{}}  {:<6}  {:<10}  {:<4}  {:<8}  {}\n", the_case.id, widest,
               to_string(the_case.about), to_string(the_case.level), the_case.slow ? "slow" : "",
               fmt::format("{}", fmt::join(the_case.claims, ",")), safe_text(the_case.title));
  return all_as_expected;
}

int list_claims_command(const Selection& selection) {
  const auto folder = suite_of(selection);
  if (!folder) return folder.error();
  const auto claims = claims_of(*folder);
  if (!claims) return claims.error();
  if (!*claims) {
    fmt::print(stderr, "faultline: the suite {} has no {}\n", safe_text(folder->string()),
               claims_file);
    return nothing_selected;
  }
  const auto selected = select_cases(selection);
  if (!selected) return selected.error();
  size_t without = 0;
  for (const auto& [id, cases] : cases_by_claim(**claims, selected->cases)) {
    fmt::print("{}  {}\n", safe_text(id), safe_text((*claims)->at(id)));
    for (const std::string& one : cases) fmt::print("       {}\n", safe_text(one));
    if (!cases.empty()) continue;
    fmt::print("       no case\n");
    ++without;
  }
  fmt::print("{} claims, {} without a case\n", (*claims)->size(), without);
  return without == 0 ? all_as_expected : something_failed;
}

int lint_command(const std::vector<std::string>& files) {
  const auto suite = suite_folder().value_or(std::filesystem::path());
  const auto claims = claims_of(suite);
  if (!claims) return claims.error();
  bool bad = false;
  for (const std::string& file : files) {
    const bool suites_own = *claims && is_below(file, suite);
    const auto read =
        load_case(file, case_id(file, suite), known_faults(), suites_own ? &**claims : nullptr);
    if (read) {
      fmt::print("{}: good\n", safe_text(file));
      continue;
    }
    fmt::print(stderr, "{}\n", to_string(read.error()));
    bad = true;
  }
  return bad ? bad_case_file : all_as_expected;
}

}  // namespace faultline
