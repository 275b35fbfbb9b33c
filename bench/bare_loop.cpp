#include "bench/bare_loop.hpp"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <system_error>

namespace faultline::bench {
namespace {

void require(bool good, const char* doing) {
  if (!good) throw std::system_error(errno, std::generic_category(), doing);
}

}  // namespace

BareLoop::BareLoop() : socket_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER)) {
  require(socket_ >= 0, "netfilter socket");
  const int bytes = 32 << 20;
  if (setsockopt(socket_, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  const timeval patience{.tv_sec = 0, .tv_usec = 10'000};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::array<char, 512> buffer{};
  nlmsghdr* config = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, 0);
  nfq_nlmsg_cfg_put_cmd(config, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  nfq_nlmsg_cfg_put_params(config, NFQNL_COPY_PACKET, 0xffff);
  mnl_attr_put_u32(config, NFQA_CFG_QUEUE_MAXLEN, htonl(16'384));
  require(send(socket_, config, config->nlmsg_len, 0) > 0, "binding the queue");
}

BareLoop::~BareLoop() {
  close(socket_);
}

uint64_t BareLoop::run_for(Nanos time) const {
  alignas(nlmsghdr) static std::array<char, 70'000> buffer;
  const auto end = std::chrono::steady_clock::now() + time;
  uint64_t count = 0;
  while (std::chrono::steady_clock::now() < end) {
    const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
    if (size < 0) continue;
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
    if (message->nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET)) continue;
    // The packet's id is in the first attribute (nfqnl_build_packet_message).
    const auto* head = static_cast<const nfqnl_msg_packet_hdr*>(mnl_attr_get_payload(
        static_cast<const nlattr*>(mnl_nlmsg_get_payload_offset(message, sizeof(nfgenmsg)))));
    std::array<char, 128> reply{};
    nlmsghdr* verdict = nfq_nlmsg_put(reply.data(), NFQNL_MSG_VERDICT, 0);
    nfq_nlmsg_verdict_put(verdict, static_cast<int>(ntohl(head->packet_id)), NF_ACCEPT);
    require(send(socket_, verdict, verdict->nlmsg_len, 0) > 0, "sending a verdict");
    ++count;
  }
  return count;
}

}  // namespace faultline::bench
