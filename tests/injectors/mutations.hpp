// Valid packets, and hostile ones made of them.
#pragma once

#include <random>

#include "tests/injectors/packets.hpp"

namespace faultline::testing {

inline std::vector<Bytes> valid_packets() {
  const Bytes options = from_hex("020405b4 0402 080a0000000100000002 01 0303 07 01 01");
  const Bytes sack = from_hex("0101 0512 0000000100000002 0000000300000004");
  const Bytes chain = from_hex(
      "3c00 010400000000 2c00 010400000000 2b00 0000 00000007"
      "0602 0001 00000000 20010db8000000000000000000000002");
  return {make_packet({.tcp_options = options}),
          make_packet({.flags = Flags::ack, .tcp_options = sack, .payload = 50}),
          make_packet({.ip_options = from_hex("94040000"), .payload = 11}),
          make_packet({.version = 6, .tcp_options = options}),
          make_packet({.version = 6, .next_header = 0, .extensions = chain, .payload = 9})};
}

inline void mutate(Bytes& packet, std::mt19937& random) {
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (size_t changes = 1 + below(4); changes > 0 && !packet.empty(); --changes) {
    const size_t at = below(packet.size());
    switch (below(6)) {
      case 0:
        packet[at] ^= std::byte{1} << below(8);
        break;
      case 1:
        packet[at] = static_cast<std::byte>(below(256));
        break;
      case 2:
        packet[at] = below(2) == 0 ? std::byte{0} : std::byte{0xff};
        break;
      case 3:
        packet.resize(at);
        break;
      case 4:
        packet.insert(packet.begin() + static_cast<ptrdiff_t>(at), std::byte{1});
        break;
      default:  // a plausible length, so that what lies behind the IP header is reached
        if (packet.size() >= 40)
          put16(packet, packet[0] >> 4 == std::byte{4} ? 2 : 4,
                packet.size() - (packet[0] >> 4 == std::byte{4} ? 0 : 40));
    }
  }
}

}  // namespace faultline::testing
