#include "stacks/remote/bridge.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <string_view>

#include "stacks/remote/connection.hpp"
#include "stacks/remote/token.hpp"

namespace faultline::remote {
namespace {

// Less than a run waits for a hello.
constexpr Nanos connected_within = 4s;

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd writable{fd, POLLOUT, 0};
      poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// False at the end of what `from` says, or when `to` takes no more.
bool pass_on(int from, int to) {
  std::array<char, 16384> chunk{};
  const ssize_t got = read(from, chunk.data(), chunk.size());
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  return got > 0 && write_all(to, {chunk.data(), static_cast<size_t>(got)});
}

int complain(int out_fd, const std::string& why) {
  write_all(out_fd, nlohmann::json{{"event", "error"}, {"message", why}}.dump() + "\n");
  return 1;
}

}  // namespace

int run_bridge(int in_fd, int out_fd, const Endpoint& driver,
               const std::filesystem::path& token_file) {
  const auto token = read_token(token_file);
  if (!token) return complain(out_fd, token.error().what);
  const auto socket = connect_to_driver(driver, *token, connected_within);
  if (!socket) return complain(out_fd, socket.error().what);
  std::array<pollfd, 2> sides{{{in_fd, POLLIN, 0}, {socket->get(), POLLIN, 0}}};
  for (;;) {
    if (poll(sides.data(), sides.size(), -1) < 0 && errno != EINTR) return 1;
    // What the driver said last is heard before its end.
    if (sides[1].revents != 0 && !pass_on(socket->get(), out_fd)) return 0;
    if (sides[0].revents != 0 && !pass_on(in_fd, socket->get())) return 0;
  }
}

}  // namespace faultline::remote
