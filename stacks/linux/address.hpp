// Addresses as text and as the kernel wants them.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace faultline::linux_driver {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// `family`: AF_INET or AF_INET6. `text`: a numeric address of that family, or "" for any. Nothing
// where it is none.
[[nodiscard]] std::optional<SocketAddress> make_address(int family, const std::string& text,
                                                        uint16_t port);

// {"<prefix>_address": …, "<prefix>_port": …}
[[nodiscard]] nlohmann::json describe(const SocketAddress& address, const std::string& prefix);

// The same of a socket's own end; empty where it has none.
[[nodiscard]] nlohmann::json describe_local(int fd);

}  // namespace faultline::linux_driver
