#include "stacks/remote/server.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "harness/observe/sock_diag.hpp"
#include "harness/util/clock.hpp"
#include "harness/world/probe.hpp"
#include "harness/world/sysctl.hpp"
#include "stacks/linux/driver.hpp"
#include "stacks/remote/address.hpp"
#include "stacks/remote/connection.hpp"
#include "stacks/remote/token.hpp"
#include "stacks/remote/turn.hpp"

namespace faultline::remote {
namespace {

using nlohmann::json;

// For the line with the token.
constexpr Nanos introduced_within = 5s;
// So much longer than a guess is one of it at most a second.
constexpr int refusal_delay_ms = 1000;
// The client before may be about to end.
constexpr Nanos turn_within = 5s;
// Connections at once, those included that have not shown a token.
constexpr int most_clients = 16;

int refuse(const Fd& client, const std::string& why) {
  poll(nullptr, 0, refusal_delay_ms);
  const std::string line = json{{"event", "error"}, {"message", why}}.dump() + "\n";
  (void)send(client.get(), line.data(), line.size(), MSG_NOSIGNAL);
  return 1;
}

// Byte by byte: what comes after the line is the driver's to read.
std::string first_line(const Fd& client) {
  const Nanos until = monotonic_now() + introduced_within;
  std::string line;
  while (line.size() <= longest_token + 64) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - monotonic_now());
    pollfd readable{client.get(), POLLIN, 0};
    if (left.count() <= 0 || poll(&readable, 1, static_cast<int>(left.count())) <= 0) return {};
    char byte = 0;
    if (recv(client.get(), &byte, 1, 0) != 1) return {};
    if (byte == '\n') return line;
    line += byte;
  }
  return {};
}

std::string shown_token(const std::string& line) {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return {};
  const auto token = object.find("token");
  return token != object.end() && token->is_string() ? token->get<std::string>() : "";
}

std::string state_of(SockDiag& eye, const DriverConnection& which) {
  const auto local = address_from_string(which.local_address),
             peer = address_from_string(which.peer_address);
  if (!local || !peer || local->version != peer->version) return {};
  const auto seen = eye.look({*local, which.local_port}, {*peer, which.peer_port});
  if (!seen) return {};
  return std::string(to_string(seen->state.value_or(TcpState::CLOSED)));
}

int drive(const Fd& client) {
  auto eye = SockDiag::open_here();
  if (!eye) return refuse(client, eye.error().what);
  DriverExtras extras{
      .hello = {{"clock", "own"}, {"states", "query"}, {"hz", kernel_hz()}},
      .state = [&eye](const DriverConnection& which) { return state_of(*eye, which); }};
  if (const auto sysctls = read_all_tcp_sysctls()) extras.hello["sysctl"] = *sysctls;
  return serve_linux_driver(client.get(), client.get(), extras);
}

int serve(const Fd& client, const std::string& token, Turn& turn) {
  tune_connection(client);
  if (!same_token(token, shown_token(first_line(client))))
    return refuse(client, "the token is not this driver's");
  if (!turn.take(turn_within)) return refuse(client, "another client is being served");
  return drive(client);
}

[[noreturn]] void be_the_server_of(const Fd& client, const std::string& token, Turn& turn,
                                   pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  std::signal(SIGPIPE, SIG_IGN);
  _exit(serve(client, token, turn));
}

}  // namespace

Result<Fd> listen_at(const Endpoint& at) {
  const SocketName name(at);
  Fd socket(::socket(name.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno("opening a socket");
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (name.family() == AF_INET6)
    setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(socket.get(), name.get(), name.size()) != 0 || listen(socket.get(), 16) != 0)
    return fail_errno("listening at {}", to_string(at));
  return socket;
}

Result<void> serve_clients(const Fd& listener, const std::string& token) {
  auto turn = Turn::make();
  if (!turn) return std::unexpected(turn.error());
  const pid_t self = getpid();
  for (int clients = 0;;) {
    const Fd client(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client && errno != EINTR && errno != ECONNABORTED)
      return fail_errno("accepting a connection");
    while (clients > 0 && waitpid(-1, nullptr, clients >= most_clients ? 0 : WNOHANG) > 0) --clients;
    if (!client) continue;
    const pid_t child = fork();
    if (child == 0) be_the_server_of(client, token, *turn, self);
    if (child > 0) ++clients;
  }
}

}  // namespace faultline::remote
