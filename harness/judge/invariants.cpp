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

Finding broken(const Timeline& timeline, std::string what, std::string wanted, std::string got,
               const SegmentEvent& segment) {
  return {.status = Status::broken,
          .what = "invariant: " + std::move(what),
          .wanted = std::move(wanted),
          .got = std::move(got),
          .evidence = {describe(Event(segment))},
          .owner = segment.facts.from,
          .event = timeline.index_of(&segment)};
}

// Two processors of one host may hand segments to the wire in the other order.
constexpr Nanos reordering_by_the_host = 1ms;

// Follows one end of one connection: what it may say.
struct Talker {
  std::optional<Seq> received;      // one past the highest sequence number that reached it
  std::optional<Seq> acknowledged;  // the highest acknowledgement number that it sent
  Nanos acknowledged_at{};
  std::optional<int> own_scale;   // that its SYN offered
  std::optional<int> peer_scale;  // that the SYN which reached it offered
  std::optional<Seq> edge;        // the right edge of what it has been offered
  // What the SYNs of other connections between the same ports that reached it end with.
  std::vector<Seq> other_syns;
};

// An end is judged by what it sends; what it may send follows from what has reached it, which is
// not always what the other end sent: the wire drops, changes and forges.
class Conversation {
 public:
  Conversation(const Timeline& timeline, std::vector<Finding>& findings)
      : timeline_(timeline), findings_(findings) {}

  void sent(const SegmentEvent& event);
  void delivered(const Segment& segment, End from);
  // The same, of another connection between the same ports.
  void delivered_of_other(const Segment& segment, End from);

 private:
  void check_ack(const SegmentEvent& event, Talker& mine);
  void check_window(const SegmentEvent& event, const Talker& mine);

  const Timeline& timeline_;
  std::vector<Finding>& findings_;
  std::array<Talker, 2> ends_;
};

void Conversation::sent(const SegmentEvent& event) {
  const Segment& segment = event.segment;
  Talker& mine = ends_[index(event.facts.from)];
  if (segment.flags.has(Flags::syn)) mine.own_scale = segment.window_scale;
  // A RST answers a segment of which nothing may be known any more (RFC 9293 3.5.2).
  if (segment.flags.has(Flags::rst)) return;
  check_ack(event, mine);
  check_window(event, mine);
}

void Conversation::check_ack(const SegmentEvent& event, Talker& mine) {
  const Segment& segment = event.segment;
  if (!segment.flags.has(Flags::ack)) return;
  if (std::ranges::find(mine.other_syns, segment.ack) != mine.other_syns.end()) return;
  if (!mine.received)
    findings_.push_back(broken(timeline_, "no acknowledgement beyond what was sent", "RFC 9293 3.4",
                               "of an end that had sent nothing", event));
  else if (distance(*mine.received, segment.ack) > 0)
    findings_.push_back(
        broken(timeline_, "no acknowledgement beyond what was sent", "RFC 9293 3.4",
               fmt::format("{} bytes beyond", distance(*mine.received, segment.ack)),
               event));
  const bool back = mine.acknowledged && distance(*mine.acknowledged, segment.ack) < 0;
  if (back && event.time - mine.acknowledged_at > reordering_by_the_host)
    findings_.push_back(
        broken(timeline_, "acknowledgements never go back", "RFC 9293 3.4",
               fmt::format("{} bytes back", -distance(*mine.acknowledged, segment.ack)),
               event));
  if (back) return;
  mine.acknowledged = segment.ack;
  mine.acknowledged_at = event.time;
}

// A probe of a zero window may be one byte beyond it (RFC 9293 3.8.6.1).
void Conversation::check_window(const SegmentEvent& event, const Talker& mine) {
  const Segment& segment = event.segment;
  if (!mine.edge || segment.payload_length <= 1) return;
  const int32_t beyond = distance(*mine.edge, segment.seq + segment.payload_length);
  if (beyond > 0)
    findings_.push_back(broken(timeline_, "the peer's window is respected", "RFC 9293 3.8.6",
                               fmt::format("{} bytes beyond it", beyond), event));
}

void Conversation::delivered(const Segment& segment, End from) {
  Talker& receiver = ends_[index(other(from))];
  if (segment.flags.has(Flags::syn)) receiver.peer_scale = segment.window_scale;
  const Seq beyond = segment.seq + segment.sequence_length();
  if (!receiver.received || distance(*receiver.received, beyond) > 0) receiver.received = beyond;
  if (!segment.flags.has(Flags::ack) || segment.flags.has(Flags::rst)) return;
  // Scaling is in force when both SYNs offered it, and never in a SYN itself (RFC 7323 2.2).
  const bool scaled = receiver.own_scale && receiver.peer_scale && !segment.flags.has(Flags::syn);
  const uint32_t window = uint32_t{segment.window}
                          << (scaled ? std::min(*receiver.peer_scale, 14) : 0);
  const Seq edge = segment.ack + window;
  if (!receiver.edge || distance(*receiver.edge, edge) > 0) receiver.edge = edge;
}

void Conversation::delivered_of_other(const Segment& segment, End from) {
  if (segment.flags.has(Flags::syn))
    ends_[index(other(from))].other_syns.push_back(segment.seq + segment.sequence_length());
}

// The ports and addresses of both ends, whichever sent it.
std::pair<Endpoint, Endpoint> ends_of(const Segment& segment) {
  return std::minmax(segment.source, segment.destination);
}

void check_conversations(const Timeline& timeline, std::vector<Finding>& findings) {
  std::map<std::string_view, Conversation> conversations;
  std::map<std::pair<Endpoint, Endpoint>, std::set<std::string_view>> names;
  for (const auto& [time, departure, from, name, crossing] : timeline.crossings()) {
    const Segment& segment = *crossing;
    auto& between = names[ends_of(segment)];
    if (!departure)
      for (const std::string_view other_name : between)
        if (other_name != name) conversations.at(other_name).delivered_of_other(segment, from);
    if (name.empty()) continue;
    between.insert(name);
    auto& conversation = conversations.try_emplace(name, timeline, findings).first->second;
    departure ? conversation.sent(*departure) : conversation.delivered(segment, from);
  }
}

void check_checksums(const Timeline& timeline, std::vector<Finding>& findings) {
  for (const SegmentEvent* segment : timeline.segments())
    if (!segment->segment.checksum_ok)
      findings.push_back(broken(timeline, "checksums are right", "RFC 9293 MUST-2", "a wrong one",
                                *segment));
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
    const bool wires = timeline.wire_made_stream({call->end, result->connection});
    findings.push_back({.status = wires ? Status::unclear : Status::broken,
                        .what = "invariant: the stream received is the stream sent",
                        .wanted = "every byte as sent (RFC 9293 2.2)",
                        .got = fmt::format("the byte at offset {} differs{}", *result->mismatch,
                                           wires ? ", and the wire sent bytes of its own" : ""),
                        .owner = call->end,
                        .line = timeline.the_case().steps[i].line,
                        .event = timeline.index_of(result)});
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
