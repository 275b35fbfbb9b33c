// The checks of one run. Each gives its findings; none of them knows of verdicts.
#pragma once

#include <vector>

#include "harness/judge/result.hpp"
#include "harness/judge/timeline.hpp"

namespace faultline {

// Steps: what calls returned, how long they took, whether waits came to an end (check_times.cpp).
[[nodiscard]] std::vector<Finding> check_steps(const Timeline& timeline);

// One expectation of the case's [expect] (check_states.cpp, check_wire.cpp, check_times.cpp).
[[nodiscard]] Finding check(const StatesExpectation& expectation, const Timeline& timeline);
[[nodiscard]] Finding check(const FinalExpectation& expectation, const Timeline& timeline);
[[nodiscard]] Finding check(const GapsExpectation& expectation, const Timeline& timeline);
[[nodiscard]] Finding check(const CountExpectation& expectation, const Timeline& timeline);
[[nodiscard]] Finding check(const TimeExpectation& expectation, const Timeline& timeline);
[[nodiscard]] Finding check(const NeverExpectation& expectation, const Timeline& timeline);
[[nodiscard]] Finding check(const SegmentsExpectation& expectation, const Timeline& timeline);
[[nodiscard]] Finding check(const StreamExpectation& expectation, const Timeline& timeline);

// What holds in every case (invariants.cpp): only legal transitions, acknowledgements that go only
// forward and never beyond what was sent, the peer's window respected, checksums right, the stream
// intact. Only what is broken is found, and what cannot be told.
[[nodiscard]] std::vector<Finding> check_invariants(const Timeline& timeline);

// The first lines of evidence; more would be a dump.
inline constexpr size_t most_evidence = 12;
// "1.032s client > SYN seq 0 …" for each, the first `most_evidence`.
[[nodiscard]] std::vector<std::string> evidence_of(
    const Timeline& timeline, const std::vector<const SegmentEvent*>& segments);

}  // namespace faultline
