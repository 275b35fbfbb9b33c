// What the steps came to, and how long things took.
#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/call_outcome.hpp"
#include "harness/judge/findings.hpp"
#include "harness/judge/moment.hpp"
#include "harness/judge/states.hpp"
#include "harness/judge/window.hpp"

namespace faultline {
namespace {

using Status = Finding::Status;

constexpr std::string_view not_returned = "has not returned";

// What may wait for timers of either end may be as late as either's.
Result<Window> window_by_either(const TimeSpec& spec, const Timeline& timeline,
                                const ConnectionEnd& end, Instant from, Instant to) {
  auto window = window_of(spec, Single::any_composition, timeline, end, from, to);
  const ConnectionEnd peer{other(end.end), end.connection};
  if (!window || !spec.is_literal()) return window;
  const auto its = window_of(spec, Single::any_composition, timeline, peer, from, to);
  if (!its) return its;
  window->low = std::min(window->low, its->low);
  if (its->high > window->high) {
    window->high = its->high;
    window->why = its->why;
  }
  return window;
}

void compare(Finding& finding, const TimeSpec& spec, const Timeline& timeline,
             const ConnectionEnd& end, Instant from, Instant to) {
  finding.got = format_duration(to.time - from.time);
  const auto window = window_by_either(spec, timeline, end, from, to);
  if (!window) {
    finding.status = Status::unclear;
    finding.wanted = to_string(spec);
    finding.got = window.error().what;
    return;
  }
  finding.wanted = window->nominal;
  finding.tolerance = tolerance_text(*window);
  switch (fit(*window, timeline, from, to)) {
    case Fit::inside:
      return;
    case Fit::outside:
      finding.status = Status::broken;
      return;
    case Fit::untellable:
      finding.status = Status::unclear;
      return;
  }
}

std::vector<Finding> check_call(const Step& step, const CallStep& call, const Timeline& timeline,
                                int index) {
  Finding outcome{.what = fmt::format("{} ({})", describe(step), step.name),
                  .wanted = wanted_outcome(call),
                  .owner = call.end,
                  .line = step.line};
  if (!timeline.call(index)) return {};  // never came to it; what held it up is a finding itself
  const ResultEvent* result = timeline.result(index);
  if (!result) {
    outcome.got = not_returned;
    if (!call.may_fail) outcome.status = Status::broken;
    return {outcome};
  }
  outcome.got = actual_outcome(call, *result);
  outcome.event = timeline.index_of(result);
  if (!came_out_as_wanted(call, *result)) outcome.status = Status::broken;
  if (!call.takes) return {outcome};
  Finding duration{.what = fmt::format("time of {} ({})", describe(step), step.name),
                   .owner = call.end,
                   .line = step.line,
                   .event = outcome.event};
  compare(duration, *call.takes, timeline, {call.end, result->connection},
          {result->began, result->began}, {result->ended, result->ended});
  return {outcome, duration};
}

std::optional<End> owner_of(const WaitStep& wait, const Timeline& timeline) {
  if (const auto* state = std::get_if<WaitStep::ForState>(&wait.until)) return state->end.end;
  if (const auto* segment = std::get_if<WaitStep::ForSegment>(&wait.until))
    return segment->segment.from;
  if (const auto* call = std::get_if<WaitStep::ForCall>(&wait.until))
    return owner_of_call(call->step, timeline);
  return {};
}

std::vector<Finding> check_wait(const Step& step, const WaitStep& wait, const Timeline& timeline,
                                int index) {
  const WaitEvent* event = timeline.wait(index);
  if (!event || event->satisfied) return {};
  Finding finding{.status = Status::broken,
                  .what = fmt::format("{} ({})", describe(step), step.name),
                  .wanted = "it happens",
                  .got = fmt::format("it had not by {}", format_duration(event->time)),
                  .owner = owner_of(wait, timeline),
                  .line = step.line,
                  .event = timeline.index_of(event)};
  return {finding};
}

// Whether it may have come all the same: a state that nobody saw, where it is not certain which
// were passed.
bool may_have_come(const Moment& moment, const Timeline& timeline) {
  const auto* begin = std::get_if<Moment::StateBegins>(&moment.what);
  if (!begin) return false;
  const StateHistory history = history_of(timeline, begin->end);
  return !history.gap.empty() && !history.illegal;
}

// When a step goes wrong the run ends, and cuts off the calls that are still under way: that they
// have not returned is the run's doing and not their end's.
void excuse_cut_off(std::vector<Finding>& findings) {
  const auto went_wrong = [](const Finding& finding) {
    return finding.status == Status::broken && finding.got != not_returned;
  };
  if (std::ranges::none_of(findings, went_wrong)) return;
  for (Finding& finding : findings)
    if (finding.got == not_returned && finding.status == Status::broken) {
      finding.status = Status::unclear;
      finding.got = "had not returned when the run was ended";
    }
}

}  // namespace

std::vector<Finding> check_steps(const Timeline& timeline) {
  std::vector<Finding> findings;
  const auto& steps = timeline.the_case().steps;
  for (size_t i = 0; i < steps.size(); ++i) {
    std::vector<Finding> found;
    if (const auto* call = std::get_if<CallStep>(&steps[i].what))
      found = check_call(steps[i], *call, timeline, static_cast<int>(i));
    if (const auto* wait = std::get_if<WaitStep>(&steps[i].what))
      found = check_wait(steps[i], *wait, timeline, static_cast<int>(i));
    findings.insert(findings.end(), found.begin(), found.end());
  }
  excuse_cut_off(findings);
  return findings;
}

Finding check(const TimeExpectation& expectation, const Timeline& timeline) {
  Finding finding{.what = fmt::format("time from {} to {}", describe(expectation.from),
                                      describe(expectation.to)),
                  .owner = owner_of(expectation.to, timeline),
                  .line = expectation.line,
                  .event = event_of(expectation.to, timeline)};
  const auto from = instant_of(expectation.from, timeline);
  const auto to = instant_of(expectation.to, timeline);
  if (from && to) {
    compare(finding, expectation.is, timeline, end_of(expectation.to, timeline), *from, *to);
    return finding;
  }
  const bool unclear = may_have_come(from ? expectation.to : expectation.from, timeline);
  finding.status = unclear ? Status::unclear : Status::broken;
  finding.wanted = to_string(expectation.is);
  finding.got = from ? to.error().what : from.error().what;
  return finding;
}

}  // namespace faultline
