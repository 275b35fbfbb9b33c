#include "harness/world/netlink.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>

namespace faultline {

NetlinkMessage::NetlinkMessage(uint16_t type, uint16_t flags, const void* header, size_t size)
    : message_(mnl_nlmsg_put_header(buffer_.data())) {
  message_->nlmsg_type = type;
  message_->nlmsg_flags = flags | NLM_F_REQUEST;
  std::memcpy(mnl_nlmsg_put_extra_header(message_, size), header, size);
}

Result<Netlink> Netlink::open(int bus) {
  Netlink netlink(mnl_socket_open2(bus, SOCK_CLOEXEC));
  if (!netlink.socket_) return fail_errno("opening a netlink socket of family {}", bus);
  if (mnl_socket_bind(netlink.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0)
    return fail_errno("binding a netlink socket of family {}", bus);
  const timeval patience{.tv_sec = 5};
  if (setsockopt(mnl_socket_get_fd(netlink.socket_.get()), SOL_SOCKET, SO_RCVTIMEO, &patience,
                 sizeof patience) < 0)
    return fail_errno("bounding the wait on a netlink socket");
  return netlink;
}

std::expected<void, int> Netlink::talk(nlmsghdr* message, mnl_cb_t on_message, void* data) {
  message->nlmsg_seq = ++seq_;
  if (mnl_socket_sendto(socket_.get(), message, message->nlmsg_len) < 0)
    return std::unexpected(errno);
  return receive(seq_, on_message, data);
}

std::expected<void, int> Netlink::talk_batch(const void* batch, size_t size) {
  if (mnl_socket_sendto(socket_.get(), batch, size) < 0) return std::unexpected(errno);
  return receive(0, nullptr, nullptr);
}

std::expected<void, int> Netlink::receive(uint32_t seq, mnl_cb_t on_message, void* data) {
  alignas(nlmsghdr) char buffer[32 * 1024];  // the kernel fills dumps up to 32 KiB a datagram
  for (;;) {
    const ssize_t got = mnl_socket_recvfrom(socket_.get(), buffer, sizeof buffer);
    if (got < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(errno == EAGAIN ? ETIMEDOUT : errno);
    }
    nlmsghdr head{};
    if (static_cast<size_t>(got) >= sizeof head) std::memcpy(&head, buffer, sizeof head);
    if (seq != 0 && head.nlmsg_seq != seq) continue;
    const int verdict = mnl_cb_run(buffer, static_cast<size_t>(got), seq,
                                   mnl_socket_get_portid(socket_.get()), on_message, data);
    if (verdict < 0) return std::unexpected(errno);
    if (verdict == MNL_CB_STOP) return {};
  }
}

}  // namespace faultline
