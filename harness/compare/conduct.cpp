#include "harness/compare/conduct.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/judge/call_outcome.hpp"
#include "harness/judge/states.hpp"

namespace faultline {
namespace {

std::string number(const std::optional<uint32_t>& relative) {
  return relative ? std::to_string(*relative) : "?";
}

// What is sent, so that sending it again is the same.
std::string name_of(const SegmentEvent& event) {
  const Segment& segment = event.segment;
  const SegmentFacts& facts = event.facts;
  if (segment.flags.has(Flags::rst)) return "RST";
  if (segment.flags.has(Flags::syn | Flags::ack)) return "SYN ACK";
  if (segment.flags.has(Flags::syn)) return "SYN";
  if (facts.kinds.has(SegmentKind::keepalive_probe)) return "keepalive probe";
  if (facts.kinds.has(SegmentKind::zero_window_probe)) return "window probe";
  if (segment.flags.has(Flags::fin)) return "FIN";
  if (segment.payload_length > 0) return "data at " + number(facts.seq);
  return "ACK of " + number(facts.ack);
}

std::string class_of(const SegmentEvent& event) {
  const std::string name = name_of(event);
  if (name.starts_with("data")) return event.facts.retransmission ? "data sent again" : "data";
  if (name.starts_with("ACK")) return "pure ACK";
  return name;
}

Nanos first_call(const Trace& trace) {
  for (const Event& event : trace.events)
    if (const auto* call = std::get_if<CallEvent>(&event); call && call->step >= 0)
      return call->time;
  return 0ns;
}

void add_segments(const Timeline& timeline, End end, Conduct& conduct) {
  const Nanos start = first_call(timeline.trace());
  std::map<std::string, size_t> known;
  for (const SegmentEvent* event : timeline.segments()) {
    if (event->facts.from != end) continue;
    ++conduct.counts[class_of(*event)];
    std::string what = name_of(*event);
    const bool is_acknowledgement = what.starts_with("ACK");
    const std::string& connection = event->facts.connection;
    if (connection != "main")
      what += connection.empty() ? " (of no connection)" : fmt::format(" ({})", connection);
    const auto [place, is_new] = known.emplace(what, conduct.schedule.size());
    if (is_new) conduct.schedule.push_back({what, {}, is_acknowledgement});
    conduct.schedule[place->second].times.push_back(event->time - start);
  }
}

void add_states(const Timeline& timeline, End end, Conduct& conduct) {
  std::set<std::string> connections;
  for (const Event& event : timeline.trace().events)
    if (const auto* state = std::get_if<StateEvent>(&event); state && state->end == end)
      connections.insert(state->connection);
  for (const std::string& connection : connections)
    conduct.states[connection] = history_of(timeline, {end, connection}).states;
}

CallMade call_made(const Timeline& timeline, int step, const CallStep& call) {
  const std::string what = fmt::format("{} ({})", timeline.names().steps[static_cast<size_t>(step)],
                                       timeline.the_case().steps[static_cast<size_t>(step)].name);
  if (const ResultEvent* result = timeline.result(step)) {
    std::string outcome = actual_outcome(call, *result);
    if (result->mismatch) outcome += fmt::format(", wrong from byte {} on", *result->mismatch);
    return {what, std::move(outcome), result->ended - result->began};
  }
  return {what, timeline.call(step) ? "does not return" : "is not made", {}};
}

}  // namespace

Conduct conduct_of(const Timeline& timeline, End end) {
  Conduct conduct{.exact_times = timeline.trace().environment.virtual_time};
  add_segments(timeline, end, conduct);
  add_states(timeline, end, conduct);
  const auto& steps = timeline.the_case().steps;
  for (size_t i = 0; i < steps.size(); ++i)
    if (const auto* call = std::get_if<CallStep>(&steps[i].what); call && call->end == end)
      conduct.calls.push_back(call_made(timeline, static_cast<int>(i), *call));
  return conduct;
}

}  // namespace faultline
