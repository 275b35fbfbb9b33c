// When something may happen, as the judge compares it: late is normal, early is a bug (DESIGN D6).
#pragma once

#include <optional>
#include <string>

#include "harness/judge/timeline.hpp"
#include "harness/timers/models.hpp"

namespace faultline {

// A point in time of a run, known to lie between the two. `time` is when it was noticed.
struct Instant {
  Nanos earliest{}, time{};
};

// The elapsed times that meet an expectation: the nominal ones of the stack, widened by what the
// machine may add. `why` says it for reports: "never early; +32ms timer wheel at 250 Hz, +50ms …".
struct Window {
  Nanos low{}, high{};
  std::string nominal;
  std::string why;
};

// What every machine may add to an upper bound: the time between a timer's softirq or a wake-up and
// the processor being free for it. Multiplied by --timing-scale; nothing in virtual time.
inline constexpr Nanos machine_tolerance = 50ms;
// A stamp can be this much late against the event that it belongs to without anybody noticing.
inline constexpr Nanos stamp_uncertainty = 1ms;
// A stall of the harness longer than this (times --timing-scale) leaves no ground for a verdict on
// anything that came late meanwhile.
inline constexpr Nanos tolerated_stall = 250ms;

[[nodiscard]] Nanos longest_tolerated_stall(const Timeline& timeline);

// The inputs of the models for one end of a connection of this run.
[[nodiscard]] TimerInputs timer_inputs(const Timeline& timeline, const ConnectionEnd& end);

// How a single duration is to be read: as one timer, or as the sum of many whose composition is not
// said (a call that retries several times).
enum class Single : uint8_t { one_timer, any_composition };

// The window of `spec` between two moments of the run. `end` is whose timers they are. An Error is
// a model that cannot be computed.
[[nodiscard]] Result<Window> window_of(const TimeSpec& spec, Single single,
                                       const Timeline& timeline,
                                       const ConnectionEnd& end, Instant from, Instant to);
// The same for bounds that a model gave.
[[nodiscard]] Window window_of(Bounds bounds, const Timeline& timeline, Instant from, Instant to);

// "999ms to 1.082s (-1ms start uncertainty, +32ms timer wheel at 250 Hz, +50ms machine)"
[[nodiscard]] std::string tolerance_text(const Window& window);

enum class Fit : uint8_t { inside, outside, untellable };
// Untellable: too late, but the harness stalled meanwhile for longer than is tolerated; or too early
// by no more than it stalled.
[[nodiscard]] Fit fit(const Window& window, const Timeline& timeline, Instant from, Instant to);

// The longest that `spec` can take before anything was measured: for deadlines and the time left.
[[nodiscard]] Nanos longest(const TimeSpec& spec, const TimerInputs& inputs);

}  // namespace faultline
