#include "stacks/remote/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace faultline::remote {
namespace {

std::optional<uint16_t> port_from(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return port;
}

std::optional<Endpoint> with_port(const std::string& address, std::string_view port) {
  const auto read = address_from_string(address);
  const auto number = port_from(port);
  if (!read || !number) return {};
  return Endpoint{*read, *number};
}

std::optional<Endpoint> read(const std::string& text, bool loopback_port) {
  if (const auto address = address_from_string(text)) return Endpoint{*address, 0};
  if (loopback_port && text.find(':') == text.npos) return with_port("127.0.0.1", text);
  const size_t colon = text.rfind(':');
  if (colon == text.npos) return {};
  std::string address = text.substr(0, colon);
  if (!address.starts_with('[')) return with_port(address, text.substr(colon + 1));
  if (!address.ends_with(']')) return {};
  return with_port(address.substr(1, address.size() - 2), text.substr(colon + 1));
}

}  // namespace

SocketName::SocketName(const Endpoint& endpoint) {
  if (endpoint.address.version == 4) {
    auto& name = reinterpret_cast<sockaddr_in&>(name_);
    name.sin_family = AF_INET;
    name.sin_port = htons(endpoint.port);
    std::memcpy(&name.sin_addr, endpoint.address.bytes.data(), sizeof name.sin_addr);
  } else {
    auto& name = reinterpret_cast<sockaddr_in6&>(name_);
    name.sin6_family = AF_INET6;
    name.sin6_port = htons(endpoint.port);
    std::memcpy(&name.sin6_addr, endpoint.address.bytes.data(), sizeof name.sin6_addr);
  }
}

socklen_t SocketName::size() const {
  return name_.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

Result<Endpoint> local_endpoint(const Fd& socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0)
    return fail_errno("asking for a socket's address");
  Endpoint endpoint;
  if (name.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(name);
    endpoint = {.address = {.version = 4}, .port = ntohs(v4.sin_port)};
    std::memcpy(endpoint.address.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
  } else {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(name);
    endpoint = {.address = {.version = 6}, .port = ntohs(v6.sin6_port)};
    std::memcpy(endpoint.address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
  }
  return endpoint;
}

Result<Endpoint> endpoint_from_text(const std::string& text, bool loopback_port) {
  if (const auto endpoint = read(text, loopback_port)) return *endpoint;
  return fail("'{}' is no numeric address with a port, like 192.0.2.1:7400 or [2001:db8::1]:7400",
              text);
}

}  // namespace faultline::remote
