// How long things are waited for, and how long a case will take: from what it says itself and from
// the timer models.
#pragma once

#include <functional>

#include "harness/case/case.hpp"
#include "harness/timers/models.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

// The inputs of the models for an end before anything was measured. The sysctls are those in force
// where they are known, else the case's own over the kernel's defaults.
[[nodiscard]] TimerInputs expected_inputs(const Case& the_case, const Environment& environment,
                                          End end);

// The same for what a call may wait for, with the options that steps set on its socket.
[[nodiscard]] TimerInputs expected_inputs(const Case& the_case, const Environment& environment,
                                          const CallStep& call);

// The longest that a call may take before it is given up: half as long again as it says, and ten
// seconds; for a call that says nothing of its time `default_patience`, or `patience_with_failure`
// where it is to fail.
[[nodiscard]] Nanos patience(const CallStep& call, const TimerInputs& inputs);

// What a case will take when all goes as it says; for the time left, and for who goes first.
[[nodiscard]] Nanos predicted_length(const Case& the_case, const Environment& environment);
// When a run of it is certainly stuck.
[[nodiscard]] Nanos longest_length(const Case& the_case, const Environment& environment);

}  // namespace faultline
