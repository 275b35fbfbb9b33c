// Makes packets for tests, byte by byte and with checksums of its own reckoning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/tcp/segment.hpp"

namespace faultline::testing {

using Bytes = std::vector<std::byte>;

// "45 00 003c": spaces are skipped.
inline Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) bytes.push_back(static_cast<std::byte>(high << 4 | digit));
    high = high >= 0 ? -1 : digit;
  }
  return bytes;
}

inline void put16(Bytes& bytes, size_t at, size_t value) {
  bytes[at] = static_cast<std::byte>(value >> 8);
  bytes[at + 1] = static_cast<std::byte>(value);
}
inline void append16(Bytes& bytes, size_t value) {
  bytes.resize(bytes.size() + 2);
  put16(bytes, bytes.size() - 2, value);
}
inline void append(Bytes& bytes, const Bytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

// RFC 1071, the plainest way.
inline uint16_t checksum(Bytes bytes) {
  if (bytes.size() % 2 == 1) bytes.push_back(std::byte{0});
  uint32_t sum = 0;
  for (size_t i = 0; i < bytes.size(); i += 2)
    sum += std::to_integer<uint32_t>(bytes[i]) << 8 | std::to_integer<uint32_t>(bytes[i + 1]);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

struct PacketSpec {
  int version = 4;
  Address source, destination;  // default: 192.0.2.1 and .2, 2001:db8::1 and ::2
  uint16_t source_port = 40000, destination_port = 80;
  uint32_t seq = 1000, ack = 0;
  uint16_t flags = Flags::syn;
  Bytes tcp_options;  // padded with zeros to whole words
  Bytes ip_options;   // version 4
  uint8_t next_header = 6;
  Bytes extensions;  // version 6: extension headers, of which next_header names the first
  size_t payload = 0;
  uint16_t window = 65535, urgent = 0;
};

inline Address default_address(int version, uint8_t host) {
  Address address{.version = version};
  if (version == 4)
    address.bytes = {192, 0, 2, host};
  else
    address.bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host};
  return address;
}

inline void append(Bytes& bytes, const Address& address) {
  for (int i = 0; i < (address.version == 4 ? 4 : 16); ++i)
    bytes.push_back(static_cast<std::byte>(address.bytes[static_cast<size_t>(i)]));
}

inline Bytes make_tcp(const PacketSpec& spec, const Address& source, const Address& destination) {
  Bytes options = spec.tcp_options;
  options.resize((options.size() + 3) / 4 * 4);
  Bytes tcp;
  append16(tcp, spec.source_port);
  append16(tcp, spec.destination_port);
  for (const uint32_t number : {spec.seq, spec.ack}) {
    append16(tcp, number >> 16);
    append16(tcp, number & 0xffff);
  }
  append16(tcp, (5 + options.size() / 4) << 12 | spec.flags);
  append16(tcp, spec.window);
  append16(tcp, 0);  // checksum
  append16(tcp, spec.urgent);
  append(tcp, options);
  for (size_t i = 0; i < spec.payload; ++i) tcp.push_back(static_cast<std::byte>(i * 7));
  Bytes covered;
  append(covered, source);
  append(covered, destination);
  append16(covered, 6);
  append16(covered, tcp.size());
  append(covered, tcp);
  put16(tcp, 16, checksum(covered));
  return tcp;
}

inline Bytes make_packet(const PacketSpec& spec) {
  const bool given = spec.source != Address{};
  const Address source = given ? spec.source : default_address(spec.version, 1);
  const Address destination = given ? spec.destination : default_address(spec.version, 2);
  const Bytes tcp = make_tcp(spec, source, destination);
  Bytes ip;
  if (spec.version == 4) {
    const size_t header = 20 + spec.ip_options.size();
    append16(ip, (0x40 | header / 4) << 8);
    append16(ip, header + tcp.size());
    append(ip, from_hex("0001 4000 40"));
    ip.push_back(static_cast<std::byte>(spec.next_header));
    append16(ip, 0);
    append(ip, source);
    append(ip, destination);
    append(ip, spec.ip_options);
    put16(ip, 10, checksum(ip));
  } else {
    append(ip, from_hex("60000000"));
    append16(ip, spec.extensions.size() + tcp.size());
    ip.push_back(static_cast<std::byte>(spec.next_header));
    ip.push_back(std::byte{64});
    append(ip, source);
    append(ip, destination);
    append(ip, spec.extensions);
  }
  append(ip, tcp);
  return ip;
}

// Whether the checksums of a packet without extension headers are right, that of the IP header and
// that of the transport, by the plain reckoning above.
inline bool ip_checksum_is_right(const Bytes& packet) {
  if (packet[0] >> 4 == std::byte{6}) return true;
  const auto header = std::to_integer<ptrdiff_t>(packet[0] & std::byte{0x0f}) * 4;
  return checksum(Bytes(packet.begin(), packet.begin() + header)) == 0;
}
inline bool transport_checksum_is_right(const Bytes& packet) {
  const bool v4 = packet[0] >> 4 == std::byte{4};
  const ptrdiff_t header =
      v4 ? std::to_integer<ptrdiff_t>(packet[0] & std::byte{0x0f}) * 4 : ptrdiff_t{40};
  const Bytes rest(packet.begin() + header, packet.end());
  const auto protocol = std::to_integer<size_t>(packet[v4 ? 9 : 6]);
  if (protocol == 1) return checksum(rest) == 0;  // ICMPv4 has no pseudo-header
  Bytes covered(packet.begin() + (v4 ? 12 : 8), packet.begin() + (v4 ? 20 : 40));
  append16(covered, protocol);
  append16(covered, rest.size());
  append(covered, rest);
  return checksum(covered) == 0;
}
inline bool checksums_are_right(const Bytes& packet) {
  return ip_checksum_is_right(packet) && transport_checksum_is_right(packet);
}

}  // namespace faultline::testing
