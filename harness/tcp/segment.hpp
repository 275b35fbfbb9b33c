// One TCP segment as plain fields. `injectors/parse.hpp` fills it from bytes.
#pragma once

#include <array>
#include <bitset>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/tcp/end.hpp"
#include "harness/tcp/seq.hpp"
#include "harness/tcp/state.hpp"

namespace faultline {

// The flags of RFC 9293 3.1 as bits of the header's 14th byte, and AE (RFC 9768) above them.
struct Flags {
  static constexpr uint16_t fin = 0x001, syn = 0x002, rst = 0x004, psh = 0x008, ack = 0x010,
                            urg = 0x020, ece = 0x040, cwr = 0x080, ae = 0x100;
  uint16_t bits = 0;

  [[nodiscard]] constexpr bool has(uint16_t all_of) const { return (bits & all_of) == all_of; }
  [[nodiscard]] constexpr bool operator==(const Flags&) const = default;
};
// "SYN ACK"; "none" for no flag. Names in the order SYN FIN RST PSH ACK URG ECE CWR AE.
[[nodiscard]] std::string to_string(Flags flags);
// Reads the same, names separated by spaces, commas, '|' or '+'; empty where a name is unknown.
[[nodiscard]] std::optional<Flags> flags_from_string(std::string_view text);

// An IPv4 address fills the first four bytes.
struct Address {
  int version = 4;  // 4 or 6
  std::array<uint8_t, 16> bytes{};
  [[nodiscard]] auto operator<=>(const Address&) const = default;
};
[[nodiscard]] std::string to_string(const Address& address);
[[nodiscard]] std::optional<Address> address_from_string(const std::string& text);

struct Endpoint {
  Address address;
  uint16_t port = 0;
  [[nodiscard]] auto operator<=>(const Endpoint&) const = default;
};
[[nodiscard]] std::string to_string(
    const Endpoint& endpoint);  // "192.0.2.2:80", "[2001:db8::2]:80"

struct Timestamps {
  uint32_t value = 0, echo = 0;
};
struct SackBlock {
  Seq left, right;
};
// As many as 40 bytes of options have room for (RFC 2018 3). Held in place, so that parsing a
// segment allocates nothing.
class SackBlocks {
 public:
  // What is beyond the capacity is left out.
  constexpr void push_back(SackBlock block) {
    if (size_ < blocks_.size()) blocks_[size_++] = block;
  }
  [[nodiscard]] constexpr const SackBlock* begin() const { return blocks_.data(); }
  [[nodiscard]] constexpr const SackBlock* end() const { return blocks_.data() + size_; }
  [[nodiscard]] constexpr const SackBlock& operator[](size_t i) const { return blocks_[i]; }
  [[nodiscard]] constexpr size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

 private:
  std::array<SackBlock, 4> blocks_{};
  uint8_t size_ = 0;
};

struct Segment {
  Endpoint source, destination;
  uint8_t ttl = 0;
  Seq seq, ack;  // ack is meaningful when flags has ack
  Flags flags;
  uint16_t window = 0;  // as it stands in the header, unscaled
  uint16_t urgent = 0;
  uint32_t payload_length = 0;
  std::optional<uint16_t> mss;
  std::optional<uint8_t> window_scale;
  bool sack_permitted = false;
  std::optional<Timestamps> timestamps;
  SackBlocks sack;
  // The kinds of the options that it carries (IANA's TCP option numbers), known or not; not of the
  // one-byte ones (end of list, no-operation).
  std::bitset<256> options;
  bool checksum_ok = true;

  // What the segment takes of sequence space: its payload, and one each for SYN and FIN.
  [[nodiscard]] uint32_t sequence_length() const {
    return payload_length + (flags.has(Flags::syn) ? 1 : 0) + (flags.has(Flags::fin) ? 1 : 0);
  }
};

// What a segment is for, where its fields and those before it tell. Several may hold.
enum class SegmentKind : uint8_t {
  pure_ack,           // an ACK without data that only acknowledges or offers window
  duplicate_ack,      // one that says what its sender has said before, while data is outstanding
                      // (RFC 5681 2)
  window_update,      // one that acknowledges nothing new and offers another window
  zero_window_probe,  // asks an end whose window is closed (RFC 9293 3.8.6.1)
  keepalive_probe,    // asks an idle end: below what is expected, at most one byte (RFC 9293 3.8.4)
};
inline constexpr std::array all_segment_kinds{
    SegmentKind::pure_ack, SegmentKind::duplicate_ack, SegmentKind::window_update,
    SegmentKind::zero_window_probe, SegmentKind::keepalive_probe};
[[nodiscard]] std::string_view to_string(SegmentKind kind);  // "duplicate-ack"
[[nodiscard]] std::optional<SegmentKind> segment_kind_from_string(std::string_view text);

struct SegmentKinds {
  uint8_t bits = 0;
  [[nodiscard]] constexpr bool has(SegmentKind kind) const {
    return (bits >> static_cast<int>(kind) & 1) != 0;
  }
  constexpr void add(SegmentKind kind) {
    bits |= static_cast<uint8_t>(1 << static_cast<int>(kind));
  }
  [[nodiscard]] constexpr bool operator==(const SegmentKinds&) const = default;
};

// What is known of a segment from those before it. The tracker (injectors/tracker.hpp) fills it.
struct SegmentFacts {
  End from = End::client;
  // The name of the connection: that of the socket which called connect(). Empty: not one of ours.
  std::string connection;
  // Relative to the sender's and the other end's initial sequence numbers: a SYN is at 0, the first
  // byte at 1. Empty as long as that ISN was not seen.
  std::optional<uint32_t> seq, ack;
  // Its first sequence number was sent before. Never true of a segment without sequence space.
  bool retransmission = false;
  // Of a retransmission: how many times what begins at this sequence number has been sent again,
  // this time included. 0 of a first transmission.
  uint32_t retransmission_number = 0;
  SegmentKinds kinds;
  // The ends' states before the segment crossed; empty where they were not looked at.
  std::array<std::optional<TcpState>, 2> states;
};

// "SYN ACK seq 0 ack 1 win 65535 len 0": relative numbers where they are known, else "seq #NUMBER"
// as it stands in the header.
[[nodiscard]] std::string describe(const Segment& segment, const SegmentFacts& facts);

}  // namespace faultline
