// connect() and accept() as blocking calls.
#include <sys/socket.h>

#include <cerrno>

#include "stacks/linux/address.hpp"
#include "stacks/linux/blocking.hpp"

namespace faultline::linux_driver {
namespace {

class Connect final : public BlockingCall {
 public:
  Connect(int fd, const SocketAddress& remote) : BlockingCall(fd, POLLOUT), remote_(remote) {}

  std::optional<Answer> attempt(std::span<std::byte>) override {
    if (under_way_) return outcome();
    begin();
    under_way_ = true;
    // At once: TCP_FASTOPEN_CONNECT leaves the SYN to the first send, so there is no peer yet.
    if (::connect(fd(), remote_.get(), remote_.length) == 0) return connected();
    if (errno != EINPROGRESS) return fail(errno, "connect");
    return {};
  }

 private:
  std::optional<Answer> outcome() {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &length) < 0) error = errno;
    SocketAddress peer;
    if (error == 0 && getpeername(fd(), peer.get(), &peer.length) < 0) error = errno;
    if (error != 0) return fail(error, "connect");
    return connected();
  }

  Answer connected() {
    Answer answer = succeed();
    answer.result = describe_local(fd());
    return answer;
  }

  SocketAddress remote_;
  bool under_way_ = false;
};

class Accept final : public BlockingCall {
 public:
  Accept(const Socket& listener, const std::string& name, Sockets& sockets)
      : BlockingCall(listener.fd(), POLLIN),
        family_(listener.family()),
        name_(name),
        sockets_(sockets) {
    sockets_.reserve(name_);
  }
  ~Accept() override {
    if (sockets_.find(name_) == nullptr) sockets_.erase(name_);
  }

  std::optional<Answer> attempt(std::span<std::byte>) override {
    begin();
    SocketAddress peer;
    const int fd = accept4(this->fd(), peer.get(), &peer.length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      result_ = describe(peer, "peer");
      Answer answer = succeed();
      sockets_.put(name_, fd, family_);
      return answer;
    }
    if (errno == EAGAIN || errno == EINTR) return {};
    return fail(errno, "accept");
  }

 private:
  int family_;
  std::string name_;
  Sockets& sockets_;
};

}  // namespace

std::unique_ptr<BlockingCall> make_connect(const Socket& socket, Request& request) {
  const std::string address = request.need_text("address");
  const auto port = static_cast<uint16_t>(request.need_integer("port", 0, 65535));
  const std::optional<SocketAddress> remote = make_address(socket.family(), address, port);
  if (!remote || address.empty()) request.refuse("address", "a numeric one of the family");
  return std::make_unique<Connect>(socket.fd(), remote.value_or(SocketAddress{}));
}

std::unique_ptr<BlockingCall> make_accept(const Socket& listener, const std::string& name,
                                          Sockets& sockets) {
  return std::make_unique<Accept>(listener, name, sockets);
}

}  // namespace faultline::linux_driver
