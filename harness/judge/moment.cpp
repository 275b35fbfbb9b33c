#include "harness/judge/moment.hpp"

#include <algorithm>

#include "harness/judge/states.hpp"

namespace faultline {

std::optional<End> owner_of_call(const std::string& step, const Timeline& timeline) {
  const auto& steps = timeline.the_case().steps;
  const auto index = static_cast<size_t>(timeline.step_index(step));
  const auto* call = index < steps.size() ? std::get_if<CallStep>(&steps[index].what) : nullptr;
  if (!call) return {};
  return call->end;
}

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
    const StateHistory history = history_of(timeline, begin->end);
    for (size_t i = 0; i < history.states.size(); ++i)
      if (history.states[i] == begin->state)
        return Instant{history.looks[i]->since, history.looks[i]->time};
  }
  return fail("{} never came", describe(moment));
}

std::optional<size_t> event_of(const Moment& moment, const Timeline& timeline) {
  if (const auto* begins = std::get_if<Moment::CallBegins>(&moment.what))
    return timeline.index_of(timeline.call(timeline.step_index(begins->step)));
  if (const auto* ends = std::get_if<Moment::CallEnds>(&moment.what))
    return timeline.index_of(timeline.result(timeline.step_index(ends->step)));
  if (const auto* passes = std::get_if<Moment::SegmentPasses>(&moment.what)) {
    const auto found = timeline.select(passes->segment);
    return timeline.index_of(found.empty() ? nullptr : found[0]);
  }
  const auto& begin = std::get<Moment::StateBegins>(moment.what);
  const StateHistory history = history_of(timeline, begin.end);
  const auto state = std::ranges::find(history.states, begin.state) - history.states.begin();
  return timeline.index_of(
      state < std::ssize(history.looks) ? history.looks[static_cast<size_t>(state)] : nullptr);
}

std::optional<End> owner_of(const Moment& moment, const Timeline& timeline) {
  if (const auto* state = std::get_if<Moment::StateBegins>(&moment.what)) return state->end.end;
  if (const auto* segment = std::get_if<Moment::SegmentPasses>(&moment.what))
    return segment->segment.from;
  const auto* begins = std::get_if<Moment::CallBegins>(&moment.what);
  const auto* ends = std::get_if<Moment::CallEnds>(&moment.what);
  return owner_of_call(begins ? begins->step : ends->step, timeline);
}

ConnectionEnd end_of(const Moment& moment, const Timeline& timeline) {
  if (const auto* state = std::get_if<Moment::StateBegins>(&moment.what)) return state->end;
  ConnectionEnd end{owner_of(moment, timeline).value_or(End::client)};
  if (const auto* segment = std::get_if<Moment::SegmentPasses>(&moment.what))
    end.connection = segment->segment.connection.value_or(end.connection);
  const auto* ends = std::get_if<Moment::CallEnds>(&moment.what);
  const ResultEvent* result = ends ? timeline.result(timeline.step_index(ends->step)) : nullptr;
  if (result) end.connection = result->connection;
  return end;
}

ConnectionEnd sender(const Selector& selector, const std::vector<const SegmentEvent*>& found) {
  ConnectionEnd end;
  if (!found.empty()) end = {found[0]->facts.from, found[0]->facts.connection};
  if (selector.from) end.end = *selector.from;
  return end;
}

}  // namespace faultline
