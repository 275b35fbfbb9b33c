// Which events of a trace a ladder shows.
#pragma once

#include <vector>

#include "harness/judge/result.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

enum class Shown : uint8_t { no, left_out, yes };

// For each event: `no` of what says nothing about the stacks (the set-up's calls, waits that came
// to an end, stalls that every machine has), `left_out` of what there is no room for.
[[nodiscard]] std::vector<Shown> shown_events(const Trace& trace, const CaseResult& result,
                                              size_t most);

}  // namespace faultline
