// What a driver with a device of its own is told by its environment (docs/driver-protocol.md, "The
// device").
#pragma once

#include <string>
#include <vector>

#include "harness/world/world.hpp"

namespace faultline {

// "NAME=VALUE". REQUIRES: attach is tun or tap.
[[nodiscard]] std::vector<std::string> device_environment(const World& world, End end,
                                                          Attach attach);

}  // namespace faultline
