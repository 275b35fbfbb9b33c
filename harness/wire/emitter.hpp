// Sends packets that the wire itself lets go: held segments, duplicates, later forged ones. They
// leave by AF_PACKET on the interface toward their end, as they are, past the queue; where there is
// no such interface, by a raw socket whose mark passes the queue.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/tcp/end.hpp"
#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"
#include "harness/world/world.hpp"

namespace faultline {

class Emitter {
 public:
  // Opened in the wire's namespace; needs CAP_NET_RAW there.
  static Result<Emitter> open(std::array<Port, 2> ports);

  // For packets of that version of IP, between this machine and another. Needs CAP_NET_RAW, and
  // CAP_NET_ADMIN for the mark. The kernel makes IPv4's header checksum itself, and an identification
  // where there is none (raw(7)).
  static Result<Emitter> open_marked(int version, uint32_t mark);

  // `packet` starts at the IP header. Fails when it is longer than the MTU or the device is gone.
  Result<void> send(End toward, std::span<const std::byte> packet);

 private:
  Emitter() = default;
  Result<void> send_raw(End toward, std::span<const std::byte> packet);
  Fd socket_;
  bool raw_ = false;
  std::array<Port, 2> ports_{};
};

}  // namespace faultline
