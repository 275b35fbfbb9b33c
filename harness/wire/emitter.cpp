#include "harness/wire/emitter.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>

namespace faultline {

Result<Emitter> Emitter::open(std::array<Port, 2> ports) {
  Emitter emitter;
  emitter.ports_ = ports;
  // Protocol 0: it only sends, nothing is ever received on it.
  emitter.socket_.reset(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!emitter.socket_) return fail_errno("opening a packet socket to emit segments");
  return emitter;
}

Result<void> Emitter::send(End toward, std::span<const std::byte> packet) {
  if (packet.empty()) return fail("an empty packet cannot be sent");
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
