#include "tests/world/accept_loop.hpp"

#include <netinet/in.h>  // before linux/netfilter.h, or the two define the same things

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace faultline::test {

uint8_t QueuedPacket::at(size_t offset) const {
  return offset < bytes.size() ? static_cast<uint8_t>(bytes[offset]) : uint8_t{0};
}
uint8_t QueuedPacket::protocol() const {
  return at(at(0) >> 4 == 4 ? 9 : 6);
}
uint8_t QueuedPacket::tcp_flags() const {
  if (protocol() != IPPROTO_TCP) return 0;
  const size_t header = at(0) >> 4 == 4 ? (at(0) & 0x0fU) * 4 : 40;
  return at(header + 13);
}

struct AcceptLoop::Socket {
  std::unique_ptr<mnl_socket, int (*)(mnl_socket*)> mnl{
      mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC), mnl_socket_close};
  alignas(nlmsghdr) std::array<char, 80 * 1024> buffer{};

  void send(const nlmsghdr* message) const {
    if (mnl_socket_sendto(mnl.get(), message, message->nlmsg_len) < 0)
      throw std::runtime_error("sending to the packet queue");
  }
  [[nodiscard]] nlmsghdr* config() { return nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, 0); }
  void listen();
  void answer(const nlmsghdr* message, const Judge& judge) const;
};

void AcceptLoop::Socket::listen() {
  if (!mnl || mnl_socket_bind(mnl.get(), 0, MNL_SOCKET_AUTOPID) < 0)
    throw std::runtime_error("opening the packet queue");
  nlmsghdr* bind = config();
  nfq_nlmsg_cfg_put_cmd(bind, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  send(bind);
  nlmsghdr* copy = config();
  nfq_nlmsg_cfg_put_params(copy, NFQNL_COPY_PACKET, 0xffff);
  mnl_attr_put_u32(copy, NFQA_CFG_FLAGS, htonl(NFQA_CFG_F_GSO));
  mnl_attr_put_u32(copy, NFQA_CFG_MASK, htonl(NFQA_CFG_F_GSO));
  send(copy);
}

void AcceptLoop::Socket::answer(const nlmsghdr* message, const Judge& judge) const {
  std::array<nlattr*, NFQA_MAX + 1> attributes{};
  if (nfq_nlmsg_parse(message, attributes.data()) < 0 || !attributes[NFQA_PACKET_HDR]) return;
  const auto* head =
      static_cast<const nfqnl_msg_packet_hdr*>(mnl_attr_get_payload(attributes[NFQA_PACKET_HDR]));
  QueuedPacket packet;
  if (const nlattr* payload = attributes[NFQA_PAYLOAD])
    packet.bytes = {static_cast<const std::byte*>(mnl_attr_get_payload(payload)),
                    mnl_attr_get_payload_len(payload)};
  if (const nlattr* info = attributes[NFQA_SKB_INFO]) {
    packet.checksum_unfinished = ntohl(mnl_attr_get_u32(info)) & NFQA_SKB_CSUMNOTREADY;
    packet.super_packet = ntohl(mnl_attr_get_u32(info)) & NFQA_SKB_GSO;
  }
  const int verdict = !judge || judge(packet) ? NF_ACCEPT : NF_DROP;
  alignas(nlmsghdr) std::array<char, 256> reply{};
  nlmsghdr* out = nfq_nlmsg_put(reply.data(), NFQNL_MSG_VERDICT, 0);
  nfq_nlmsg_verdict_put(out, static_cast<int>(ntohl(head->packet_id)), verdict);
  send(out);
}

AcceptLoop::AcceptLoop(Judge judge)
    : judge_(std::move(judge)),
      socket_(std::make_unique<Socket>()),
      wake_(eventfd(0, EFD_CLOEXEC)) {
  socket_->listen();
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

AcceptLoop::~AcceptLoop() {
  thread_.request_stop();
  eventfd_write(wake_.get(), 1);
}

void AcceptLoop::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> ready{pollfd{mnl_socket_get_fd(socket_->mnl.get()), POLLIN, 0},
                                pollfd{wake_.get(), POLLIN, 0}};
    if (poll(ready.data(), ready.size(), -1) < 0 || !(ready[0].revents & POLLIN)) continue;
    const ssize_t got =
        mnl_socket_recvfrom(socket_->mnl.get(), socket_->buffer.data(), socket_->buffer.size());
    if (got < 0) continue;
    int left = static_cast<int>(got);
    for (const auto* message = reinterpret_cast<const nlmsghdr*>(socket_->buffer.data());
         mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
      if (message->nlmsg_type == (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET))
        socket_->answer(message, judge_);
  }
}

}  // namespace faultline::test
