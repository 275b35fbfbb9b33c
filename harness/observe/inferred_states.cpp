#include "harness/observe/inferred_states.hpp"

namespace faultline {
namespace {

using enum TcpState;

bool reaches(Seq ack, Seq end) {
  return distance(end, ack) >= 0;
}

// It has sent its FIN.
TcpState closes(TcpState state) {
  if (state == SYN_RECV || state == ESTABLISHED) return FIN_WAIT_1;
  return state == CLOSE_WAIT ? LAST_ACK : state;
}

// It has acknowledged the peer's FIN.
TcpState takes_fin(TcpState state) {
  if (state == SYN_RECV || state == ESTABLISHED) return CLOSE_WAIT;
  if (state == FIN_WAIT_1) return CLOSING;
  return state == FIN_WAIT_2 ? TIME_WAIT : state;
}

// Its FIN was acknowledged.
TcpState fin_arrived(TcpState state) {
  if (state == FIN_WAIT_1) return FIN_WAIT_2;
  if (state == CLOSING) return TIME_WAIT;
  return state == LAST_ACK ? CLOSED : state;
}

}  // namespace

TcpState InferredStates::after_sent(Connection& c, const Segment& segment) {
  if (segment.flags.has(Flags::rst)) return CLOSED;
  TcpState state = c.state;
  const Seq end = segment.seq + segment.sequence_length();
  if (segment.flags.has(Flags::syn)) {
    if (state == CLOSED) c = {.own_next = end};
    c.acknowledged = segment.ack;
    return segment.flags.has(Flags::ack) ? (state == CLOSED || state == SYN_SENT ? SYN_RECV : state)
                                         : (state == CLOSED ? SYN_SENT : state);
  }
  if (distance(c.own_next, end) > 0) c.own_next = end;
  if (segment.flags.has(Flags::ack)) {
    c.acknowledged = segment.ack;
    if (state == SYN_SENT) state = ESTABLISHED;
    if (c.peer_fin_end && reaches(segment.ack, *c.peer_fin_end)) state = takes_fin(state);
  }
  if (!segment.flags.has(Flags::fin)) return state;
  c.own_fin_end = end;
  return closes(state);
}

TcpState InferredStates::after_delivered(Connection& c, const Segment& segment) {
  // Anything else is answered, if at all, and changes nothing (RFC 5961 3.2).
  if (segment.flags.has(Flags::rst))
    return c.acknowledged == segment.seq ? CLOSED : c.state;
  if (segment.flags.has(Flags::fin)) c.peer_fin_end = segment.seq + segment.sequence_length();
  if (!segment.flags.has(Flags::ack) || segment.flags.has(Flags::syn)) return c.state;
  const bool beyond = distance(c.own_next, segment.ack) > 0;
  if (beyond) return c.state;
  if (c.state == SYN_RECV && segment.ack == c.own_next) return ESTABLISHED;
  if (c.own_fin_end && reaches(segment.ack, *c.own_fin_end)) return fin_arrived(c.state);
  return c.state;
}

std::optional<InferredStates::Change> InferredStates::sent(const Segment& segment) {
  const std::pair key(segment.source, segment.destination);
  const bool known = connections_.contains(key);
  // It begins with a SYN of its own; a RST from nowhere is no connection's.
  if (!known && !segment.flags.has(Flags::syn)) return {};
  Connection& connection = connections_[key];
  const TcpState before = connection.state, state = after_sent(connection, segment);
  connection.state = state;
  if (state == before) return {};
  return Change{key.first, key.second, state};
}

std::optional<InferredStates::Change> InferredStates::delivered(const Segment& segment) {
  const std::pair key(segment.destination, segment.source);
  const auto found = connections_.find(key);
  if (found == connections_.end()) return {};
  const TcpState before = found->second.state,
                 state = after_delivered(found->second, segment);
  found->second.state = state;
  if (state == before) return {};
  return Change{key.first, key.second, state};
}

}  // namespace faultline
