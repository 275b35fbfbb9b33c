// A packet with a TCP segment that can be changed: a copy of one that was seen, or a new one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/tcp/segment.hpp"

namespace faultline {

// What a new segment says. Header lengths and checksums follow from it.
struct SegmentContent {
  Endpoint source, destination;
  uint8_t ttl = 64;
  Seq seq, ack;
  Flags flags;
  uint16_t window = 0, urgent = 0;
  std::vector<std::byte> options;  // as they stand in the header; padded to whole words
  std::vector<std::byte> payload;
};

class Packet {
 public:
  // Empty where the bytes are no whole TCP segment (injectors/parse.hpp). What follows in the
  // buffer beyond the IP length is left out.
  [[nodiscard]] static std::optional<Packet> copy_of(std::span<const std::byte> bytes);
  // REQUIRES at most 40 bytes of options and a packet that IP can carry.
  [[nodiscard]] static Packet make(const SegmentContent& content);

  [[nodiscard]] uint32_t u32(size_t at_in_tcp) const;
  void put8(size_t at_in_tcp, uint8_t value);
  void put16(size_t at_in_tcp, uint16_t value);
  void put32(size_t at_in_tcp, uint32_t value);
  // TCP header and payload.
  [[nodiscard]] std::span<std::byte> tcp() { return std::span(bytes_).subspan(tcp_offset_); }
  [[nodiscard]] std::span<std::byte> payload() {
    return std::span(bytes_).subspan(payload_offset_);
  }
  [[nodiscard]] int ip_version() const { return source_.version; }

  // The bytes of the first option of that kind, kind and length included; empty where there is
  // none.
  [[nodiscard]] std::span<std::byte> option(uint8_t kind);

  void set_flags(Flags flags);
  void set_ttl(uint8_t ttl);
  void set_ecn(uint8_t codepoint);  // 0 to 3 (RFC 3168 5)
  // Cuts the TCP segment, its header included, to so many bytes at most, and says so in the IP
  // header.
  void truncate(size_t tcp_bytes);

  void mend_ip_checksum();  // IPv6 has none
  void mend_tcp_checksum();

  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  Packet() = default;
  void put_ip_length();

  std::vector<std::byte> bytes_;
  Address source_, destination_;  // as the checksum has them
  size_t tcp_offset_ = 0, payload_offset_ = 0;
};

}  // namespace faultline
