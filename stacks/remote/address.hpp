// Addresses as the socket calls take them, and as users write them.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>
#include <string>

#include "harness/tcp/segment.hpp"
#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"

namespace faultline::remote {

class SocketName {
 public:
  explicit SocketName(const Endpoint& endpoint);
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name_); }
  [[nodiscard]] socklen_t size() const;
  [[nodiscard]] int family() const { return name_.ss_family; }

 private:
  sockaddr_storage name_{};
};

// The socket's own end.
[[nodiscard]] Result<Endpoint> local_endpoint(const Fd& socket);

// "192.0.2.1", "192.0.2.1:7400", "2001:db8::1", "[2001:db8::1]:7400", and where `loopback_port` also
// "7400", which is 127.0.0.1's. A port that is not given is 0. Error: it is none of these.
[[nodiscard]] Result<Endpoint> endpoint_from_text(const std::string& text, bool loopback_port);

}  // namespace faultline::remote
