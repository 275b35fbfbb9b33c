// One netlink socket: a request, its answers, its error. A thin layer over libmnl.
#pragma once

#include <libmnl/libmnl.h>

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>

#include "harness/util/error.hpp"

namespace faultline {

// A message under construction. Attributes are added with libmnl's mnl_attr_put_* on `get()`.
class NetlinkMessage {
 public:
  // NLM_F_REQUEST is added to `flags`. `header` is copied behind the netlink header.
  template <typename Header>
  NetlinkMessage(uint16_t type, uint16_t flags, const Header& header)
      : NetlinkMessage(type, flags, &header, sizeof header) {}
  NetlinkMessage(const NetlinkMessage&) = delete;
  NetlinkMessage& operator=(const NetlinkMessage&) = delete;
  [[nodiscard]] nlmsghdr* get() { return message_; }

 private:
  NetlinkMessage(uint16_t type, uint16_t flags, const void* header, size_t size);
  alignas(nlmsghdr) std::array<char, 1024> buffer_{};
  nlmsghdr* message_;
};

class Netlink {
 public:
  // Opens a socket of a netlink family (NETLINK_ROUTE, …) in the calling thread's network
  // namespace, where it stays.
  [[nodiscard]] static Result<Netlink> open(int bus);

  // Sends a message and reads until the kernel says that it is done (an acknowledgement, the end of
  // a dump), an error comes, or `on_message` returns MNL_CB_STOP. Answers to earlier requests are
  // skipped. The error is an errno; ETIMEDOUT after five seconds of silence.
  [[nodiscard]] std::expected<void, int> talk(nlmsghdr* message, mnl_cb_t on_message = nullptr,
                                              void* data = nullptr);
  // Sends a batch as it is and reads the first acknowledgement or error. One of its messages asks
  // for an acknowledgement. REQUIRES: nothing else was or will be sent on this socket.
  [[nodiscard]] std::expected<void, int> talk_batch(const void* batch, size_t size);

 private:
  struct Close {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
  };
  explicit Netlink(mnl_socket* socket) : socket_(socket) {}
  // `seq` 0: whatever the sequence number.
  [[nodiscard]] std::expected<void, int> receive(uint32_t seq, mnl_cb_t on_message, void* data);
  std::unique_ptr<mnl_socket, Close> socket_;
  uint32_t seq_ = 0;
};

}  // namespace faultline
