// Bytes to a segment. Reads IPv4 with options, IPv6 with extension headers, TCP with options.
// Bytes from a network never throw and nothing past the end of the buffer is read.
#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string_view>

#include "harness/tcp/segment.hpp"

namespace faultline {

// Why a packet is no segment.
enum class NotSegment : uint8_t {
  not_ip,            // empty, or neither version 4 nor 6
  short_ip_header,   // the IP header or an extension header is cut short, or says it is too short
  ip_length,         // the length in the IP header is beyond the buffer, or within the header
  fragment,          // a part of a packet (an IPv6 atomic fragment, RFC 6946, is a whole one)
  not_tcp,           // another protocol
  short_tcp_header,  // fewer than the 20 bytes of a TCP header
  data_offset,       // the TCP data offset is below 5 words or beyond the packet
};
[[nodiscard]] std::string_view to_string(NotSegment why);  // "a fragment"

struct ParsedSegment {
  // `checksum_ok`: both the IPv4 header's and TCP's are right. `destination` is where the packet
  // is going in the end: the last hop of an IPv6 routing header that is not used up.
  Segment segment;
  size_t tcp_offset = 0;      // of the TCP header from the start of the bytes
  size_t payload_offset = 0;  // IP and TCP headers together
  size_t length = 0;  // of the packet by its IP header; what follows in the buffer is not it
  bool ip_checksum_ok = true;
  bool tcp_checksum_ok = true;
};

// `packet` starts at the IP header. Options that are unknown or have a wrong length are skipped; a
// length that leads nowhere (0, 1, beyond the header) ends the list, what was read before counts.
[[nodiscard]] std::expected<ParsedSegment, NotSegment> parse_segment(
    std::span<const std::byte> packet);

}  // namespace faultline
