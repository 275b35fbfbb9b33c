// The statements of a case with what makes each of them wrong.
#pragma once

#include <functional>
#include <vector>

#include "tests/every_case_can_fail/leaf.hpp"

namespace faultline::test {

// Every statement of the run's case.
[[nodiscard]] std::vector<Leaf> leaves_of(const TracedRun& run);

// What a step promises: the outcome of a call, its time, that what is waited for comes
// (step_leaves.cpp).
[[nodiscard]] std::vector<Leaf> leaves_of_step(const TracedRun& run, size_t step);
// One entry of [expect] (expectation_leaves.cpp). The cases of its mutants have no other.
[[nodiscard]] std::vector<Leaf> leaves_of_expectation(const TracedRun& run, size_t expectation);

// A TIME: the case with another in its place, and the run at another pace (time_leaves.cpp).
using WithTime = std::function<Case(const TimeSpec&)>;
[[nodiscard]] std::vector<Mutant> mutants_of_time(const TracedRun& run, const TimeSpec& spec,
                                                  const WithTime& with);
// The case and its run under other settings of all that timers follow.
[[nodiscard]] Mutant with_other_settings(const TracedRun& run, const Case& the_case);
// Whether a model has settings at all.
[[nodiscard]] bool has_settings(const std::string& timer);

// Ranges of which no number in `range` is one; none where it is every number.
[[nodiscard]] std::vector<Range> ranges_beside(Range range);

}  // namespace faultline::test
