// The states of an end that nobody can ask, inferred from its segments: what it has sent, and what it
// was given, says where it is in the state diagram of RFC 9293 3.3.2. What it was given counts once it
// answers for it, but for an acknowledgement and a RST, which change a state without an answer.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "harness/tcp/segment.hpp"
#include "harness/tcp/state.hpp"

namespace faultline {

class InferredStates {
 public:
  struct Change {
    Endpoint local, remote;
    TcpState state = TcpState::CLOSED;
  };

  // The end has sent this segment. In the order of what happened.
  [[nodiscard]] std::optional<Change> sent(const Segment& segment);
  // It was delivered to the end.
  [[nodiscard]] std::optional<Change> delivered(const Segment& segment);

 private:
  struct Connection {
    TcpState state = TcpState::CLOSED;
    Seq own_next;                       // one beyond what it has sent
    std::optional<Seq> own_fin_end;     // one beyond its FIN
    std::optional<Seq> acknowledged;    // by it
    std::optional<Seq> peer_fin_end;    // one beyond the peer's FIN, once delivered
  };

  static TcpState after_sent(Connection& connection, const Segment& segment);
  static TcpState after_delivered(Connection& connection, const Segment& segment);

  std::map<std::pair<Endpoint, Endpoint>, Connection> connections_;  // by local and remote
};

}  // namespace faultline
