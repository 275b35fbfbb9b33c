// The moments that `times` names, as they came in a run, and whose doing they are.
#pragma once

#include "harness/judge/window.hpp"

namespace faultline {

// Error: it never came.
[[nodiscard]] Result<Instant> instant_of(const Moment& moment, const Timeline& timeline);

// The event that it came with, as an index into the trace; nothing where it never came.
[[nodiscard]] std::optional<size_t> event_of(const Moment& moment, const Timeline& timeline);

[[nodiscard]] std::optional<End> owner_of(const Moment& moment, const Timeline& timeline);
[[nodiscard]] std::optional<End> owner_of_call(const std::string& step, const Timeline& timeline);

// Whose timers bring that moment about.
[[nodiscard]] ConnectionEnd end_of(const Moment& moment, const Timeline& timeline);
// Whose timers make the segments that were found.
[[nodiscard]] ConnectionEnd sender(const Selector& selector,
                                   const std::vector<const SegmentEvent*>& found);

}  // namespace faultline
