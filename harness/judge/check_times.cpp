// What the steps came to, and how long things took.
#include <fmt/format.h>

#include "harness/judge/call_outcome.hpp"
#include "harness/judge/findings.hpp"
#include "harness/judge/window.hpp"

namespace faultline {
namespace {

using Status = Finding::Status;

void compare(Finding& finding, const TimeSpec& spec, const Timeline& timeline, End end,
             Instant from, Instant to) {
  finding.got = format_duration(to.time - from.time);
  const auto window = window_of(spec, Single::any_composition, timeline, end, from, to);
  if (!window) {
    finding.status = Status::unclear;
    finding.wanted = to_string(spec);
    finding.got = window.error().what;
    return;
  }
  finding.wanted = window->nominal;
  const std::string high =
      window->high == Nanos::max() ? "any time" : format_duration(window->high);
  finding.tolerance =
      fmt::format("{} to {} ({})", format_duration(window->low), high, window->why);
  switch (fit(*window, timeline, from, to)) {
    case Fit::inside: return;
    case Fit::outside: finding.status = Status::broken; return;
    case Fit::untellable: finding.status = Status::unclear; return;
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
    outcome.got = "has not returned";
    if (!call.may_fail) outcome.status = Status::broken;
    return {outcome};
  }
  outcome.got = actual_outcome(call, *result);
  if (!came_out_as_wanted(call, *result)) outcome.status = Status::broken;
  if (!call.takes) return {outcome};
  Finding duration{.what = fmt::format("time of {} ({})", describe(step), step.name),
                   .owner = call.end,
                   .line = step.line};
  compare(duration, *call.takes, timeline, call.end, {result->began, result->began},
          {result->ended, result->ended});
  return {outcome, duration};
}

std::optional<End> owner_of(const WaitStep& wait) {
  if (const auto* state = std::get_if<WaitStep::ForState>(&wait.until)) return state->end.end;
  if (const auto* segment = std::get_if<WaitStep::ForSegment>(&wait.until))
    return segment->segment.from;
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
                  .owner = owner_of(wait),
                  .line = step.line};
  return {finding};
}

// A moment as it came, or why it is none.
Result<Instant> instant_of(const Moment& moment, const Timeline& timeline) {
  if (const auto* begins = std::get_if<Moment::CallBegins>(&moment.what)) {
    const int step = timeline.step_index(begins->step);
    if (const auto* result = timeline.result(step)) return Instant{result->began, result->began};
    if (const auto* call = timeline.call(step)) return Instant{call->time, call->time};
  } else if (const auto* ends = std::get_if<Moment::CallEnds>(&moment.what)) {
    if (const auto* result = timeline.result(timeline.step_index(ends->step)))
      return Instant{result->ended, result->ended};
  } else if (const auto* passes = std::get_if<Moment::SegmentPasses>(&moment.what)) {
    const auto found = timeline.select(passes->segment);
    if (!found.empty()) return Instant{found[0]->time, found[0]->time};
  } else if (const auto* begin = std::get_if<Moment::StateBegins>(&moment.what)) {
    for (const StateEvent* event : timeline.states(begin->end))
      if (event->state == begin->state) return Instant{event->since, event->time};
  }
  return fail("{} never came", describe(moment));
}

std::optional<End> owner_of(const Moment& moment, const Timeline& timeline) {
  if (const auto* state = std::get_if<Moment::StateBegins>(&moment.what)) return state->end.end;
  if (const auto* segment = std::get_if<Moment::SegmentPasses>(&moment.what))
    return segment->segment.from;
  const auto* begins = std::get_if<Moment::CallBegins>(&moment.what);
  const auto* ends = std::get_if<Moment::CallEnds>(&moment.what);
  const int step = timeline.step_index(begins ? begins->step : ends->step);
  const auto* call =
      std::get_if<CallStep>(&timeline.the_case().steps[static_cast<size_t>(step)].what);
  if (!call) return {};
  return call->end;
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
  return findings;
}

Finding check(const TimeExpectation& expectation, const Timeline& timeline) {
  Finding finding{.what = fmt::format("time from {} to {}", describe(expectation.from),
                                      describe(expectation.to)),
                  .owner = owner_of(expectation.to, timeline),
                  .line = expectation.line};
  const auto from = instant_of(expectation.from, timeline);
  const auto to = instant_of(expectation.to, timeline);
  if (from && to) {
    compare(finding, expectation.is, timeline, finding.owner.value_or(End::client), *from, *to);
    return finding;
  }
  finding.status = Status::broken;
  finding.wanted = to_string(expectation.is);
  finding.got = from ? to.error().what : from.error().what;
  return finding;
}

}  // namespace faultline
