#include "harness/cli/outcome_code.hpp"

#include <algorithm>

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

}  // namespace faultline
