// A run as `faultline compare` is given it: the folder of its traces, or its JSON report.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "harness/compare/comparison.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// All runs of the cases that `cases` names by id or glob; of all where it is empty. Of a folder
// every trace below it is judged again, by the known deviations of the stacks that come with this
// program; a folder of several kernels has a column "STACK@KERNEL" for each. Of a report outcomes
// are taken as they stand there, and traces where the files that it names are still those of that
// run. Sorted by case, end, family and repetition. Errors: nothing there; a file that is none of
// ours.
[[nodiscard]] Result<ComparedSide> read_run(const std::string& path,
                                            const std::vector<std::string>& cases);

}  // namespace faultline
