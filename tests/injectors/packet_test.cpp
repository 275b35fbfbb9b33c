#include "injectors/packet.hpp"

#include <gtest/gtest.h>

#include "injectors/parse.hpp"
#include "tests/injectors/packets.hpp"

namespace faultline::testing {
namespace {

SegmentContent content(int version) {
  return {.source = {default_address(version, 1), 40000},
          .destination = {default_address(version, 2), 80},
          .ttl = 9,
          .seq = Seq(0x01020304),
          .ack = Seq(0xfffffffe),
          .flags = {Flags::syn | Flags::ae},
          .window = 0xabcd,
          .urgent = 0x1234,
          .options = from_hex("020405b4 0303 07"),
          .payload = from_hex("0a0b0c")};
}

TEST(PacketMake, SaysWhatItIsTold) {
  for (const int version : {4, 6}) {
    const Bytes bytes = Packet::make(content(version)).take();
    EXPECT_TRUE(checksums_are_right(bytes));
    const auto parsed = parse_segment(bytes);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->length, bytes.size());
    const Segment& s = parsed->segment;
    EXPECT_EQ(s.source, content(version).source);
    EXPECT_EQ(s.destination, content(version).destination);
    EXPECT_EQ(s.ttl, 9);
    EXPECT_EQ(s.seq, Seq(0x01020304));
    EXPECT_EQ(s.ack, Seq(0xfffffffe));
    EXPECT_EQ(s.flags, (Flags{Flags::syn | Flags::ae}));
    EXPECT_EQ(s.window, 0xabcd);
    EXPECT_EQ(s.urgent, 0x1234);
    EXPECT_EQ(s.mss, 1460);
    EXPECT_EQ(s.window_scale, 7);
    EXPECT_EQ(s.payload_length, 3u);
    EXPECT_EQ(parsed->payload_offset - parsed->tcp_offset, 28u) << "options in whole words";
  }
}

TEST(PacketMake, ChecksumsOfOddAndEvenLengths) {
  for (const int version : {4, 6})
    for (size_t length = 0; length < 9; ++length) {
      SegmentContent c = content(version);
      c.payload.assign(length, std::byte{0xff});
      EXPECT_TRUE(checksums_are_right(Packet::make(c).take())) << length;
    }
}

TEST(PacketCopy, TakesAnyHeadersAndLeavesTheTail) {
  Bytes bytes = make_packet({.ip_options = from_hex("94040000"), .payload = 5});
  const Bytes whole = bytes;
  bytes.push_back(std::byte{7});
  auto packet = Packet::copy_of(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->payload().size(), 5u);
  EXPECT_EQ(packet->tcp().size(), 25u);
  EXPECT_EQ(packet->take(), whole);
}

TEST(PacketCopy, OfWhatIsNoSegmentThereIsNone) {
  const Bytes whole = make_packet({.payload = 5});
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(Packet::copy_of(std::span(whole).first(length))) << length;
  EXPECT_FALSE(Packet::copy_of(make_packet({.next_header = 17})));
}

// The checksum covers the last address of a routing header, not the next hop's.
TEST(PacketCopy, MendsBehindExtensionHeaders) {
  const Bytes routed =
      make_packet({.version = 6,
                   .next_header = 43,
                   .extensions = from_hex("0602 0001 00000000 20010db8000000000000000000000009"),
                   .payload = 3});
  auto packet = Packet::copy_of(routed);
  ASSERT_TRUE(packet);
  packet->put16(14, 1);
  packet->mend_tcp_checksum();
  EXPECT_TRUE(parse_segment(packet->take())->tcp_checksum_ok);
}

TEST(PacketOption, IsFoundAmongOthersAndNoFurtherThanTheHeader) {
  auto packet = *Packet::copy_of(
      make_packet({.tcp_options = from_hex("01 01 0402 080a 00000001 00000002"), .payload = 8}));
  EXPECT_EQ(packet.option(4).size(), 2u);
  EXPECT_EQ(packet.option(8).size(), 10u);
  EXPECT_TRUE(packet.option(2).empty());
  for (const char* options : {"00 0402 01", "0400 0402", "0401 0402", "03ff 0402", "01010108"}) {
    auto hostile = *Packet::copy_of(make_packet({.tcp_options = from_hex(options), .payload = 8}));
    EXPECT_TRUE(hostile.option(4).empty()) << options;
    EXPECT_TRUE(hostile.option(8).empty()) << options;
  }
}

TEST(PacketTruncate, IsNeverLonger) {
  auto packet = *Packet::copy_of(make_packet({.payload = 5}));
  packet.truncate(1000);
  EXPECT_EQ(packet.tcp().size(), 25u);
  packet.truncate(22);
  EXPECT_EQ(packet.payload().size(), 2u);
  packet.truncate(7);
  EXPECT_EQ(packet.tcp().size(), 7u);
  EXPECT_TRUE(packet.payload().empty());
  packet.mend_tcp_checksum();  // there is none any more
  EXPECT_EQ(packet.take().size(), 27u);
}

}  // namespace
}  // namespace faultline::testing
