#include "stacks/linux/address.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace faultline::linux_driver {

std::optional<SocketAddress> make_address(int family, const std::string& text, uint16_t port) {
  SocketAddress address;
  if (family == AF_INET) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    if (!text.empty() && inet_pton(AF_INET, text.c_str(), &v4.sin_addr) != 1) return {};
    address.length = sizeof v4;
    std::memcpy(&address.storage, &v4, sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (!text.empty() && inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) != 1) return {};
    address.length = sizeof v6;
    std::memcpy(&address.storage, &v6, sizeof v6);
  }
  return address;
}

nlohmann::json describe(const SocketAddress& address, const std::string& prefix) {
  char text[INET6_ADDRSTRLEN] = "";
  uint16_t port = 0;
  if (address.storage.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
    inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    port = ntohs(v4->sin_port);
  } else if (address.storage.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    port = ntohs(v6->sin6_port);
  }
  return {{prefix + "_address", text}, {prefix + "_port", port}};
}

nlohmann::json describe_local(int fd) {
  SocketAddress address;
  if (getsockname(fd, address.get(), &address.length) < 0) return nlohmann::json::object();
  return describe(address, "local");
}

}  // namespace faultline::linux_driver
