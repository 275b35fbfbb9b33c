#include "harness/cli/outcome_code.hpp"

#include <algorithm>

#include "harness/judge/baseline.hpp"

namespace faultline {

ExitCode exit_code_of(const std::vector<CaseResult>& results) {
  const auto any = [&](auto... outcomes) {
    return std::ranges::any_of(
        results, [&](const CaseResult& r) { return ((r.outcome == outcomes) || ...); });
  };
  if (any(Outcome::FAIL, Outcome::XPASS)) return something_failed;
  if (any(Outcome::INCONCLUSIVE, Outcome::ERROR)) return nothing_failed_but_unsure;
  if (any(Outcome::PASS, Outcome::XFAIL)) return all_as_expected;
  return all_skipped;
}

ExitCode exit_code_of(const RunInfo& info, const std::vector<CaseResult>& results) {
  if (info.interrupted) return interrupted;
  ExitCode code = exit_code_of(results);
  if (info.baseline) {
    const bool fails = std::ranges::any_of(info.baseline->changes, &BaselineChange::fails);
    const bool unsure = std::ranges::any_of(
        results, [](const CaseResult& result) { return is_undecided(result.outcome); });
    if (fails) return something_failed;
    if (code == something_failed) code = all_as_expected;
    if (unsure) code = nothing_failed_but_unsure;
  }
  const bool part = info.asked.shards > 1;
  if (code == all_skipped && part) code = all_as_expected;
  if (code == all_as_expected && !info.absent_shards.empty()) return nothing_failed_but_unsure;
  return code;
}

}  // namespace faultline
