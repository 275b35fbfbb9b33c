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

// How far a number lies above an ISN. Sequence numbers wrap, so this does too.
uint32_t relative(Seq isn, Seq seq) {
  return seq.raw() - isn.raw();
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

SegmentFacts Tracker::track(const Segment& segment) {
  SegmentFacts facts;
  const auto source = end_of(segment.source.address);
  const auto destination = end_of(segment.destination.address);
  if (source)
    facts.from = *source;
  else if (destination)
    facts.from = other(*destination);
  const ConnectionTuple tuple = facts.from == End::client
                                    ? ConnectionTuple{segment.source, segment.destination}
                                    : ConnectionTuple{segment.destination, segment.source};

  Flow* flow = flow_of(segment, facts.from, tuple);
  if (flow == nullptr) return facts;
  facts.connection = flow->name;
  Direction& own = flow->sent[index(facts.from)];
  const Direction& peer = flow->sent[index(other(facts.from))];
  if (segment.flags.has(Flags::ack) && peer.isn) facts.ack = relative(*peer.isn, segment.ack);
  if (!own.isn) return facts;
  facts.seq = relative(*own.isn, segment.seq);
  const uint32_t length = segment.sequence_length();
  facts.retransmission = length > 0 && distance(segment.seq, own.next) > 0;
  const Seq end = segment.seq + length;
  if (distance(own.next, end) > 0) own.next = end;
  return facts;
}

// The connection that a segment belongs to. Learns the ISN of its direction from a SYN.
Tracker::Flow* Tracker::flow_of(const Segment& segment, End from, const ConnectionTuple& tuple) {
  const bool syn = segment.flags.has(Flags::syn);
  if (syn && !segment.flags.has(Flags::ack)) return flow_of_syn(from, tuple, segment.seq);
  const auto found = flows_.find(tuple);
  if (found == flows_.end()) return nullptr;
  Direction& own = found->second.sent[index(from)];
  const Direction& peer = found->second.sent[index(other(from))];
  // A listener that gave up a half-open connection answers the next SYN with another ISN.
  const bool answers = syn && peer.isn && distance(*peer.isn, segment.ack) > 0;
  if (answers && own.isn != segment.seq) own = {segment.seq, segment.seq};
  return &found->second;
}

Tracker::Flow* Tracker::flow_of_syn(End from, const ConnectionTuple& tuple, Seq isn) {
  const auto found = flows_.find(tuple);
  Flow* flow = found == flows_.end() ? nullptr : &found->second;
  if (flow != nullptr && flow->sent[index(from)].isn == isn) return flow;

  auto& names = expected_[index(from)];
  const bool crosses = flow != nullptr && !flow->sent[index(from)].isn;
  if (crosses && (names.empty() || std::erase(names, flow->name) > 0)) {
    flow->sent[index(from)] = {isn, isn};
    return flow;
  }
  if (names.empty()) return nullptr;
  flow = begin(from, tuple);
  flow->sent[index(from)] = {isn, isn};
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

  const auto [place, is_new] = flows_.insert_or_assign(tuple, Flow{.name = name});
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
