#include "harness/wire/emitter.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace faultline {

Result<Emitter> Emitter::open(std::array<Port, 2> ports) {
  Emitter emitter;
  emitter.ports_ = ports;
  // Protocol 0: it only sends, nothing is ever received on it.
  emitter.socket_.reset(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!emitter.socket_) return fail_errno("opening a packet socket to emit segments");
  return emitter;
}

Result<Emitter> Emitter::open_marked(int version, uint32_t mark) {
  Emitter emitter;
  emitter.raw_ = true;
  const int family = version == 4 ? AF_INET : AF_INET6;
  emitter.socket_.reset(socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
  if (!emitter.socket_) return fail_errno("opening a raw socket to emit segments");
  if (setsockopt(emitter.socket_.get(), SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0)
    return fail_errno("marking what is emitted");
  return emitter;
}

Result<void> Emitter::send_raw(End toward, std::span<const std::byte> packet) {
  const bool is_v6 = (std::to_integer<int>(packet[0]) >> 4) == 6;
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_in);
  if (packet.size() < (is_v6 ? 40U : 20U)) return fail("a packet without a whole IP header");
  if (is_v6) {
    auto& to = reinterpret_cast<sockaddr_in6&>(storage);
    to.sin6_family = AF_INET6;
    std::memcpy(&to.sin6_addr, packet.data() + 24, sizeof to.sin6_addr);
    size = sizeof to;
  } else {
    auto& to = reinterpret_cast<sockaddr_in&>(storage);
    to.sin_family = AF_INET;
    std::memcpy(&to.sin_addr, packet.data() + 16, sizeof to.sin_addr);
  }
  if (sendto(socket_.get(), packet.data(), packet.size(), 0,
             reinterpret_cast<const sockaddr*>(&storage), size) < 0)
    return fail_errno("emitting a segment toward the {}", to_string(toward));
  return {};
}

Result<void> Emitter::send(End toward, std::span<const std::byte> packet) {
  if (packet.empty()) return fail("an empty packet cannot be sent");
  if (raw_) return send_raw(toward, packet);
  const Port& port = ports_[index(toward)];
  const bool is_v6 = (std::to_integer<int>(packet[0]) >> 4) == 6;
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(is_v6 ? ETH_P_IPV6 : ETH_P_IP);
  address.sll_ifindex = port.ifindex;
  address.sll_halen = static_cast<unsigned char>(port.destination.size());
  std::ranges::copy(port.destination, address.sll_addr);
  const ssize_t sent = sendto(socket_.get(), packet.data(), packet.size(), 0,
                              reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (sent < 0) return fail_errno("emitting a segment toward the {}", to_string(toward));
  return {};
}

}  // namespace faultline
