// The driver of the kernel's own TCP: docs/driver-protocol.md over two descriptors. A library, so
// that it can be the main of a program or of a forked child.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace faultline {

// Serves requests from `in_fd` until "exit" or the end of its input; replies go to `out_fd`.
// Returns the exit status: 0, or 1 when nobody reads the replies any more. What is still open is
// then closed as for a crashed process: nothing waits for SO_LINGER. Sets SIGPIPE to be ignored.
// Both descriptors stay the caller's.
int run_linux_driver(int in_fd, int out_fd);

// A connection, as the call `state` names it.
struct DriverConnection {
  std::string local_address, peer_address;
  uint16_t local_port = 0, peer_port = 0;
};

// What a driver tells that nobody can see from outside.
struct DriverExtras {
  nlohmann::json hello = nlohmann::json::object();  // members added to hello, over its own
  // The answer to `state`; "" where it cannot be told. Without it the call is unsupported.
  std::function<std::string(const DriverConnection&)> state;
};

// The same with these.
int serve_linux_driver(int in_fd, int out_fd, const DriverExtras& extras);

}  // namespace faultline
