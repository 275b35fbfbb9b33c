#include "tests/world/sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "harness/world/netns.hpp"

namespace faultline::test {
namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress address_of(const Endpoint& endpoint) {
  SocketAddress address;
  if (endpoint.address.version == 4) {
    sockaddr_in in{.sin_family = AF_INET, .sin_port = htons(endpoint.port)};
    std::memcpy(&in.sin_addr, endpoint.address.bytes.data(), 4);
    std::memcpy(&address.storage, &in, address.size = sizeof in);
  } else {
    sockaddr_in6 in{.sin6_family = AF_INET6, .sin6_port = htons(endpoint.port)};
    std::memcpy(&in.sin6_addr, endpoint.address.bytes.data(), 16);
    std::memcpy(&address.storage, &in, address.size = sizeof in);
  }
  return address;
}

void require(bool good, const char* doing) {
  if (!good) throw std::system_error(errno, std::generic_category(), doing);
}

}  // namespace

Fd socket_at(const World& world, End end, int version, int type) {
  auto fd = in_namespace(world.netns(end), [&]() -> Result<Fd> {
    Fd made(socket(version == 4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0));
    require(static_cast<bool>(made), "socket");
    return made;
  });
  if (!fd) throw std::runtime_error(fd.error().what);
  return std::move(*fd);
}

void bind_to(const Fd& socket, const Endpoint& endpoint) {
  auto address = address_of(endpoint);
  require(bind(socket.get(), address.get(), address.size) == 0, "bind");
}

void start_connect(const Fd& socket, const Endpoint& remote) {
  auto address = address_of(remote);
  const int done = connect(socket.get(), address.get(), address.size);
  require(done == 0 || errno == EINPROGRESS, "connect");
}

Endpoint local_endpoint(const Fd& socket) {
  SocketAddress address;
  require(getsockname(socket.get(), address.get(), &address.size) == 0, "getsockname");
  Endpoint endpoint;
  if (address.storage.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address.storage, sizeof in);
    endpoint.port = ntohs(in.sin_port);
    std::memcpy(endpoint.address.bytes.data(), &in.sin_addr, 4);
  } else {
    sockaddr_in6 in{};
    std::memcpy(&in, &address.storage, sizeof in);
    endpoint.address.version = 6;
    endpoint.port = ntohs(in.sin6_port);
    std::memcpy(endpoint.address.bytes.data(), &in.sin6_addr, 16);
  }
  return endpoint;
}

bool becomes(const Fd& socket, short events, Nanos within) {
  pollfd wanted{.fd = socket.get(), .events = events};
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(within);
  return poll(&wanted, 1, static_cast<int>(patience.count())) == 1;
}

int pending_error(const Fd& socket) {
  int error = 0;
  socklen_t size = sizeof error;
  require(getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0, "SO_ERROR");
  return error;
}

Endpoint server_endpoint(int version) {
  return {.address = World::address(End::server, version), .port = server_port};
}

Fd listen_at_server(const World& world, int version) {
  Fd fd = socket_at(world, End::server, version, SOCK_STREAM);
  bind_to(fd, server_endpoint(version));
  require(listen(fd.get(), 16) == 0, "listen");
  return fd;
}

Connection connect_through(const World& world, int version) {
  Connection made{.listener = listen_at_server(world, version),
                  .client = socket_at(world, End::client, version, SOCK_STREAM | SOCK_NONBLOCK),
                  .server_at = server_endpoint(version)};
  start_connect(made.client, made.server_at);
  if (!becomes(made.listener, POLLIN, 5s)) throw std::runtime_error("no connection arrived");
  made.server = Fd(accept4(made.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  require(static_cast<bool>(made.server), "accept");
  made.client_at = local_endpoint(made.client);
  return made;
}

}  // namespace faultline::test
