// What holds in every case, whatever it is about.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/judge/findings.hpp"
#include "harness/judge/states.hpp"
#include "harness/trace/describe.hpp"

namespace faultline {
namespace {

using Status = Finding::Status;

Finding broken(std::string what, std::string wanted, std::string got, End owner,
               const SegmentEvent& segment) {
  return {.status = Status::broken,
          .what = "invariant: " + std::move(what),
          .wanted = std::move(wanted),
          .got = std::move(got),
          .evidence = {describe(Event(segment))},
          .owner = owner};
}

// Two processors of one host may hand segments to the wire in the other order.
constexpr Nanos reordering_by_the_host = 1ms;

// Follows one direction of one connection: what its sender may send.
struct Direction {
  std::optional<Seq> sent;          // one past the highest sequence number
  std::optional<Seq> acknowledged;  // the highest acknowledgement number that it sent
  Nanos acknowledged_at{};
  std::optional<int> scale;  // of the windows that it advertises; none: it said none
  std::optional<Seq> edge;   // the right edge of what it has offered, as far as it was delivered
};

class Conversation {
 public:
  explicit Conversation(const Timeline& timeline, std::vector<Finding>& findings)
      : timeline_(timeline), findings_(findings) {}

  // A segment left its sender: what it sends must be right.
  void sent(const SegmentEvent& event);
  // It arrived at the other end, which may now make use of what it offers.
  void delivered(const SegmentEvent& event);

 private:
  void check_ack(const SegmentEvent& event, Direction& mine, const Direction& theirs);
  void check_window(const SegmentEvent& event, const Direction& theirs);

  const Timeline& timeline_;
  std::vector<Finding>& findings_;
  std::array<Direction, 2> ends_;
};

void Conversation::sent(const SegmentEvent& event) {
  const Segment& segment = event.segment;
  Direction& mine = ends_[index(event.facts.from)];
  const Direction& theirs = ends_[index(other(event.facts.from))];
  if (segment.flags.has(Flags::syn)) mine.scale = segment.window_scale;
  // A RST answers a segment of which nothing may be known any more (RFC 9293 3.5.2).
  if (segment.flags.has(Flags::rst)) return;
  check_ack(event, mine, theirs);
  check_window(event, theirs);
  const Seq beyond = segment.seq + segment.sequence_length();
  if (!mine.sent || distance(*mine.sent, beyond) > 0) mine.sent = beyond;
}

void Conversation::check_ack(const SegmentEvent& event, Direction& mine, const Direction& theirs) {
  const Segment& segment = event.segment;
  if (!segment.flags.has(Flags::ack)) return;
  if (!theirs.sent)
    findings_.push_back(broken("no acknowledgement beyond what was sent", "RFC 9293 3.4",
                               "of an end that had sent nothing", event.facts.from, event));
  else if (distance(*theirs.sent, segment.ack) > 0)
    findings_.push_back(broken("no acknowledgement beyond what was sent", "RFC 9293 3.4",
                               fmt::format("{} bytes beyond", distance(*theirs.sent, segment.ack)),
                               event.facts.from, event));
  const bool back = mine.acknowledged && distance(*mine.acknowledged, segment.ack) < 0;
  if (back && event.time - mine.acknowledged_at > reordering_by_the_host)
    findings_.push_back(
        broken("acknowledgements never go back", "RFC 9293 3.4",
               fmt::format("{} bytes back", -distance(*mine.acknowledged, segment.ack)),
               event.facts.from, event));
  if (back) return;
  mine.acknowledged = segment.ack;
  mine.acknowledged_at = event.time;
}

// A probe of a zero window may be one byte beyond it (RFC 9293 3.8.6.1).
void Conversation::check_window(const SegmentEvent& event, const Direction& theirs) {
  const Segment& segment = event.segment;
  if (!theirs.edge || segment.payload_length <= 1) return;
  const int32_t beyond = distance(*theirs.edge, segment.seq + segment.payload_length);
  if (beyond > 0)
    findings_.push_back(broken("the peer's window is respected", "RFC 9293 3.8.6",
                               fmt::format("{} bytes beyond it", beyond), event.facts.from, event));
}

void Conversation::delivered(const SegmentEvent& event) {
  const Segment& segment = event.segment;
  if (!segment.flags.has(Flags::ack) || segment.flags.has(Flags::rst)) return;
  Direction& mine = ends_[index(event.facts.from)];
  const Direction& theirs = ends_[index(other(event.facts.from))];
  // Scaling is in force when both SYNs offered it, and never in a SYN itself (RFC 7323 2.2).
  const bool scaled = mine.scale && theirs.scale && !segment.flags.has(Flags::syn);
  const uint32_t window = uint32_t{segment.window} << (scaled ? std::min(*mine.scale, 14) : 0);
  const Seq edge = segment.ack + window;
  if (!mine.edge || distance(*mine.edge, edge) > 0) mine.edge = edge;
}

// Departures and arrivals of all segments in the order of their times.
struct Crossing {
  Nanos time;
  const SegmentEvent* segment;
  bool arrives;
};

std::vector<Crossing> crossings(const Timeline& timeline) {
  std::vector<Crossing> all;
  for (const SegmentEvent* segment : timeline.segments()) {
    all.push_back({segment->time, segment, false});
    if (const auto time = timeline.delivered(*segment)) all.push_back({*time, segment, true});
  }
  std::ranges::stable_sort(all, {}, &Crossing::time);
  return all;
}

void check_conversations(const Timeline& timeline, std::vector<Finding>& findings) {
  std::map<std::string, Conversation> conversations;
  for (const Crossing& crossing : crossings(timeline)) {
    const std::string& name = crossing.segment->facts.connection;
    if (name.empty()) continue;
    auto& conversation = conversations.try_emplace(name, timeline, findings).first->second;
    crossing.arrives ? conversation.delivered(*crossing.segment)
                     : conversation.sent(*crossing.segment);
  }
}

void check_checksums(const Timeline& timeline, std::vector<Finding>& findings) {
  for (const SegmentEvent* segment : timeline.segments())
    if (!segment->segment.checksum_ok)
      findings.push_back(broken("checksums are right", "RFC 9293 MUST-2", "a wrong one",
                                segment->facts.from, *segment));
}

void check_transitions(const Timeline& timeline, std::vector<Finding>& findings) {
  std::set<ConnectionEnd> ends;
  for (const Event& event : timeline.trace().events)
    if (const auto* state = std::get_if<StateEvent>(&event))
      ends.insert({state->end, state->connection});
  for (const ConnectionEnd& end : ends) {
    const StateHistory history = history_of(timeline, end);
    if (history.gap.empty()) continue;
    findings.push_back({.status = history.illegal ? Status::broken : Status::unclear,
                        .what = fmt::format("invariant: only transitions of the state diagram, {}",
                                            to_string(end)),
                        .wanted = "RFC 9293 3.3.2",
                        .got = history.gap,
                        .owner = end.end});
  }
}

void check_streams(const Timeline& timeline, std::vector<Finding>& findings) {
  for (size_t i = 0; i < timeline.the_case().steps.size(); ++i) {
    const auto* call = std::get_if<CallStep>(&timeline.the_case().steps[i].what);
    const ResultEvent* result = timeline.result(static_cast<int>(i));
    if (!call || !result || !result->mismatch) continue;
    findings.push_back({.status = Status::broken,
                        .what = "invariant: the stream received is the stream sent",
                        .wanted = "every byte as sent (RFC 9293 2.2)",
                        .got = fmt::format("the byte at offset {} differs", *result->mismatch),
                        .owner = call->end,
                        .line = timeline.the_case().steps[i].line});
  }
}

}  // namespace

std::vector<Finding> check_invariants(const Timeline& timeline) {
  std::vector<Finding> findings;
  check_conversations(timeline, findings);
  check_checksums(timeline, findings);
  check_transitions(timeline, findings);
  check_streams(timeline, findings);
  return findings;
}

}  // namespace faultline
