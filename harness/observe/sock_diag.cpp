#include "harness/observe/sock_diag.hpp"

#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "harness/world/inet_diag.hpp"
#include "harness/world/netns.hpp"

namespace faultline {
namespace {

int family_of(int version) {
  return version == 4 ? AF_INET : AF_INET6;
}

inet_diag_sockid id_of(const Endpoint& local, const Endpoint& remote) {
  auto id = tcp_diag_request(AF_UNSPEC).id;
  id.idiag_sport = htons(local.port);
  id.idiag_dport = htons(remote.port);
  static_assert(sizeof id.idiag_src == sizeof local.address.bytes);
  std::memcpy(id.idiag_src, local.address.bytes.data(), sizeof id.idiag_src);
  std::memcpy(id.idiag_dst, remote.address.bytes.data(), sizeof id.idiag_dst);
  return id;
}

Endpoint endpoint_of(int version, const uint32_t (&address)[4], uint16_t port) {
  Endpoint endpoint{.address = {.version = version}, .port = ntohs(port)};
  std::memcpy(endpoint.address.bytes.data(), address, version == 4 ? 4 : 16);
  return endpoint;
}

// The kernel's names for what it keeps apart inside (include/net/tcp_states.h).
std::optional<TcpState> state_of(uint8_t number) {
  constexpr uint8_t new_syn_recv = 12;
  if (number == new_syn_recv) return TcpState::SYN_RECV;
  if (number < static_cast<uint8_t>(TcpState::ESTABLISHED) ||
      number > static_cast<uint8_t>(TcpState::CLOSING))
    return {};
  return static_cast<TcpState>(number);
}

StateReading reading_of(const inet_diag_msg& answer) {
  return {.state = state_of(answer.idiag_state),
          .timer = answer.idiag_timer,
          .expires = std::chrono::milliseconds(answer.idiag_expires),
          .retransmits = answer.idiag_retrans};
}

}  // namespace

Result<SockDiag> SockDiag::open(int netns) {
  auto netlink = in_namespace(netns, [] { return Netlink::open(NETLINK_SOCK_DIAG); });
  if (!netlink) return std::unexpected(std::move(netlink.error()));
  return SockDiag(std::move(*netlink));
}

Result<SockDiag> SockDiag::open_here() {
  auto netlink = Netlink::open(NETLINK_SOCK_DIAG);
  if (!netlink) return std::unexpected(std::move(netlink.error()));
  return SockDiag(std::move(*netlink));
}

Result<StateReading> SockDiag::look(const Endpoint& local, const Endpoint& remote) {
  auto request = tcp_diag_request(family_of(local.address.version));
  request.id = id_of(local, remote);
  NetlinkMessage message(SOCK_DIAG_BY_FAMILY, 0, request);
  StateReading reading;
  const auto take = [](const nlmsghdr* answer, void* data) -> int {
    if (mnl_nlmsg_get_payload_len(answer) < sizeof(inet_diag_msg)) {
      errno = EBADMSG;
      return MNL_CB_ERROR;
    }
    *static_cast<StateReading*>(data) =
        reading_of(*static_cast<const inet_diag_msg*>(mnl_nlmsg_get_payload(answer)));
    return MNL_CB_STOP;
  };
  const auto done = netlink_.talk(message.get(), take, &reading);
  if (!done && done.error() == ENOENT) return StateReading{};
  if (!done)
    return fail("looking at {} -> {}: {}", to_string(local), to_string(remote),
                std::strerror(done.error()));
  // Where no connection has these four, the kernel answers with the listener that a SYN would find.
  if (reading.state == TcpState::LISTEN) return StateReading{};
  return reading;
}

Result<std::vector<SocketEntry>> SockDiag::dump(int version) {
  const auto found = dump_tcp(netlink_, family_of(version));
  if (!found) return fail("listing TCP sockets: {}", std::strerror(found.error()));
  std::vector<SocketEntry> entries;
  entries.reserve(found->size());
  for (const auto& one : *found)
    entries.push_back({.local = endpoint_of(version, one.id.idiag_src, one.id.idiag_sport),
                       .remote = endpoint_of(version, one.id.idiag_dst, one.id.idiag_dport),
                       .reading = reading_of(one)});
  return entries;
}

Result<bool> SockDiag::destroy(const Endpoint& local, const Endpoint& remote) {
  // The kernel would take the listener where there is no connection.
  const auto seen = look(local, remote);
  if (!seen) return std::unexpected(seen.error());
  if (!seen->state) return false;
  const auto done = destroy_tcp(netlink_, family_of(local.address.version), id_of(local, remote));
  if (done) return true;
  if (done.error() == ENOENT) return false;
  return fail("destroying {} -> {}: {}", to_string(local), to_string(remote),
              std::strerror(done.error()));
}

}  // namespace faultline
