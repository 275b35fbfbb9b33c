#include "injectors/tracker.hpp"

#include <algorithm>
#include <cstring>

namespace faultline {
namespace {

uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio
  return hash ^ hash >> 32;
}
uint64_t mix(uint64_t hash, const Endpoint& endpoint) {
  std::array<uint64_t, 2> halves{};
  std::memcpy(halves.data(), endpoint.address.bytes.data(), sizeof halves);
  return mix(mix(mix(hash, halves[0]), halves[1]), endpoint.port);
}

constexpr size_t most_counts = 4096;

// How far a number lies above an ISN. Sequence numbers wrap, so this does too.
uint32_t relative(Seq isn, Seq seq) {
  return seq.raw() - isn.raw();
}

ConnectionTuple tuple_of(const Segment& segment, End from) {
  if (from == End::client) return {segment.source, segment.destination};
  return {segment.destination, segment.source};
}

// A SYN with a new number: whatever was known of this end was of another connection.
void restart(SeenEnd& end, Seq isn) {
  end = {.endpoint = end.endpoint, .isn = isn, .next = isn};
}

// Linux asks with the number below what is expected, others with the byte beyond the window.
bool probes_zero_window(const Segment& segment, const SeenEnd::Read& read) {
  if (read.window != 0) return false;
  const int32_t above = distance(read.ack, segment.seq);
  return segment.payload_length == 0 ? above == -1 : segment.payload_length == 1 && above == 0;
}

bool probes_idle_peer(const Segment& segment, Seq expected, Seq next) {
  return segment.payload_length <= 1 && expected == next && distance(expected, segment.seq) == -1;
}

// Before the segment itself is taken notice of.
SegmentKinds kinds_of(const Segment& segment, const SeenEnd& own, const SeenEnd& peer) {
  constexpr uint16_t no_ack_alone = Flags::syn | Flags::fin | Flags::rst;
  SegmentKinds kinds;
  if (!segment.flags.has(Flags::ack) || (segment.flags.bits & no_ack_alone) != 0) return kinds;
  if (peer.read && probes_zero_window(segment, *peer.read))
    kinds.add(SegmentKind::zero_window_probe);
  else if (peer.read && probes_idle_peer(segment, peer.read->ack, own.next))
    kinds.add(SegmentKind::keepalive_probe);
  if (kinds.bits != 0 || segment.payload_length != 0) return kinds;
  kinds.add(SegmentKind::pure_ack);
  if (own.acknowledged != segment.ack) return kinds;
  if (own.window != segment.window)
    kinds.add(SegmentKind::window_update);
  else if (distance(segment.ack, peer.next + peer.shift) > 0)
    kinds.add(SegmentKind::duplicate_ack);
  return kinds;
}

void take_notice(const Segment& segment, SeenEnd& own) {
  own.ttl = segment.ttl;
  if (segment.timestamps) own.timestamps = segment.timestamps;
  if (segment.flags.has(Flags::rst)) return;
  if (segment.flags.has(Flags::syn)) own.window_scale = segment.window_scale;
  if (segment.flags.has(Flags::ack)) {
    own.window = segment.window;
    own.window_of_syn = segment.flags.has(Flags::syn);
    if (!own.acknowledged || distance(*own.acknowledged, segment.ack) > 0)
      own.acknowledged = segment.ack;
  }
  if (!own.isn) return;
  const Seq end = segment.seq + segment.sequence_length();
  if (distance(own.next, end) > 0) own.next = end;
}

// An older segment says nothing new of the window (RFC 9293 3.10.7.4, SND.WL1 and WL2).
void reach_peer(const Segment& segment, SeenEnd& from) {
  if (!segment.flags.has(Flags::ack) || segment.flags.has(Flags::rst)) return;
  auto& read = from.read;
  const int32_t newer = read ? distance(read->seq, segment.seq) : 1;
  if (newer < 0 || (newer == 0 && distance(read->ack, segment.ack) < 0)) return;
  read = {segment.window, segment.seq, segment.ack};
}

}  // namespace

size_t Tracker::TupleHash::operator()(const ConnectionTuple& tuple) const {
  return mix(mix(0, tuple.client), tuple.server);
}

Tracker::Tracker(std::array<std::vector<Address>, 2> addresses)
    : addresses_(std::move(addresses)) {}

void Tracker::expect_connect(End end, std::string name) {
  auto& names = expected_[index(end)];
  if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
}

void Tracker::connect_over(End end, std::string_view name) {
  std::erase(expected_[index(end)], name);
}

std::optional<End> Tracker::end_of(const Address& address) const {
  for (const End end : both_ends)
    if (std::ranges::find(addresses_[index(end)], address) != addresses_[index(end)].end())
      return end;
  return {};
}

std::optional<ConnectionTuple> Tracker::tuple(std::string_view name) const {
  const auto found = std::ranges::find(connections_, name, &Connection::name);
  if (found == connections_.end()) return {};
  return found->tuple;
}

const Seen* Tracker::seen(std::string_view name) const {
  const auto known = tuple(name);
  if (!known) return nullptr;
  const auto found = flows_.find(*known);
  return found == flows_.end() || found->second.seen.connection != name ? nullptr
                                                                        : &found->second.seen;
}

SegmentFacts Tracker::track(const Segment& segment) {
  SegmentFacts facts;
  const auto source = end_of(segment.source.address);
  const auto destination = end_of(segment.destination.address);
  if (source)
    facts.from = *source;
  else if (destination)
    facts.from = other(*destination);
  const ConnectionTuple tuple = tuple_of(segment, facts.from);

  Flow* flow = flow_of(segment, facts.from, tuple);
  latest_ = flow;
  if (flow == nullptr) return facts;
  facts.connection = flow->seen.connection;
  SeenEnd& own = flow->seen.ends[index(facts.from)];
  const SeenEnd& peer = flow->seen.of(other(facts.from));
  if (segment.flags.has(Flags::ack) && peer.isn)
    facts.ack = relative(*peer.isn + peer.shift, segment.ack);
  if (own.isn) {
    facts.seq = relative(*own.isn, segment.seq);
    facts.retransmission = segment.sequence_length() > 0 && distance(segment.seq, own.next) > 0;
    facts.kinds = kinds_of(segment, own, peer);
    if (facts.retransmission)
      facts.retransmission_number = count_retransmission(*flow, facts.from, segment.seq);
  }
  take_notice(segment, own);
  return facts;
}

// What was acknowledged is not sent again: its counts go before there are many.
uint32_t Tracker::count_retransmission(Flow& flow, End from, Seq seq) {
  auto& counts = flow.sent_again[index(from)];
  if (counts.size() >= most_counts) {
    const auto acknowledged = flow.seen.acknowledged_as_sent(other(from));
    std::erase_if(counts, [&](const auto& count) {
      return acknowledged && distance(Seq(count.first), *acknowledged) > 0;
    });
    if (counts.size() >= most_counts) counts.clear();
  }
  return ++counts[seq.raw()];
}

void Tracker::passed(const Segment& segment, End from) {
  if (latest_ != nullptr) reach_peer(segment, latest_->seen.ends[index(from)]);
}

void Tracker::sent_own(const Segment& segment, End toward, const Segment* original) {
  const auto found = flows_.find(tuple_of(segment, other(toward)));
  if (found == flows_.end()) return;
  SeenEnd& from = found->second.seen.ends[index(other(toward))];
  reach_peer(segment, from);
  if (original && original->flags.has(Flags::syn))
    from.shift = segment.seq.raw() - original->seq.raw();
}

SegmentFacts Tracker::facts_of_own(const Segment& segment, End toward) const {
  SegmentFacts facts;
  facts.from = other(toward);
  const auto found =
      flows_.find(toward == End::server ? ConnectionTuple{segment.source, segment.destination}
                                        : ConnectionTuple{segment.destination, segment.source});
  if (found == flows_.end()) return facts;
  const Seen& seen = found->second.seen;
  facts.connection = seen.connection;
  const SeenEnd& from = seen.of(facts.from);
  const SeenEnd& to = seen.of(toward);
  if (from.isn) facts.seq = relative(*from.isn + from.shift, segment.seq);
  if (to.isn && segment.flags.has(Flags::ack)) facts.ack = relative(*to.isn, segment.ack);
  return facts;
}

// The connection that a segment belongs to. Learns the ISN of its direction from a SYN.
Tracker::Flow* Tracker::flow_of(const Segment& segment, End from, const ConnectionTuple& tuple) {
  const bool syn = segment.flags.has(Flags::syn);
  if (syn && !segment.flags.has(Flags::ack)) return flow_of_syn(from, tuple, segment.seq);
  const auto found = flows_.find(tuple);
  if (found == flows_.end()) return nullptr;
  SeenEnd& own = found->second.seen.ends[index(from)];
  const SeenEnd& peer = found->second.seen.of(other(from));
  // A listener that gave up a half-open connection answers the next SYN with another ISN.
  const bool answers = syn && peer.isn && distance(*peer.isn + peer.shift, segment.ack) > 0;
  if (answers && own.isn != segment.seq) restart(own, segment.seq);
  return &found->second;
}

Tracker::Flow* Tracker::flow_of_syn(End from, const ConnectionTuple& tuple, Seq isn) {
  const auto found = flows_.find(tuple);
  Flow* flow = found == flows_.end() ? nullptr : &found->second;
  if (flow != nullptr && flow->seen.of(from).isn == isn) return flow;

  auto& names = expected_[index(from)];
  const bool crosses = flow != nullptr && !flow->seen.of(from).isn;
  if (crosses && (names.empty() || std::erase(names, flow->seen.connection) > 0)) {
    restart(flow->seen.ends[index(from)], isn);
    return flow;
  }
  if (names.empty()) return nullptr;
  flow = begin(from, tuple);
  restart(flow->seen.ends[index(from)], isn);
  return flow;
}

Tracker::Flow* Tracker::begin(End from, const ConnectionTuple& tuple) {
  auto& names = expected_[index(from)];
  const std::string name = std::move(names.front());
  names.pop_front();
  ++begun_;

  const auto known = std::ranges::find(connections_, name, &Connection::name);
  if (known != connections_.end())
    *known = {name, tuple, from};
  else
    connections_.push_back({name, tuple, from});

  Flow flow{.seen = {.connection = name}};
  flow.seen.ends[index(End::client)].endpoint = tuple.client;
  flow.seen.ends[index(End::server)].endpoint = tuple.server;
  const auto [place, is_new] = flows_.insert_or_assign(tuple, std::move(flow));
  if (!is_new) return &place->second;
  order_.push_back(tuple);
  if (order_.size() > most_tuples) {
    std::erase_if(connections_, [&](const Connection& c) { return c.tuple == order_.front(); });
    flows_.erase(order_.front());
    order_.pop_front();
  }
  return &place->second;
}

}  // namespace faultline
