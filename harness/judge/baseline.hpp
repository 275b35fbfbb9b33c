// A baseline: the outcome of every variant as it was accepted, for a gate that tells what changed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

struct Baseline {
  std::string file;  // as it was named
  // By variant without its repetition. Never INCONCLUSIVE or ERROR: nobody wants these again.
  std::map<std::string, Outcome> outcomes;
};

[[nodiscard]] bool is_undecided(Outcome outcome);

// Strict: whatever is not as the baseline has it is a change, also for the better. Of several
// repetitions each must be. What the run was not asked for, or did not come to, is not missing.
[[nodiscard]] BaselineComparison compare_with(const Baseline& baseline, const RunInfo& info,
                                              const std::vector<CaseResult>& results);

// The baseline that these results would match: what was asked for anew, everything else as it was. Of
// several repetitions the worst; where nothing was decided, what was there before.
[[nodiscard]] Baseline updated(Baseline baseline, const RunInfo& info,
                               const std::vector<CaseResult>& results);

}  // namespace faultline
