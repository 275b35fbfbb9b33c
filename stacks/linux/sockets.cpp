#include "stacks/linux/sockets.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>

#include "stacks/linux/options.hpp"

namespace faultline::linux_driver {
namespace {

// AF_INET, AF_INET6, or nothing where the request does not tell.
std::optional<int> family_of(Request& request) {
  const std::optional<std::string> family = request.text("family");
  if (family) {
    if (*family == "ipv4") return AF_INET;
    if (*family == "ipv6") return AF_INET6;
    return {};
  }
  const std::optional<std::string> address = request.text("address");
  if (!address) return {};
  return address->find(':') == std::string::npos ? AF_INET : AF_INET6;
}

// The options that no request has to ask for: a port in TIME_WAIT can be bound again, as every
// server wants it, and an IPv6 socket is for IPv6 only.
std::optional<Answer> set_defaults(int fd, int family) {
  const int on = 1;
  Answer answer = stamped("setsockopt", [&] {
    const int reuse = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (reuse < 0 || family == AF_INET) return reuse;
    return setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  });
  if (answer.ok()) return {};
  return answer;
}

}  // namespace

Socket::~Socket() {
  if (fd_ < 0) return;
  // Zero seconds mean a reset, which an exiting process sends too; only waiting is cut off.
  if (lingers(fd_)) (void)set_option(fd_, "SO_LINGER", -1);
  ::close(fd_);
}

Socket* Sockets::find(const std::string& name) const {
  const auto found = sockets_.find(name);
  return found == sockets_.end() || found->second->fd() < 0 ? nullptr : found->second.get();
}

std::expected<Socket*, Answer> Sockets::need(Request& request) const {
  const std::string name = request.need_name("socket");
  if (request.refusal()) return std::unexpected(*request.refusal());
  Socket* socket = find(name);
  if (socket == nullptr) return std::unexpected(refused("EBADF", "no socket '" + name + "'"));
  return socket;
}

std::expected<Socket*, Answer> Sockets::need_or_make(Request& request) {
  const std::string name = request.need_name("socket");
  const nlohmann::json options = request.options();
  if (request.refusal()) return std::unexpected(*request.refusal());
  Socket* socket = find(name);
  if (socket == nullptr) return make(request);
  if (std::optional<Answer> failed = set_options(socket->fd(), options)) {
    return std::unexpected(*failed);
  }
  return socket;
}

std::expected<Socket*, Answer> Sockets::make(Request& request) {
  const std::string name = request.need_name("socket");
  const nlohmann::json options = request.options();
  const std::optional<int> family = family_of(request);
  if (request.refusal()) return std::unexpected(*request.refusal());
  if (!family) return std::unexpected(refused("EINVAL", "family must be ipv4 or ipv6"));
  if (taken(name)) return std::unexpected(refused("EEXIST", "there is a socket '" + name + "'"));
  int fd = -1;
  Answer answer = stamped("socket", [&] {
    fd = ::socket(*family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd;
  });
  if (!answer.ok()) return std::unexpected(answer);
  auto socket = std::make_unique<Socket>(fd, *family);
  std::optional<Answer> failed = set_defaults(fd, *family);
  if (!failed) failed = set_options(fd, options);
  if (failed) return std::unexpected(*failed);
  return (sockets_[name] = std::move(socket)).get();
}

}  // namespace faultline::linux_driver
