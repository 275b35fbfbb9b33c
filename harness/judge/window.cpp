#include "harness/judge/window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace faultline {
namespace {

constexpr int most_hz = 1200;             // of the timer wheel's model
constexpr Nanos longest_wheel = 24h * 365;  // of what ends at all

Nanos scaled(Nanos value, const Timeline& timeline) {
  const Environment& environment = timeline.trace().environment;
  if (environment.virtual_time) return 0ns;
  return Nanos(std::llround(static_cast<double>(value.count()) * environment.timing_scale));
}

bool is_on(const std::map<std::string, std::string>& sysctl, const std::string& name) {
  const auto found = sysctl.find("net.ipv4." + name);
  return found == sysctl.end() || found->second != "0";
}

Window window_of_range(const TimeSpec& spec) {
  return {.low = spec.min.value_or(0ns),
          .high = spec.max.value_or(Nanos::max()),
          .nominal = to_string(spec),
          .why = ""};
}

// Of a clock that ticks: each timer may be off by a tick. Where only the total is known there may have
// been several.
Window window_of_ticks(const TimeSpec& spec, Ticks ticks, Single single) {
  constexpr int most_timers = 8;
  const bool composed = spec.sum.size() == 1 && single == Single::any_composition;
  const auto timers = composed ? most_timers : static_cast<int>(spec.sum.size());
  Nanos nominal{};
  for (const Nanos term : spec.sum) nominal += term;
  return {.low = std::max(nominal - ticks.early * timers, 0ns),
          .high = nominal + ticks.late * timers,
          .nominal = to_string(spec),
          .why = fmt::format("-{} to +{} clock ticks", format_duration(ticks.early * timers),
                             format_duration(ticks.late * timers))};
}

std::string nominal_text(Bounds bounds) {
  return bounds.low == bounds.high
             ? format_duration(bounds.low)
             : fmt::format("{} to {}", format_duration(bounds.low), format_duration(bounds.high));
}

// A processor that stood still when a timer was set has a wheel that lags behind: the timer then
// waits on the level of a longer one, in a wider slot (calc_wheel_index, kernel/time/timer.c, takes
// the distance from the wheel's own clock).
Window on_a_lagging_wheel(Window window, const Timeline& timeline, Instant from, Instant to) {
  const Nanos stall = timeline.longest_stall(from.earliest, to.time);
  const int hz = timeline.trace().environment.hz;
  if (stall == 0ns || window.low > longest_wheel || hz < 1 || hz > most_hz) return window;
  window.high = std::max(window.high, worst_composition(window.low + stall, hz).high);
  return window;
}

// Adds what the machine, the measurement and the harness may add.
Window widened(Window window, const Timeline& timeline, Instant from, Instant to) {
  const Nanos machine = scaled(machine_tolerance, timeline);
  const Nanos stall =
      std::min(timeline.longest_stall(from.earliest, to.time), longest_tolerated_stall(timeline));
  const Nanos start = (from.time - from.earliest) + scaled(stamp_uncertainty, timeline);
  const Nanos end = to.time - to.earliest;
  window.low = std::max(window.low - start, 0ns);
  if (window.high < Nanos::max() - machine - stall - end) window.high += machine + stall + end;
  window.why = fmt::format("-{} start uncertainty, {}+{} machine", format_duration(start),
                           window.why.empty() ? "" : window.why + ", ", format_duration(machine));
  if (stall > 0ns) window.why += fmt::format(", +{} stall", format_duration(stall));
  if (end > 0ns) window.why += fmt::format(", +{} end uncertainty", format_duration(end));
  return window;
}

bool syn_was_retransmitted(const Timeline& timeline) {
  return std::ranges::any_of(timeline.segments(), [](const SegmentEvent* event) {
    return event->facts.retransmission && event->segment.flags.has(Flags::syn);
  });
}

}  // namespace

Nanos longest_tolerated_stall(const Timeline& timeline) {
  return scaled(tolerated_stall, timeline);
}

namespace {

// The options that the case's own steps set on this end's socket.
void add_options(TimerInputs& inputs, const Timeline& timeline, const ConnectionEnd& end) {
  const auto& steps = timeline.the_case().steps;
  for (size_t i = 0; i < steps.size(); ++i) {
    const auto* call = std::get_if<CallStep>(&steps[i].what);
    const ResultEvent* result = timeline.result(static_cast<int>(i));
    if (call && call->call == Call::setsockopt && call->end == end.end && result &&
        result->connection == end.connection)
      inputs.options[call->option] = call->value;
  }
}

}  // namespace

TimerInputs timer_inputs(const Timeline& timeline, const ConnectionEnd& connection_end) {
  const End end = connection_end.end;
  const Environment& environment = timeline.trace().environment;
  const auto& mine = environment.ends[index(end)].sysctl;
  const auto& theirs = environment.ends[index(other(end))].sysctl;
  TimerInputs inputs{.hz = environment.hz, .sysctl = mine};
  inputs.options = timeline.the_case().setup(end).options;
  inputs.peer_sysctl = theirs;
  inputs.peer_options = timeline.the_case().setup(other(end)).options;
  add_options(inputs, timeline, connection_end);
  // What the stack measured differs from what the wire saw by the way to it and back.
  const auto [low, high] = timeline.round_trip(end);
  inputs.rtt_low = std::max<Nanos>(low - stamp_uncertainty, 1us);
  inputs.rtt_high = high + stamp_uncertainty;
  inputs.ticks = environment.ends[index(end)].ticks;
  inputs.promises = environment.ends[index(end)].promises;
  inputs.sack = is_on(mine, "tcp_sack") && is_on(theirs, "tcp_sack");
  const bool stamps = is_on(mine, "tcp_timestamps") && is_on(theirs, "tcp_timestamps");
  inputs.rtt_known = stamps || !syn_was_retransmitted(timeline);
  return inputs;
}

Window window_of(Bounds bounds, const Timeline& timeline, Instant from, Instant to) {
  Window window{.low = bounds.low, .high = bounds.high, .nominal = nominal_text(bounds), .why = ""};
  return widened(on_a_lagging_wheel(std::move(window), timeline, from, to), timeline, from, to);
}

Result<Window> window_of(const TimeSpec& spec, Single single, const Timeline& timeline,
                         const ConnectionEnd& end, Instant from, Instant to) {
  if (!spec.timer.empty()) {
    const auto prediction = predict(spec.timer, timer_inputs(timeline, end));
    if (!prediction) return std::unexpected(prediction.error());
    Window window = window_of(prediction->gives_up, timeline, from, to);
    window.nominal = to_string(spec) + " says " + window.nominal;
    return window;
  }
  if (spec.sum.empty()) return widened(window_of_range(spec), timeline, from, to);
  if (const auto& ticks = timeline.trace().environment.ends[index(end.end)].ticks)
    return widened(window_of_ticks(spec, *ticks, single), timeline, from, to);
  const int hz = timeline.trace().environment.hz;
  if (hz < 1 || hz > most_hz) return fail("the trace says HZ is {}, so no bound is known", hz);
  const bool composed = spec.sum.size() == 1 && single == Single::any_composition;
  const Bounds bounds = composed ? worst_composition(spec.sum[0], hz) : of_sum(spec.sum, hz);
  Nanos nominal{};
  for (const Nanos term : spec.sum) nominal += term;
  Window window{
      .low = nominal,
      .high = bounds.high,
      .nominal = to_string(spec),
      .why = fmt::format("+{} timer wheel at {} Hz", format_duration(bounds.high - nominal), hz)};
  return widened(on_a_lagging_wheel(std::move(window), timeline, from, to), timeline, from, to);
}

std::string tolerance_text(const Window& window) {
  const std::string high = window.high == Nanos::max() ? "any time" : format_duration(window.high);
  return fmt::format("{} to {} ({})", format_duration(window.low), high, window.why);
}

Fit fit(const Window& window, const Timeline& timeline, Instant from, Instant to) {
  const Nanos elapsed = to.time - from.time;
  if (elapsed >= window.low && elapsed <= window.high) return Fit::inside;
  // What was stamped while the machine stood still may have happened as long before as it stood. And
  // on a machine that stands still now and then ticks come late, and jiffies, which a timer is set
  // by, lag behind: seen by one or two of them, without a stall at that very moment.
  const Nanos lag =
      std::max(timeline.longest_stall(from.time, from.time),
               std::min(timeline.longest_stall(from.earliest, to.time), machine_tolerance));
  if (elapsed < window.low && elapsed >= window.low - lag) return Fit::untellable;
  const bool late = elapsed > window.high;
  const bool stalled =
      timeline.longest_stall(from.earliest, to.time) > longest_tolerated_stall(timeline);
  return late && stalled ? Fit::untellable : Fit::outside;
}

Nanos longest(const TimeSpec& spec, const TimerInputs& inputs) {
  if (!spec.timer.empty()) {
    const auto prediction = predict(spec.timer, inputs);
    return prediction ? prediction->gives_up.high : 0ns;
  }
  if (spec.max) return *spec.max;
  if (spec.min) return *spec.min;
  Nanos total{};
  for (const Nanos term : spec.sum) total += term;
  return worst_composition(total, inputs.hz).high;
}

}  // namespace faultline
