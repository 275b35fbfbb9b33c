#include "tests/every_case_can_fail/trace_mutations.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace faultline::test {
namespace {

constexpr double most_nanoseconds = 1e17;  // three years: sums of a few do not overflow
constexpr double slowest = 1e6;

constexpr std::array followed{"tcp_syn_retries",     "tcp_synack_retries",  "tcp_retries2",
                              "tcp_orphan_retries",  "tcp_fin_timeout",     "tcp_keepalive_time",
                              "tcp_keepalive_intvl", "tcp_keepalive_probes"};

Nanos times(Nanos time, double factor) {
  return Nanos(std::llround(static_cast<double>(time.count()) * factor));
}

void set_pace(SegmentEvent& event, double factor) {
  event.time = times(event.time, factor);
}
void set_pace(StateEvent& event, double factor) {
  const Nanos uncertain = event.time - event.since;
  event.time = times(event.time, factor);
  event.since = event.time - uncertain;
}
void set_pace(ResultEvent& event, double factor) {
  event.time = times(event.time, factor);
  event.began = times(event.began, factor);
  event.ended = times(event.ended, factor);
}
template <typename T>
void set_pace(T& event, double factor) {
  event.time = times(event.time, factor);
}

const SegmentEvent* model_for(const Selector& selector, const Trace& trace) {
  const SegmentEvent* best = nullptr;
  for (const Event& event : trace.events)
    if (const auto* segment = std::get_if<SegmentEvent>(&event))
      if (!best || (selector.from && segment->facts.from == *selector.from)) best = segment;
  return best;
}

}  // namespace

std::shared_ptr<const Trace> changed(const Trace& trace,
                                     const std::function<void(Trace&)>& change) {
  auto copy = std::make_shared<Trace>(trace);
  change(*copy);
  return copy;
}

double slowest_pace(const Trace& trace) {
  return std::min(slowest, most_nanoseconds / static_cast<double>(trace.length.count() + 1));
}

Trace at_another_pace(Trace trace, double factor) {
  for (Event& event : trace.events) std::visit([&](auto& one) { set_pace(one, factor); }, event);
  trace.length = times(trace.length, factor);
  return trace;
}

Trace with_other_sysctls(Trace trace) {
  for (EndEnvironment& end : trace.environment.ends)
    for (const char* name : followed)
      if (const auto found = end.sysctl.find(std::string("net.ipv4.") + name);
          found != end.sysctl.end())
        found->second = std::to_string(std::stoll(found->second) * 2 + 3);
  // Where it is no sysctl it is 200 ms.
  for (EndEnvironment& end : trace.environment.ends)
    end.sysctl["net.ipv4.tcp_rto_min_us"] = "500000";
  return trace;
}

std::optional<SegmentEvent> matching_segment(const Selector& selector, const Trace& trace) {
  const SegmentEvent* model = model_for(selector, trace);
  SegmentEvent event = model ? *model : SegmentEvent{.facts = {.connection = "main"}};
  Segment& segment = event.segment;
  SegmentFacts& facts = event.facts;
  facts.from = selector.from.value_or(facts.from);
  facts.connection = selector.connection.value_or(facts.connection);
  segment.flags = selector.flags.value_or(segment.flags);
  if (selector.has) segment.flags.bits |= selector.has->bits;
  facts.retransmission = selector.retransmission.value_or(facts.retransmission);
  if (selector.payload && !selector.payload->contains(segment.payload_length))
    segment.payload_length = static_cast<uint32_t>(selector.payload->low);
  if (selector.seq) facts.seq = static_cast<uint32_t>(selector.seq->low);
  if (selector.ack) facts.ack = static_cast<uint32_t>(selector.ack->low);
  if (selector.retransmission_number) {
    facts.retransmission = true;
    facts.retransmission_number = static_cast<uint32_t>(selector.retransmission_number->low);
  }
  if (!selector.kinds.empty()) facts.kinds.add(selector.kinds.front());
  for (const uint8_t kind : selector.options) segment.options.set(kind);
  if (selector.window && !selector.window->contains(segment.window))
    segment.window = static_cast<uint16_t>(selector.window->low);
  if (selector.bytes) {
    facts.seq = static_cast<uint32_t>(selector.bytes->low);
    segment.payload_length = std::max(segment.payload_length, 1U);
  }
  if (selector.while_) facts.states[index(selector.while_->end)] = selector.while_->states.front();
  if (!matches(selector, segment, facts)) return {};
  return event;
}

std::optional<Trace> with_matching_segments(Trace trace, const Selector& selector) {
  auto event = matching_segment(selector, trace);
  if (!event) return {};
  event->time = trace.length;
  event->fate = "pass";
  const uint64_t copies = selector.nth.empty() ? 1 : selector.nth.front().low;
  for (const Event& other : trace.events)
    if (const auto* segment = std::get_if<SegmentEvent>(&other))
      event->id = std::max(event->id, segment->id);
  for (uint64_t i = 0; i < copies; ++i) {
    ++event->id;
    trace.events.emplace_back(*event);
  }
  return trace;
}

}  // namespace faultline::test
