// The same run, had it gone otherwise.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "harness/tcp/selector.hpp"
#include "harness/trace/trace.hpp"

namespace faultline::test {

// A copy with something changed.
[[nodiscard]] std::shared_ptr<const Trace> changed(const Trace& trace,
                                                   const std::function<void(Trace&)>& change);

// Every time multiplied; how exactly a state was seen, and how late the harness was, stay as they
// are.
[[nodiscard]] Trace at_another_pace(Trace trace, double factor);
// As slow as nanoseconds can be counted, a million times at most.
[[nodiscard]] double slowest_pace(const Trace& trace);
inline constexpr double fastest_pace = 1e-6;

// All that the timer models read doubled and more: retries, intervals, timeouts.
[[nodiscard]] Trace with_other_sysctls(Trace trace);

// A segment of which `selector` is true but for its `nth`, made from one of the run's. Nothing
// where none can be made.
[[nodiscard]] std::optional<SegmentEvent> matching_segment(const Selector& selector,
                                                           const Trace& trace);
// The run with as many of these at its end as `selector` needs to select one.
[[nodiscard]] std::optional<Trace> with_matching_segments(Trace trace, const Selector& selector);

}  // namespace faultline::test
