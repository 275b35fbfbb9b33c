#include "harness/judge/timeline.hpp"

#include <algorithm>

namespace faultline {

Timeline::Timeline(const Case& the_case, const Trace& trace) : case_(the_case), trace_(trace) {
  for (const Rule& rule : the_case.rules) names_.rules.push_back(rule.name);
  for (const Step& step : the_case.steps) names_.steps.push_back(describe(step));
  for (const Event& event : trace.events) {
    if (const auto* segment = std::get_if<SegmentEvent>(&event)) segments_.push_back(segment);
    if (const auto* call = std::get_if<CallEvent>(&event)) calls_.emplace(call->step, call);
    if (const auto* result = std::get_if<ResultEvent>(&event))
      results_.emplace(result->step, result);
    if (const auto* wait = std::get_if<WaitEvent>(&event)) waits_.emplace(wait->step, wait);
    if (const auto* sent = std::get_if<EmissionEvent>(&event))
      released_.emplace(sent->of, sent->time);
    if (const auto* stall = std::get_if<StallEvent>(&event)) stalls_.push_back(stall);
  }
}

std::vector<const SegmentEvent*> Timeline::select(const Selector& selector) const {
  Matcher matcher(selector);
  std::vector<const SegmentEvent*> found;
  for (const SegmentEvent* event : segments_)
    if (matcher(event->segment, event->facts)) found.push_back(event);
  return found;
}

std::vector<const StateEvent*> Timeline::states(const ConnectionEnd& end) const {
  std::vector<const StateEvent*> found;
  for (const Event& event : trace_.events)
    if (const auto* state = std::get_if<StateEvent>(&event))
      if (state->end == end.end && state->connection == end.connection) found.push_back(state);
  return found;
}

namespace {
template <typename T>
const T* at(const std::map<int, const T*>& map, int step) {
  const auto found = map.find(step);
  return found == map.end() ? nullptr : found->second;
}
}  // namespace

const CallEvent* Timeline::call(int step) const {
  return at(calls_, step);
}
const ResultEvent* Timeline::result(int step) const {
  return at(results_, step);
}
const WaitEvent* Timeline::wait(int step) const {
  return at(waits_, step);
}

int Timeline::step_index(const std::string& name) const {
  const auto found = std::ranges::find(case_.steps, name, &Step::name);
  return static_cast<int>(found - case_.steps.begin());
}

// Where an event of some kind is within its `Event` differs, which of them holds it does not.
std::optional<size_t> Timeline::index_of(const void* event) const {
  if (!event) return {};
  const auto* const first = reinterpret_cast<const std::byte*>(trace_.events.data());
  return static_cast<size_t>(static_cast<const std::byte*>(event) - first) / sizeof(Event);
}

Nanos Timeline::longest_stall(Nanos from, Nanos to) const {
  Nanos longest{};
  for (const StallEvent* stall : stalls_)
    if (stall->time - stall->length <= to && stall->time >= from)
      longest = std::max(longest, stall->length);
  return longest;
}

std::optional<Nanos> Timeline::delivered(const SegmentEvent& segment) const {
  if (segment.fate == "pass") return segment.time;
  if (segment.fate == "drop") return {};
  const auto released = released_.find(segment.id);
  if (released == released_.end()) return {};
  return released->second;
}

std::vector<Timeline::Crossing> Timeline::crossings() const {
  std::vector<Crossing> all;
  std::map<uint64_t, const SegmentEvent*> by_id;
  for (const Event& event : trace_.events) {
    if (const auto* left = std::get_if<SegmentEvent>(&event)) {
      by_id.emplace(left->id, left);
      const Crossing crossing{left->time, left, left->facts.from, left->facts.connection,
                              &left->segment};
      all.push_back(crossing);
      if (left->fate != "pass") continue;
      all.push_back(crossing);
      all.back().departure = nullptr;
    } else if (const auto* sent = std::get_if<EmissionEvent>(&event)) {
      const auto original = by_id.find(sent->of);
      if (sent->segment)
        all.push_back({sent->time, nullptr, other(sent->toward), sent->facts.connection,
                       &*sent->segment});
      else if (sent->head.empty() && original != by_id.end())
        all.push_back({sent->time, nullptr, original->second->facts.from,
                       original->second->facts.connection, &original->second->segment});
    }
  }
  std::ranges::stable_sort(all, {}, &Crossing::time);
  return all;
}

bool Timeline::wire_made_stream(const ConnectionEnd& receiver) const {
  const auto original = [this](uint64_t id) -> const SegmentEvent* {
    const auto found = std::ranges::find(segments_, id, &SegmentEvent::id);
    return found == segments_.end() ? nullptr : *found;
  };
  return std::ranges::any_of(trace_.events, [&](const Event& event) {
    const auto* sent = std::get_if<EmissionEvent>(&event);
    if (!sent || !sent->segment || sent->head.empty() || sent->segment->payload_length == 0 ||
        sent->toward != receiver.end || sent->facts.connection != receiver.connection)
      return false;
    const SegmentEvent* from = original(sent->of);
    const bool forged = sent->why == "forged" || !from;
    return forged || sent->segment->flags.has(Flags::urg) ||
           (sent->why == "edited" && sent->segment->seq != from->segment.seq);
  });
}

// A sample is taken from the last transmission of what is acknowledged: that is what the timestamps
// option measures, and without it Karn's rule takes none (RFC 6298 3).
Timeline::RoundTrip Timeline::round_trip(End end) const {
  struct Outstanding {
    std::string_view connection;
    Seq beyond;
    Nanos sent{};
  };
  std::vector<Outstanding> outstanding;
  std::optional<Nanos> low, high;
  for (const SegmentEvent* event : segments_) {
    const Segment& segment = event->segment;
    const auto arrived = delivered(*event);
    if (event->facts.from == end) {
      if (segment.sequence_length() == 0) continue;
      const Seq beyond = segment.seq + segment.sequence_length();
      std::erase_if(outstanding, [&](const Outstanding& o) {
        return o.beyond == beyond && o.connection == event->facts.connection;
      });
      outstanding.push_back({event->facts.connection, beyond, event->time});
    } else if (segment.flags.has(Flags::ack) && arrived) {
      std::erase_if(outstanding, [&](const Outstanding& o) {
        if (o.connection != event->facts.connection || distance(o.beyond, segment.ack) < 0)
          return false;
        const Nanos took = *arrived - o.sent;
        low = low ? std::min(*low, took) : took;
        const Nanos most = took + longest_stall(o.sent, *arrived);
        high = high ? std::max(*high, most) : most;
        return true;
      });
    }
  }
  return {low.value_or(0ns), high.value_or(0ns)};
}

}  // namespace faultline
