#include "harness/judge/baseline.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/util/glob.hpp"

namespace faultline {
namespace {

using enum Outcome;
using Kind = BaselineChange::Kind;

std::string name_of(const CaseResult& result) {
  return without_repetition(result.variant());
}

// Whether every part of the run came to its end.
bool is_whole(const RunInfo& info) {
  return !info.interrupted && info.asked.shards == 1 && info.absent_shards.empty();
}

bool has_column(const RunInfo& info, const std::string& column) {
  const std::string name = column.empty() ? "linux" : column;
  return info.columns.empty() || std::ranges::find(info.columns, name) != info.columns.end();
}

// Whether the run should have a result of that name.
bool was_asked_for(const std::string& variant, const RunInfo& info) {
  const auto parts = parse_variant_name(variant);
  if (!parts) return false;
  const Asked& asked = info.asked;
  const std::string& id = parts->case_id;
  const bool family = parts->family == Family::ipv4 ? asked.ipv4 : asked.ipv6;
  const bool only_others =
      !asked.only.empty() && std::ranges::find(asked.only, variant) == asked.only.end();
  return (asked.cases.empty() || any_glob_matches(asked.cases, id)) &&
         !any_glob_matches(asked.exclude, id) && (family || asked.ipv4 == asked.ipv6) &&
         std::ranges::find(asked.left_out, id) == asked.left_out.end() &&
         has_column(info, parts->column) && !only_others;
}

// From an outcome to another one.
Kind kind_of(Outcome was, Outcome is) {
  if (is_undecided(is)) return Kind::undecided;
  if (is == PASS || (is == XFAIL && was != PASS)) return Kind::improved;
  return Kind::worse;
}

// The higher, the less one wants it again.
int badness(Outcome outcome) {
  switch (outcome) {
    case PASS:
      return 0;
    case XFAIL:
      return 1;
    case UNSUPPORTED:
      return 2;
    case SKIP:
      return 3;
    case XPASS:
      return 4;
    case FAIL:
    case INCONCLUSIVE:
    case ERROR:
      return 5;
  }
  return 5;
}

}  // namespace

bool is_undecided(Outcome outcome) {
  return outcome == INCONCLUSIVE || outcome == ERROR;
}

BaselineComparison compare_with(const Baseline& baseline, const RunInfo& info,
                                const std::vector<CaseResult>& results) {
  const auto order = [](const BaselineChange& a, const BaselineChange& b) {
    return std::tie(a.kind, a.variant, a.is) < std::tie(b.kind, b.variant, b.is);
  };
  std::set<BaselineChange, decltype(order)> changes(order);  // repetitions that agree count once
  std::set<std::string> seen, changed;
  for (const CaseResult& result : results) {
    const std::string name = name_of(result);
    seen.insert(name);
    const auto was = baseline.outcomes.find(name);
    if (was != baseline.outcomes.end() && was->second == result.outcome) continue;
    changed.insert(name);
    if (was == baseline.outcomes.end())
      changes.insert(
          {is_undecided(result.outcome) ? Kind::undecided : Kind::added, name, {}, result.outcome});
    else
      changes.insert({kind_of(was->second, result.outcome), name, was->second, result.outcome});
  }
  for (const auto& [name, was] : baseline.outcomes)
    if (is_whole(info) && !seen.contains(name) && was_asked_for(name, info))
      changes.insert({Kind::missing, name, was, {}});
  return {.file = baseline.file,
          .changes = {changes.begin(), changes.end()},
          .same = seen.size() - changed.size()};
}

Baseline updated(Baseline baseline, const RunInfo& info, const std::vector<CaseResult>& results) {
  std::map<std::string, Outcome> now;
  std::set<std::string> seen;
  for (const CaseResult& result : results) {
    const std::string name = name_of(result);
    seen.insert(name);
    if (is_undecided(result.outcome)) continue;
    const auto [place, is_new] = now.emplace(name, result.outcome);
    if (!is_new && badness(result.outcome) > badness(place->second)) place->second = result.outcome;
  }
  if (is_whole(info))
    std::erase_if(baseline.outcomes, [&](const auto& entry) {
      return !seen.contains(entry.first) && was_asked_for(entry.first, info);
    });
  for (const auto& [name, outcome] : now) baseline.outcomes[name] = outcome;
  return baseline;
}

}  // namespace faultline
