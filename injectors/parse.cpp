#include "injectors/parse.hpp"

#include <algorithm>
#include <cstring>

#include "injectors/checksum.hpp"

namespace faultline {
namespace {

using Bytes = std::span<const std::byte>;

// Protocol numbers of IANA's registry; IPv6 names its extension headers by them too.
constexpr uint8_t hop_by_hop = 0, tcp = 6, routing = 43, fragment_header = 44,
                  destination_options = 60;

// REQUIRES of all three: the bytes are there.
uint8_t u8(Bytes bytes, size_t at) {
  return std::to_integer<uint8_t>(bytes[at]);
}
uint16_t u16(Bytes bytes, size_t at) {
  return static_cast<uint16_t>(u8(bytes, at) << 8 | u8(bytes, at + 1));
}
uint32_t u32(Bytes bytes, size_t at) {
  return uint32_t{u16(bytes, at)} << 16 | u16(bytes, at + 2);
}

Address address(int version, Bytes bytes) {
  Address result{.version = version};
  std::memcpy(result.bytes.data(), bytes.data(), version == 4 ? 4 : 16);
  return result;
}

struct IpHeader {
  Address source, destination;
  uint8_t ttl = 0;
  bool checksum_ok = true;
  size_t size = 0;    // extension headers included
  size_t length = 0;  // of the packet
};
using IpResult = std::expected<IpHeader, NotSegment>;

IpResult ipv4(Bytes packet) {
  if (packet.size() < 20) return std::unexpected(NotSegment::short_ip_header);
  IpHeader ip{.source = address(4, packet.subspan(12)),
              .destination = address(4, packet.subspan(16)),
              .ttl = u8(packet, 8),
              .size = size_t{4} * (u8(packet, 0) & 0x0f),
              .length = u16(packet, 2)};
  if (ip.size < 20 || ip.size > packet.size()) return std::unexpected(NotSegment::short_ip_header);
  if (ip.length < ip.size || ip.length > packet.size())
    return std::unexpected(NotSegment::ip_length);
  if (u8(packet, 9) != tcp) return std::unexpected(NotSegment::not_tcp);
  constexpr uint16_t more_fragments_or_offset = 0x3fff;
  if ((u16(packet, 6) & more_fragments_or_offset) != 0)
    return std::unexpected(NotSegment::fragment);
  ip.checksum_ok = is_all_ones(ones_sum(packet.first(ip.size)));
  return ip;
}

// Where a packet is going that has not been everywhere yet; TCP's checksum covers that address
// (RFC 8200 8.1). Types 0 and 2 list it last (RFC 5095, 6275), type 4 first (RFC 8754).
void follow_routing(Bytes header, Address& destination) {
  const uint8_t type = u8(header, 2), segments_left = u8(header, 3);
  if (segments_left == 0 || header.size() < 24) return;
  if (type == 0 || type == 2) destination = address(6, header.last(16));
  if (type == 4) destination = address(6, header.subspan(8));
}

IpResult ipv6(Bytes packet) {
  if (packet.size() < 40) return std::unexpected(NotSegment::short_ip_header);
  IpHeader ip{.source = address(6, packet.subspan(8)),
              .destination = address(6, packet.subspan(24)),
              .ttl = u8(packet, 7),
              .size = 40,
              .length = size_t{40} + u16(packet, 4)};
  if (ip.length > packet.size()) return std::unexpected(NotSegment::ip_length);
  packet = packet.first(ip.length);
  uint8_t next = u8(packet, 6);
  while (next != tcp) {
    if (next != hop_by_hop && next != routing && next != destination_options &&
        next != fragment_header)
      return std::unexpected(NotSegment::not_tcp);
    const Bytes rest = packet.subspan(ip.size);
    if (rest.size() < 8) return std::unexpected(NotSegment::short_ip_header);
    constexpr uint16_t offset_or_more = 0xfff9;
    if (next == fragment_header && (u16(rest, 2) & offset_or_more) != 0)
      return std::unexpected(NotSegment::fragment);
    const size_t size = next == fragment_header ? 8 : (size_t{1} + u8(rest, 1)) * 8;
    if (size > rest.size()) return std::unexpected(NotSegment::short_ip_header);
    if (next == routing) follow_routing(rest.first(size), ip.destination);
    next = u8(rest, 0);
    ip.size += size;
  }
  return ip;
}

void read_option(uint8_t kind, Bytes body, Segment& segment) {
  switch (kind) {
    case 2:
      if (body.size() == 2) segment.mss = u16(body, 0);
      break;
    case 3:
      if (body.size() == 1) segment.window_scale = u8(body, 0);
      break;
    case 4:
      if (body.empty()) segment.sack_permitted = true;
      break;
    case 5:
      if (body.size() % 8 != 0) break;
      for (; !body.empty(); body = body.subspan(8))
        segment.sack.push_back({Seq(u32(body, 0)), Seq(u32(body, 4))});
      break;
    case 8:
      if (body.size() == 8) segment.timestamps = {u32(body, 0), u32(body, 4)};
      break;
    default:
      break;
  }
}

void read_options(Bytes options, Segment& segment) {
  constexpr uint8_t end_of_list = 0, no_operation = 1;
  while (!options.empty()) {
    const uint8_t kind = u8(options, 0);
    if (kind == end_of_list) return;
    if (kind == no_operation) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2) return;
    const size_t length = u8(options, 1);
    if (length < 2 || length > options.size()) return;
    segment.options.set(kind);
    read_option(kind, options.subspan(2, length - 2), segment);
    options = options.subspan(length);
  }
}

bool tcp_checksum_ok(const IpHeader& ip, Bytes segment) {
  return is_all_ones(pseudo_header_sum(ip.source, ip.destination, tcp, segment.size()) +
                     ones_sum(segment));
}

}  // namespace

std::string_view to_string(NotSegment why) {
  switch (why) {
    case NotSegment::not_ip:
      return "not an IP packet";
    case NotSegment::short_ip_header:
      return "an IP header that is cut short";
    case NotSegment::ip_length:
      return "an IP length that is not that of the packet";
    case NotSegment::fragment:
      return "a fragment";
    case NotSegment::not_tcp:
      return "not TCP";
    case NotSegment::short_tcp_header:
      return "a TCP header that is cut short";
    case NotSegment::data_offset:
      return "a TCP data offset outside of the packet";
  }
  return "?";
}

std::expected<ParsedSegment, NotSegment> parse_segment(Bytes packet) {
  const int version = packet.empty() ? 0 : u8(packet, 0) >> 4;
  if (version != 4 && version != 6) return std::unexpected(NotSegment::not_ip);
  const IpResult ip = version == 4 ? ipv4(packet) : ipv6(packet);
  if (!ip) return std::unexpected(ip.error());

  const Bytes bytes = packet.first(ip->length).subspan(ip->size);
  if (bytes.size() < 20) return std::unexpected(NotSegment::short_tcp_header);
  const size_t header = size_t{4} * (u8(bytes, 12) >> 4);
  if (header < 20 || header > bytes.size()) return std::unexpected(NotSegment::data_offset);

  ParsedSegment parsed{.tcp_offset = ip->size,
                       .payload_offset = ip->size + header,
                       .length = ip->length,
                       .ip_checksum_ok = ip->checksum_ok,
                       .tcp_checksum_ok = tcp_checksum_ok(*ip, bytes)};
  Segment& segment = parsed.segment;
  segment.source = {ip->source, u16(bytes, 0)};
  segment.destination = {ip->destination, u16(bytes, 2)};
  segment.ttl = ip->ttl;
  segment.seq = Seq(u32(bytes, 4));
  segment.ack = Seq(u32(bytes, 8));
  segment.flags.bits = u16(bytes, 12) & 0x01ff;
  segment.window = u16(bytes, 14);
  segment.urgent = u16(bytes, 18);
  segment.payload_length = static_cast<uint32_t>(bytes.size() - header);
  segment.checksum_ok = parsed.ip_checksum_ok && parsed.tcp_checksum_ok;
  read_options(bytes.subspan(20, header - 20), segment);
  return parsed;
}

}  // namespace faultline
