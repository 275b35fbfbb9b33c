// A driver that is reached over TCP: what `faultline driver --listen` does.
#pragma once

#include <string>

#include "harness/tcp/segment.hpp"
#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"

namespace faultline::remote {

[[nodiscard]] Result<Fd> listen_at(const Endpoint& at);

// Serves the driver protocol to one client at a time, each in a process of its own that ends with its
// connection. A connection's first line is {"token":"…"}; whatever else it says is answered with an
// `error` event, and the connection is closed after a second. Ends only with an Error: no more
// connections can be taken.
// REQUIRES: one thread. Give up privileges first.
[[nodiscard]] Result<void> serve_clients(const Fd& listener, const std::string& token);

}  // namespace faultline::remote
