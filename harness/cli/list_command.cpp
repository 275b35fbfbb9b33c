// faultline list and lint.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/cli/commands.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/selecting.hpp"
#include "harness/cli/tell.hpp"
#include "harness/run/rules.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

template <typename... T>
void line(fmt::format_string<T...> format, T&&... arguments) {
  tell(stdout, safe_text(fmt::format(format, std::forward<T>(arguments)...)) + "\n");
}

}  // namespace

int list_command(const Selection& selection) {
  const auto selected = select_cases(selection);
  if (!selected) return selected.error();
  size_t widest = 0;
  for (const Case& the_case : selected->cases) widest = std::max(widest, the_case.id.size());
  for (const Case& the_case : selected->cases)
    line("{:<{}}  {:<6}  {:<10}  {:<4}  {:<8}  {}", the_case.id, widest, to_string(the_case.about),
         to_string(the_case.level), the_case.slow ? "slow" : "",
         fmt::format("{}", fmt::join(the_case.claims, ",")), the_case.title);
  return all_as_expected;
}

int list_claims_command(const Selection& selection) {
  const auto folder = suite_of(selection);
  if (!folder) return folder.error();
  const auto claims = claims_of(*folder);
  if (!claims) return claims.error();
  if (!*claims)
    return complain(nothing_selected,
                    fmt::format("the suite {} has no {}", folder->string(), claims_file));
  const auto selected = select_cases(selection);
  if (!selected) return selected.error();
  size_t without = 0;
  for (const auto& [id, cases] : cases_by_claim(**claims, selected->cases)) {
    line("{}  {}", id, (*claims)->at(id));
    for (const std::string& one : cases) line("       {}", one);
    if (!cases.empty()) continue;
    line("       no case");
    ++without;
  }
  line("{} claims, {} without a case", (*claims)->size(), without);
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
      line("{}: good", file);
      continue;
    }
    complain(bad_case_file, read.error());
    bad = true;
  }
  return bad ? bad_case_file : all_as_expected;
}

}  // namespace faultline
