// TCP sockets at the ends of a world. Whatever goes wrong throws std::system_error: it fails the
// test.
#pragma once

#include <chrono>
#include <string>

#include "harness/tcp/segment.hpp"
#include "harness/util/fd.hpp"
#include "harness/util/time.hpp"
#include "harness/world/world.hpp"

namespace faultline::test {

inline constexpr uint16_t server_port = 80;

[[nodiscard]] Fd socket_at(const World& world, End end, int version, int type);
void bind_to(const Fd& socket, const Endpoint& endpoint);
// Starts to connect, without waiting for the outcome.
void start_connect(const Fd& socket, const Endpoint& remote);
[[nodiscard]] Endpoint local_endpoint(const Fd& socket);
// Whether the socket gets any of these poll(2) events in time.
[[nodiscard]] bool becomes(const Fd& socket, short events, Nanos within);
[[nodiscard]] int pending_error(const Fd& socket);  // SO_ERROR

// A connection from the client to the server of a world whose wire lets it pass.
struct Connection {
  Fd listener, client, server;
  Endpoint client_at, server_at;
};
[[nodiscard]] Endpoint server_endpoint(int version);
[[nodiscard]] Fd listen_at_server(const World& world, int version);
[[nodiscard]] Connection connect_through(const World& world, int version);

}  // namespace faultline::test
