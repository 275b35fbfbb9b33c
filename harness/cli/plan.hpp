// From the selected cases to what is to be run: every case in each of its variants.
#pragma once

#include <vector>

#include "harness/cli/commands.hpp"
#include "harness/cli/stacks.hpp"
#include "harness/run/variant.hpp"

namespace faultline {

struct Plan {
  std::vector<Variant> variants;
  std::vector<CaseResult> not_run;  // SKIP and UNSUPPORTED, in the order of the cases
  std::vector<std::string> left_out;  // ids of cases that are too slow for one of the stacks
};

struct PlanSetting {
  int hz = 0;
  Nanos longest_ordinary = Nanos::max();  // longer cases are left out where they are not asked for
};

// `cases` and `stacks` must outlive the variants.
[[nodiscard]] Plan plan_variants(const std::vector<Case>& cases,
                                 const std::vector<ChosenStack>& stacks,
                                 const RunArguments& arguments, const RunnerOptions& options,
                                 const PlanSetting& setting);

}  // namespace faultline
