#include "stacks/remote/connection.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "harness/drive/lines.hpp"
#include "harness/util/clock.hpp"
#include "stacks/remote/address.hpp"

namespace faultline::remote {
namespace {

Result<void> finish_connect(const Fd& socket, Nanos within) {
  pollfd writable{socket.get(), POLLOUT, 0};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(within);
  if (poll(&writable, 1, static_cast<int>(ms.count())) <= 0) return fail("no answer");
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail("{}", std::strerror(error));
  return {};
}

std::string read_line(const Fd& socket, Nanos within) {
  const Nanos until = monotonic_now() + within;
  std::string line;
  while (line.size() < protocol::max_line) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - monotonic_now());
    pollfd readable{socket.get(), POLLIN, 0};
    if (left.count() <= 0 || poll(&readable, 1, static_cast<int>(left.count())) <= 0) return {};
    char byte = 0;
    if (recv(socket.get(), &byte, 1, 0) != 1) return {};
    if (byte == '\n') return line;
    line += byte;
  }
  return {};
}

}  // namespace

void tune_connection(const Fd& socket) {
  const auto set = [&](int level, int option, int value) {
    setsockopt(socket.get(), level, option, &value, sizeof value);
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 25'000);
}

Result<Fd> connect_to(const Endpoint& there, Nanos within) {
  const SocketName name(there);
  Fd socket(::socket(name.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return fail_errno("opening a socket");
  tune_connection(socket);
  if (connect(socket.get(), name.get(), name.size()) != 0 && errno != EINPROGRESS)
    return fail_errno("connecting to {}", to_string(there));
  if (const auto done = finish_connect(socket, within); !done)
    return fail("connecting to {}: {}", to_string(there), done.error().what);
  return socket;
}

Result<Fd> connect_to_driver(const Endpoint& driver, const std::string& token, Nanos within) {
  auto socket = connect_to(driver, within);
  if (!socket) return fail("the driver: {}", socket.error().what);
  const std::string line = nlohmann::json{{"token", token}}.dump() + "\n";
  if (send(socket->get(), line.data(), line.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(line.size()))
    return fail_errno("writing to the driver at {}", to_string(driver));
  return socket;
}

Result<void> try_driver(const Endpoint& driver, const std::string& token, Nanos within) {
  const auto socket = connect_to_driver(driver, token, within);
  if (!socket) return std::unexpected(socket.error());
  const std::string line = read_line(*socket, within);
  const auto said = nlohmann::json::parse(line, nullptr, false);
  const bool is_event = said.is_object() && said.contains("event");
  if (is_event && said["event"] == "hello") return {};
  if (is_event && said["event"] == "error" && said.contains("message") &&
      said["message"].is_string())
    return fail("the driver at {} says: {}", to_string(driver),
                protocol::excerpt(said["message"].get<std::string>()));
  if (line.empty()) return fail("what listens at {} says nothing", to_string(driver));
  return fail("what listens at {} is no driver: '{}'", to_string(driver), protocol::excerpt(line));
}

}  // namespace faultline::remote
