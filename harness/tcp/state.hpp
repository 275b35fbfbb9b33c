// The states of RFC 9293 3.3.2, named as Linux prints them, and the diagram that joins them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace faultline {

// The values are those of the kernel's include/net/tcp_states.h, which sock_diag reports.
enum class TcpState : uint8_t {
  ESTABLISHED = 1,
  SYN_SENT,
  SYN_RECV,
  FIN_WAIT_1,
  FIN_WAIT_2,
  TIME_WAIT,
  CLOSED,
  CLOSE_WAIT,
  LAST_ACK,
  LISTEN,
  CLOSING,
};

[[nodiscard]] std::string_view to_string(TcpState state);
[[nodiscard]] std::optional<TcpState> state_from_string(std::string_view name);
[[nodiscard]] std::span<const TcpState> all_states();

// Whether one segment, call or timer can lead from `from` to `to` (RFC 9293 figure 5, with note 2
// of its errata: a RST, an abort or a timeout leads to CLOSED from everywhere, and a FIN that also
// acknowledges ours leads from FIN_WAIT_1 to TIME_WAIT).
[[nodiscard]] bool is_transition(TcpState from, TcpState to);

// The states strictly between two that were seen one after the other; none when they are
// neighbours. No result where no path or more than one leads there: what happened cannot be told.
[[nodiscard]] std::optional<std::vector<TcpState>> states_between(TcpState from, TcpState to);

// Whether any path leads there, within one connection.
[[nodiscard]] bool is_reachable(TcpState from, TcpState to);

}  // namespace faultline
