#include "bench/traffic.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/world/sockets.hpp"

namespace faultline::bench {
namespace {

void start_process(const std::function<void()>& body) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process for an end");
  if (child != 0) return;
  body();
  _exit(0);
}

// `feed` sends on the connected socket until it may not.
void start_transfer(const World& world, const std::function<void(int)>& feed) {
  const Fd listener = test::listen_at_server(world, 4);
  const Fd client = test::socket_at(world, End::client, 4, SOCK_STREAM);
  start_process([&] {
    const Fd server(accept(listener.get(), nullptr, nullptr));
    std::vector<char> buffer(256 << 10);
    while (recv(server.get(), buffer.data(), buffer.size(), 0) > 0) {
    }
  });
  start_process([&] {
    test::start_connect(client, test::server_endpoint(4));
    feed(client.get());
  });
}

bool send_some(int socket, const std::vector<char>& bytes) {
  return send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
}

}  // namespace

void start_bulk_transfer(const World& world) {
  start_transfer(world, [bytes = std::vector<char>(256 << 10)](int socket) {
    while (send_some(socket, bytes)) {
    }
  });
}

void start_trickle(const World& world) {
  start_transfer(world, [bytes = std::vector<char>(100)](int socket) {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (send_some(socket, bytes)) std::this_thread::sleep_for(std::chrono::microseconds(500));
  });
}

}  // namespace faultline::bench
