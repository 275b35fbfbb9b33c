// Carries the lines of a driver across a network: to a run it is a driver like any other.
#pragma once

#include <filesystem>

#include "harness/tcp/segment.hpp"

namespace faultline::remote {

// Connects, shows the token, and passes on what comes from either side, until one of them ends. Where
// it cannot connect, an `error` event on `out_fd` says why. Returns the exit status. Both descriptors
// stay the caller's.
int run_bridge(int in_fd, int out_fd, const Endpoint& driver,
               const std::filesystem::path& token_file);

}  // namespace faultline::remote
