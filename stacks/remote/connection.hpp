// The connection between a run and a driver across the network.
#pragma once

#include <string>

#include "harness/tcp/segment.hpp"
#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"
#include "harness/util/time.hpp"

namespace faultline::remote {

inline constexpr uint16_t usual_port = 7400;

// Lines leave at once, and a peer that is gone is noticed within half a minute.
void tune_connection(const Fd& socket);

[[nodiscard]] Result<Fd> connect_to(const Endpoint& there, Nanos within);

// Connects and shows the token. The driver's hello is not waited for.
[[nodiscard]] Result<Fd> connect_to_driver(const Endpoint& driver, const std::string& token,
                                           Nanos within);

// Whether it takes the token and says hello. Error: why not, in its words where it has some.
[[nodiscard]] Result<void> try_driver(const Endpoint& driver, const std::string& token,
                                      Nanos within);

}  // namespace faultline::remote
