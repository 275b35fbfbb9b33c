// Sends packets that the wire itself lets go: held segments, duplicates, later forged ones. They
// leave by AF_PACKET on the interface toward their end, as they are, past the queue.
#pragma once

#include <array>
#include <cstddef>
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

  // `packet` starts at the IP header. Fails when it is longer than the MTU or the device is gone.
  Result<void> send(End toward, std::span<const std::byte> packet);

 private:
  Emitter() = default;
  Fd socket_;
  std::array<Port, 2> ports_{};
};

}  // namespace faultline
