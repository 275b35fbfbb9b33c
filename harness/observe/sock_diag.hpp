// What the kernel says of the TCP sockets of one network namespace (sock_diag(7), inet_diag).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/tcp/segment.hpp"
#include "harness/util/time.hpp"
#include "harness/world/netlink.hpp"

namespace faultline {

// One look at one connection. Timers as in linux/inet_diag.h: 0 none, 1 retransmission (also of
// SYN-ACKs), 2 keepalive or FIN_WAIT_2, 3 TIME_WAIT, 4 zero window probe.
struct StateReading {
  std::optional<TcpState> state;  // nothing: there is no such connection
  int timer = 0;
  Nanos expires{};  // until the timer is due; nominal, in whole milliseconds
  uint8_t retransmits = 0;
};

struct SocketEntry {
  Endpoint local, remote;
  StateReading reading;  // its state is LISTEN for a listener
};

class SockDiag {
 public:
  // `netns` need only be open during the call; the socket stays in that namespace.
  [[nodiscard]] static Result<SockDiag> open(int netns);
  // In the calling thread's namespace, which takes no privilege.
  [[nodiscard]] static Result<SockDiag> open_here();

  // The connection with exactly these ends, be it a full socket, a request socket (SYN_RECV) or a
  // mini-socket (FIN_WAIT_2, TIME_WAIT). About 1 µs; both addresses of one family.
  [[nodiscard]] Result<StateReading> look(const Endpoint& local, const Endpoint& remote);

  // Every TCP socket of an address family (`version` is 4 or 6), listeners included. Walks the
  // kernel's whole hash table: 400 µs and more.
  [[nodiscard]] Result<std::vector<SocketEntry>> dump(int version);

  // Ends the connection as if by an error (ECONNABORTED); the kernel sends a RST where the state
  // calls for one. False when there is no such connection.
  [[nodiscard]] Result<bool> destroy(const Endpoint& local, const Endpoint& remote);

 private:
  explicit SockDiag(Netlink netlink) : netlink_(std::move(netlink)) {}
  Netlink netlink_;
};

}  // namespace faultline
