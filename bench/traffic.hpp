// Two real endpoints, each a process of its own that ends with this PID namespace.
#pragma once

#include "harness/world/world.hpp"

namespace faultline::bench {

// A connection from client to server, with as much data as it takes. Throws std::runtime_error.
void start_bulk_transfer(const World& world);

// The same with 100 bytes every 500 µs.
void start_trickle(const World& world);

}  // namespace faultline::bench
