// How a stack is attached to its end of a world.
#pragma once

#include <cstdint>

namespace faultline {

enum class Attach : uint8_t {
  kernel,  // its driver uses the sockets of the end's network namespace
  tun,     // its driver reads and writes IP packets
  tap,     // its driver reads and writes Ethernet frames
};

}  // namespace faultline
