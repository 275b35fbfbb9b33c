#include "harness/tcp/state.hpp"

#include <algorithm>
#include <array>

namespace faultline {
namespace {

using enum TcpState;

constexpr std::array<TcpState, 11> states{CLOSED,     LISTEN,     SYN_SENT,  SYN_RECV,
                                          ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSING,
                                          TIME_WAIT,  CLOSE_WAIT, LAST_ACK};

struct Edge {
  TcpState from, to;
};
// Edges to CLOSED are not listed: every state has one.
constexpr std::array edges{
    Edge{CLOSED, LISTEN},          Edge{CLOSED, SYN_SENT},
    Edge{LISTEN, SYN_RECV},
    Edge{SYN_SENT, SYN_RECV},      Edge{SYN_SENT, ESTABLISHED},
    Edge{SYN_RECV, ESTABLISHED},   Edge{SYN_RECV, FIN_WAIT_1},
    Edge{SYN_RECV, LISTEN},        Edge{SYN_RECV, CLOSE_WAIT},
    Edge{ESTABLISHED, FIN_WAIT_1}, Edge{ESTABLISHED, CLOSE_WAIT},
    Edge{FIN_WAIT_1, FIN_WAIT_2},  Edge{FIN_WAIT_1, CLOSING},
    Edge{FIN_WAIT_1, TIME_WAIT},   Edge{FIN_WAIT_2, TIME_WAIT},
    Edge{CLOSING, TIME_WAIT},      Edge{CLOSE_WAIT, LAST_ACK},
    Edge{TIME_WAIT, SYN_RECV},
};

// Walks every path that visits no state twice. A path never leads through a state in which one
// connection ends or none has begun.
struct Paths {
  int found = 0;
  std::vector<TcpState> inner;  // of the path found last
  std::vector<TcpState> current;

  void walk(TcpState at, TcpState to) {
    for (const TcpState next : states) {
      if (!is_transition(at, next)) continue;
      if (next == to) {
        ++found;
        inner = current;
      }
      const bool ends = next == CLOSED || next == LISTEN || next == TIME_WAIT || next == to;
      if (ends || std::ranges::find(current, next) != current.end()) continue;
      current.push_back(next);
      walk(next, to);
      current.pop_back();
    }
  }
};

}  // namespace

std::string_view to_string(TcpState state) {
  switch (state) {
    case ESTABLISHED: return "ESTABLISHED";
    case SYN_SENT: return "SYN_SENT";
    case SYN_RECV: return "SYN_RECV";
    case FIN_WAIT_1: return "FIN_WAIT_1";
    case FIN_WAIT_2: return "FIN_WAIT_2";
    case TIME_WAIT: return "TIME_WAIT";
    case CLOSED: return "CLOSED";
    case CLOSE_WAIT: return "CLOSE_WAIT";
    case LAST_ACK: return "LAST_ACK";
    case LISTEN: return "LISTEN";
    case CLOSING: return "CLOSING";
  }
  return "?";
}

std::optional<TcpState> state_from_string(std::string_view name) {
  const auto found = std::ranges::find(states, name, [](TcpState s) { return to_string(s); });
  if (found == states.end()) return {};
  return *found;
}

std::span<const TcpState> all_states() { return states; }

bool is_transition(TcpState from, TcpState to) {
  if (from == to) return false;
  if (to == CLOSED) return true;
  return std::ranges::any_of(edges, [&](Edge e) { return e.from == from && e.to == to; });
}

std::optional<std::vector<TcpState>> states_between(TcpState from, TcpState to) {
  if (is_transition(from, to)) return std::vector<TcpState>{};
  Paths paths;
  paths.walk(from, to);
  if (paths.found != 1) return {};
  return paths.inner;
}

bool is_reachable(TcpState from, TcpState to) {
  if (is_transition(from, to)) return true;
  Paths paths;
  paths.walk(from, to);
  return paths.found != 0;
}

}  // namespace faultline
