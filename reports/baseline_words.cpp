#include "reports/baseline_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

using Kind = BaselineChange::Kind;

size_t count_of(const BaselineComparison& comparison, Kind kind) {
  return static_cast<size_t>(std::ranges::count(comparison.changes, kind, &BaselineChange::kind));
}

Outcome colour_like(const BaselineChange& change) {
  if (change.fails()) return Outcome::FAIL;
  return change.kind == Kind::undecided ? Outcome::INCONCLUSIVE : Outcome::PASS;
}

}  // namespace

std::string change_words(const BaselineChange& change) {
  if (!change.was && !change.is) return "";
  if (!change.was) return fmt::format("{}, not in the baseline", to_string(*change.is));
  return fmt::format("{} -> {}", to_string(*change.was),
                     change.is ? to_string(*change.is) : "no result");
}

std::string baseline_report(const BaselineComparison& comparison, const TextStyle& style) {
  std::string text =
      fmt::format("baseline {}: {} as in it", safe_text(comparison.file), comparison.same);
  constexpr std::array kinds{Kind::worse, Kind::missing, Kind::improved, Kind::undecided,
                             Kind::added};
  for (const Kind kind : kinds)
    if (const size_t count = count_of(comparison, kind); count > 0)
      text += fmt::format(", {} {}", count, to_string(kind));
  text += "\n";
  for (const BaselineChange& change : comparison.changes) {
    const std::string kind = fmt::format("{:<9}", to_string(change.kind));
    text += fmt::format("  {}  {}  {}\n", painted(kind, colour_like(change), style),
                        safe_text(change.variant), change_words(change));
  }
  if (count_of(comparison, Kind::improved) > 0)
    text += "  what improved belongs into the baseline: --write-baseline writes it again\n";
  return text;
}

}  // namespace faultline
