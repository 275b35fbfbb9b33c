#include "harness/wire/packet_queue.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace faultline {
namespace {

Nanos read_clock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + Nanos(now.tv_nsec);
}

// nfgen_family AF_UNSPEC: one queue serves both address families.
nlmsghdr* put_header(std::byte* buffer, uint32_t type, uint16_t queue) {
  auto* header = mnl_nlmsg_put_header(buffer);
  header->nlmsg_type = static_cast<uint16_t>((NFNL_SUBSYS_QUEUE << 8) | type);
  header->nlmsg_flags = NLM_F_REQUEST;
  auto* extra = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  extra->nfgen_family = AF_UNSPEC;
  extra->version = NFNETLINK_V0;
  extra->res_id = htons(queue);
  return header;
}

}  // namespace

Result<PacketQueue> PacketQueue::open(uint16_t number, uint32_t length) {
  PacketQueue queue;
  queue.number_ = number;
  queue.stamping_.reset(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (setsockopt(queue.stamping_.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) != 0)
    return fail_errno("asking the kernel to stamp packets (SO_TIMESTAMPNS)");
  queue.socket_.reset(
      socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_NETFILTER));
  if (!queue.socket_) return fail_errno("opening a netfilter socket");
  queue.counters_.reset(
      ::open("/proc/thread-self/net/netfilter/nfnetlink_queue", O_RDONLY | O_CLOEXEC));
  queue.buffer_ = std::make_unique_for_overwrite<std::byte[]>(batch * slot);
  if (auto done = queue.configure(length); !done) return std::unexpected(done.error());
  return queue;
}

Result<PacketQueue> PacketQueue::open_free(uint16_t from, uint32_t length) {
  constexpr uint16_t tries = 64;
  for (uint16_t number = from;; ++number) {
    auto queue = open(number, length);
    if (queue || number == from + tries) return queue;
  }
}

Result<void> PacketQueue::configure(uint32_t length) {
  // What is in flight is capped by rmem_max where the forced size is refused (a user namespace).
  const int bytes = 32 << 20;
  if (setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  // All in one message: no packet comes between, and none comes without its bytes.
  std::array<std::byte, 512> request{};
  auto* header = put_header(request.data(), NFQNL_MSG_CONFIG, number_);
  header->nlmsg_flags |= NLM_F_ACK;
  nfq_nlmsg_cfg_put_cmd(header, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  nfq_nlmsg_cfg_put_params(header, NFQNL_COPY_PACKET, 0xffff);
  mnl_attr_put_u32(header, NFQA_CFG_QUEUE_MAXLEN, htonl(length));
  if (auto done = acknowledge(std::span(request).first(header->nlmsg_len)); !done)
    return fail("binding NFQUEUE {}: {} (is nfnetlink_queue there? try: modprobe nfnetlink_queue)",
                number_, done.error().what);
  return {};
}

Result<void> PacketQueue::acknowledge(std::span<const std::byte> request) {
  if (send(socket_.get(), request.data(), request.size(), 0) < 0) return fail_errno("sending");
  // Netlink answers a configuration before the send returns, so a non-blocking read finds it.
  std::array<std::byte, 4096> answer{};
  const ssize_t size = recv(socket_.get(), answer.data(), answer.size(), 0);
  if (size < static_cast<ssize_t>(NLMSG_HDRLEN + sizeof(nlmsgerr)))
    return fail_errno("reading the answer");
  const auto* header = reinterpret_cast<const nlmsghdr*>(answer.data());
  if (header->nlmsg_type != NLMSG_ERROR) return fail("an answer of unknown type");
  errno = -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(header))->error;
  if (errno != 0) return fail_errno("refused");
  return {};
}

bool PacketQueue::drain(const std::function<void(const QueuedPacket&)>& handle) {
  for (size_t i = 0; i < batch; ++i) {
    slots_[i] = {buffer_.get() + i * slot, slot};
    messages_[i] = {};
    messages_[i].msg_hdr.msg_iov = &slots_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }
  const int count = recvmmsg(socket_.get(), messages_.data(), batch, MSG_DONTWAIT, nullptr);
  if (count < 0) {
    if (errno == ENOBUFS) overran_ = true;
    return false;
  }
  batch_read_ = read_clock(CLOCK_MONOTONIC);
  clock_offset_ = batch_read_ - read_clock(CLOCK_REALTIME);
  for (int i = 0; i < count; ++i) {
    const auto* header = static_cast<const nlmsghdr*>(slots_[static_cast<size_t>(i)].iov_base);
    int left = static_cast<int>(messages_[static_cast<size_t>(i)].msg_len);
    for (; mnl_nlmsg_ok(header, left); header = mnl_nlmsg_next(header, &left))
      receive(*header, handle);
  }
  return static_cast<size_t>(count) == batch;
}

void PacketQueue::receive(const nlmsghdr& message,
                          const std::function<void(const QueuedPacket&)>& handle) {
  if (message.nlmsg_type != ((NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_PACKET)) return;
  std::array<nlattr*, NFQA_MAX + 1> attributes{};
  if (nfq_nlmsg_parse(&message, attributes.data()) < 0) return;
  if (!attributes[NFQA_PACKET_HDR]) return;
  QueuedPacket packet;
  const auto* head =
      static_cast<const nfqnl_msg_packet_hdr*>(mnl_attr_get_payload(attributes[NFQA_PACKET_HDR]));
  packet.id = ntohl(head->packet_id);
  if (attributes[NFQA_IFINDEX_INDEV])
    packet.in_interface = static_cast<int>(ntohl(mnl_attr_get_u32(attributes[NFQA_IFINDEX_INDEV])));
  if (const auto* payload = attributes[NFQA_PAYLOAD])
    packet.bytes = {static_cast<const std::byte*>(mnl_attr_get_payload(payload)),
                    mnl_attr_get_payload_len(payload)};
  Nanos queued = batch_read_;
  if (const auto* stamp = attributes[NFQA_TIMESTAMP]) {
    nfqnl_msg_packet_timestamp time{};  // attributes are aligned to 4 bytes, this wants 8
    std::memcpy(&time, mnl_attr_get_payload(stamp),
                std::min<size_t>(sizeof time, mnl_attr_get_payload_len(stamp)));
    queued = std::chrono::seconds(be64toh(time.sec)) +
             std::chrono::microseconds(be64toh(time.usec)) + clock_offset_;
    // Whole microseconds, cut off: where no more than that has passed, none may have.
    if (batch_read_ - queued < 1us) queued = batch_read_;
  }
  packet.queued = last_queued_ = std::max(last_queued_, std::min(queued, batch_read_));
  handle(packet);
}

// One line for each queue (net/netfilter/nfnetlink_queue.c, seq_show): number, port id, waiting,
// copy mode, copy range, dropped because the queue was full, dropped because the socket was, …
uint64_t PacketQueue::lost() const {
  std::array<char, 4096> text{};
  const ssize_t size = pread(counters_.get(), text.data(), text.size() - 1, 0);
  unsigned number = 0, full_queue = 0, full_socket = 0;
  for (const char* line = text.data(); size > 0 && line != nullptr && *line != '\0';) {
    if (std::sscanf(line, "%u %*u %*u %*u %*u %u %u", &number, &full_queue, &full_socket) == 3 &&
        number == number_)
      return uint64_t{full_queue} + full_socket;
    line = std::strchr(line, '\n');
    if (line != nullptr) ++line;
  }
  return overran_ ? 1 : 0;
}

void PacketQueue::accept(uint32_t id) {
  pending_ = id;
  has_pending_ = true;
}

void PacketQueue::drop(uint32_t id) {
  flush();
  send_verdict(NFQNL_MSG_VERDICT, id, NF_DROP);
}

// One message accepts every packet up to an id: all before it in this queue have theirs by then.
void PacketQueue::flush() {
  if (!has_pending_) return;
  has_pending_ = false;
  send_verdict(NFQNL_MSG_VERDICT_BATCH, pending_, NF_ACCEPT);
}

void PacketQueue::send_verdict(uint32_t type, uint32_t id, uint32_t verdict) {
  std::array<std::byte, 128> request{};
  auto* header = put_header(request.data(), type, number_);
  nfq_nlmsg_verdict_put(header, static_cast<int>(id), static_cast<int>(verdict));
  // Fails only for a packet that is gone already (its interface was removed): nothing is left to
  // do.
  (void)send(socket_.get(), request.data(), header->nlmsg_len, 0);
}

}  // namespace faultline
