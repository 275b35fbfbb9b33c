#include <algorithm>
#include <array>
#include <string_view>

#include "tests/every_case_can_fail/leaves.hpp"
#include "tests/every_case_can_fail/trace_mutations.hpp"

namespace faultline::test {
namespace {

constexpr std::array<std::string_view, 7> followed{
    "TCP_SYNCNT",   "TCP_USER_TIMEOUT", "TCP_DEFER_ACCEPT", "TCP_LINGER2",
    "TCP_KEEPIDLE", "TCP_KEEPINTVL",    "TCP_KEEPCNT"};

// A model's round trips grow with the pace of the run, and with them its timers where a round trip
// is long: three times as slow keeps those of a wire without delays below the least RTO.
constexpr double slow_for_a_model = 3;

bool is_followed(const std::string& option) {
  return std::ranges::find(followed, option) != followed.end();
}

void double_value(int64_t& value) {
  if (value > 0) value = value * 2 + 3;
}

Nanos nominal(const TimeSpec& spec, const Trace& trace) {
  if (!spec.timer.empty()) return trace.length;
  if (spec.max) return *spec.max;
  if (spec.min) return *spec.min;
  Nanos total{};
  for (const Nanos term : spec.sum) total += term;
  return total;
}

// Longer than the run, or than anything that meets the bounds as they are.
TimeSpec much_longer(const TimeSpec& spec, const Trace& trace) {
  const Nanos time = nominal(spec, trace) * 3 + 10s;
  if (spec.sum.empty()) return {.sum = {}, .min = time, .max = {}, .timer = ""};
  return {.sum = {time}, .min = {}, .max = {}, .timer = ""};
}

bool bounds_below(const TimeSpec& spec) {
  return !spec.sum.empty() || spec.min || !spec.timer.empty();
}
bool bounds_above(const TimeSpec& spec) {
  return !spec.sum.empty() || spec.max || !spec.timer.empty();
}

// A shorter time is told from this one in spite of what a machine may add.
constexpr Nanos shortest_to_quarter = 500ms;

}  // namespace

bool has_settings(const std::string& timer) {
  return timer != "time-wait" && timer != "delayed-ack" && timer != "syncookie";
}

Mutant with_other_settings(const TracedRun& run, const Case& the_case) {
  Case other = the_case;
  for (EndSetup& end : other.ends)
    for (auto& [name, value] : end.options)
      if (is_followed(name)) double_value(value);
  for (Step& step : other.steps)
    if (auto* call = std::get_if<CallStep>(&step.what); call && is_followed(call->option))
      double_value(call->value);
  return {"other sysctls and options", std::move(other),
          std::make_shared<Trace>(with_other_sysctls(*run.trace))};
}

std::vector<Mutant> mutants_of_time(const TracedRun& run, const TimeSpec& spec,
                                    const WithTime& with) {
  std::vector<Mutant> mutants;
  const auto pace = [&](std::string what, double factor) {
    mutants.push_back({std::move(what), with(spec),
                       std::make_shared<Trace>(at_another_pace(*run.trace, factor))});
  };
  mutants.push_back({"a much longer time", with(much_longer(spec, *run.trace)), run.trace});
  if (!spec.sum.empty() && nominal(spec, *run.trace) >= shortest_to_quarter)
    mutants.push_back(
        {"a quarter of the time",
         with({.sum = {nominal(spec, *run.trace) / 4}, .min = {}, .max = {}, .timer = ""}),
         run.trace});
  if (spec.min && spec.max)
    mutants.push_back({"an end before its beginning",
                       with({.sum = {}, .min = {}, .max = *spec.min / 4, .timer = ""}), run.trace});
  if (bounds_below(spec)) pace("the run a million times as fast", fastest_pace);
  if (bounds_above(spec))
    pace("the run much slower", spec.is_literal() ? slowest_pace(*run.trace) : slow_for_a_model);
  if (!spec.is_literal() && has_settings(spec.timer))
    mutants.push_back(with_other_settings(run, with(spec)));
  return mutants;
}

}  // namespace faultline::test
