#include "injectors/packet.hpp"

#include <algorithm>
#include <cstring>

#include "injectors/checksum.hpp"
#include "injectors/parse.hpp"

namespace faultline {
namespace {

using Bytes = std::vector<std::byte>;

constexpr uint8_t tcp_protocol = 6;
constexpr size_t tcp_header = 20, checksum_at = 16;

void store16(Bytes& bytes, size_t at, size_t value) {
  bytes[at] = std::byte(value >> 8);
  bytes[at + 1] = std::byte(value);
}

// A checksum as `folded` gives it: in the machine's own order.
void store_checksum(Bytes& bytes, size_t at, uint64_t sum) {
  const auto checksum = static_cast<uint16_t>(~folded(sum));
  std::memcpy(bytes.data() + at, &checksum, sizeof checksum);
}

void put_address(Bytes& bytes, size_t at, const Address& address) {
  const size_t size = address.version == 4 ? 4 : 16;
  std::memcpy(bytes.data() + at, address.bytes.data(), size);
}

// DF is set, as TCP's own packets have it.
Bytes ipv4_header(const SegmentContent& content) {
  Bytes bytes(20);
  bytes[0] = std::byte{0x45};
  bytes[6] = std::byte{0x40};
  bytes[8] = std::byte{content.ttl};
  bytes[9] = std::byte{tcp_protocol};
  put_address(bytes, 12, content.source.address);
  put_address(bytes, 16, content.destination.address);
  return bytes;
}

Bytes ipv6_header(const SegmentContent& content) {
  Bytes bytes(40);
  bytes[0] = std::byte{0x60};
  bytes[6] = std::byte{tcp_protocol};
  bytes[7] = std::byte{content.ttl};
  put_address(bytes, 8, content.source.address);
  put_address(bytes, 24, content.destination.address);
  return bytes;
}

}  // namespace

std::optional<Packet> Packet::copy_of(std::span<const std::byte> bytes) {
  const auto parsed = parse_segment(bytes);
  if (!parsed) return {};
  Packet packet;
  packet.bytes_.assign(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(parsed->length));
  packet.source_ = parsed->segment.source.address;
  packet.destination_ = parsed->segment.destination.address;
  packet.tcp_offset_ = parsed->tcp_offset;
  packet.payload_offset_ = parsed->payload_offset;
  return packet;
}

Packet Packet::make(const SegmentContent& content) {
  Packet packet;
  packet.source_ = content.source.address;
  packet.destination_ = content.destination.address;
  packet.bytes_ = packet.ip_version() == 4 ? ipv4_header(content) : ipv6_header(content);
  packet.tcp_offset_ = packet.bytes_.size();
  const size_t options = (content.options.size() + 3) / 4 * 4;
  packet.payload_offset_ = packet.tcp_offset_ + tcp_header + options;
  packet.bytes_.resize(packet.payload_offset_);
  packet.put16(0, content.source.port);
  packet.put16(2, content.destination.port);
  packet.put32(4, content.seq.raw());
  packet.put32(8, content.ack.raw());
  packet.put8(12, static_cast<uint8_t>((tcp_header + options) / 4 << 4));
  packet.set_flags(content.flags);
  packet.put16(14, content.window);
  packet.put16(18, content.urgent);
  std::ranges::copy(content.options, packet.tcp().begin() + tcp_header);
  packet.bytes_.insert(packet.bytes_.end(), content.payload.begin(), content.payload.end());
  packet.put_ip_length();
  packet.mend_ip_checksum();
  packet.mend_tcp_checksum();
  return packet;
}

uint32_t Packet::u32(size_t at) const {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i)
    value = value << 8 | std::to_integer<uint32_t>(bytes_[tcp_offset_ + at + i]);
  return value;
}

void Packet::put8(size_t at, uint8_t value) {
  tcp()[at] = std::byte{value};
}
void Packet::put16(size_t at, uint16_t value) {
  store16(bytes_, tcp_offset_ + at, value);
}
void Packet::put32(size_t at, uint32_t value) {
  put16(at, static_cast<uint16_t>(value >> 16));
  put16(at + 2, static_cast<uint16_t>(value));
}

std::span<std::byte> Packet::option(uint8_t kind) {
  constexpr uint8_t end_of_list = 0, no_operation = 1;
  auto rest = std::span(bytes_).subspan(tcp_offset_ + tcp_header,
                                        payload_offset_ - tcp_offset_ - tcp_header);
  while (!rest.empty()) {
    const auto found = std::to_integer<uint8_t>(rest[0]);
    if (found == end_of_list) return {};
    if (found == no_operation) {
      rest = rest.subspan(1);
      continue;
    }
    const size_t length = rest.size() < 2 ? 0 : std::to_integer<size_t>(rest[1]);
    if (length < 2 || length > rest.size()) return {};
    if (found == kind) return rest.first(length);
    rest = rest.subspan(length);
  }
  return {};
}

// AE is the lowest bit of the byte that begins with the data offset.
void Packet::set_flags(Flags flags) {
  std::byte& offset = tcp()[12];
  offset = (offset & std::byte{0xfe}) | std::byte(flags.bits >> 8 & 1);
  put8(13, static_cast<uint8_t>(flags.bits));
}

void Packet::set_ttl(uint8_t ttl) {
  bytes_[ip_version() == 4 ? 8 : 7] = std::byte{ttl};
}

void Packet::set_ecn(uint8_t codepoint) {
  if (ip_version() == 4) {
    bytes_[1] = (bytes_[1] & std::byte{0xfc}) | std::byte{codepoint};
  } else {
    bytes_[1] = (bytes_[1] & std::byte{0xcf}) | std::byte(codepoint << 4);
  }
}

void Packet::truncate(size_t tcp_bytes) {
  bytes_.resize(std::min(bytes_.size(), tcp_offset_ + tcp_bytes));
  payload_offset_ = std::min(payload_offset_, bytes_.size());
  put_ip_length();
}

void Packet::put_ip_length() {
  if (ip_version() == 4)
    store16(bytes_, 2, bytes_.size());
  else
    store16(bytes_, 4, bytes_.size() - 40);
}

void Packet::mend_ip_checksum() {
  if (ip_version() != 4) return;
  const size_t size = std::to_integer<size_t>(bytes_[0] & std::byte{0x0f}) * 4;
  store16(bytes_, 10, 0);
  store_checksum(bytes_, 10, ones_sum(std::span(bytes_).first(size)));
}

void Packet::mend_tcp_checksum() {
  if (tcp().size() < tcp_header) return;
  put16(checksum_at, 0);
  store_checksum(
      bytes_, tcp_offset_ + checksum_at,
      pseudo_header_sum(source_, destination_, tcp_protocol, tcp().size()) + ones_sum(tcp()));
}

}  // namespace faultline
