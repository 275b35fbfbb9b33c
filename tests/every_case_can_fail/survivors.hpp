// Which falsified statements a judge does not find broken.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/judge/judge.hpp"
#include "tests/every_case_can_fail/leaf.hpp"

namespace faultline::test {

using Judge = std::function<CaseResult(const Case&, const Trace&)>;

// The judge of the program, for a stack under test at both ends and a harness that was never late:
// what any end breaks is a FAIL.
[[nodiscard]] CaseResult judged_strictly(const Case& the_case, const Trace& trace);

// A line each, empty where every leaf has a mutant and the judge finds all of them broken:
// "topic/case.toml:12: number of every SYN: still holds when falsified (3+)".
[[nodiscard]] std::vector<std::string> survivors(const TracedRun& run,
                                                 const Judge& judge = judged_strictly);

}  // namespace faultline::test
