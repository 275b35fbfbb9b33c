#include "injectors/parse.hpp"

#include <gtest/gtest.h>

#include "tests/injectors/packets.hpp"

namespace faultline::testing {

std::string why_not(const Bytes& packet) {
  const auto parsed = parse_segment(packet);
  return parsed ? "" : std::string(to_string(parsed.error()));
}

// Both were captured between two Linux 6.18 ends on a veth pair without checksum offload.
const Bytes captured_syn = from_hex(
    "4500003c9eea4000400617ce c0000201 c0000202"
    "87e60050 4c89e63c 00000000 a002faf0 86040000"
    "020405b4 0402080a 37e8501f 00000000 0103030a");
const Bytes captured_data = from_hex(
    "600e1c0c00250640 20010db8000000000000000000000001 20010db8000000000000000000000002"
    "a3160050 35e1d956 df7d901e 80180040 4dff0000"
    "0101080a 314d501a 7f79660e 68656c6c6f");

TEST(Parse, ACapturedSynOverIpv4) {
  const auto parsed = parse_segment(captured_syn);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->tcp_offset, 20u);
  EXPECT_EQ(parsed->payload_offset, 60u);
  EXPECT_EQ(parsed->length, 60u);
  const Segment& segment = parsed->segment;
  EXPECT_EQ(to_string(segment.source), "192.0.2.1:34790");
  EXPECT_EQ(to_string(segment.destination), "192.0.2.2:80");
  EXPECT_EQ(segment.ttl, 64);
  EXPECT_EQ(segment.seq, Seq(0x4c89e63c));
  EXPECT_EQ(to_string(segment.flags), "SYN");
  EXPECT_EQ(segment.window, 64240);
  EXPECT_EQ(segment.mss, 1460);
  EXPECT_TRUE(segment.sack_permitted);
  EXPECT_EQ(segment.timestamps->value, 0x37e8501fu);
  EXPECT_EQ(segment.timestamps->echo, 0u);
  EXPECT_EQ(segment.window_scale, 10);
  EXPECT_EQ(segment.payload_length, 0u);
  EXPECT_TRUE(segment.checksum_ok);
}

TEST(Parse, CapturedDataOverIpv6) {
  const auto parsed = parse_segment(captured_data);
  ASSERT_TRUE(parsed);
  const Segment& segment = parsed->segment;
  EXPECT_EQ(to_string(segment.source), "[2001:db8::1]:41750");
  EXPECT_EQ(to_string(segment.destination), "[2001:db8::2]:80");
  EXPECT_EQ(to_string(segment.flags), "PSH ACK");
  EXPECT_EQ(segment.ack, Seq(0xdf7d901e));
  EXPECT_EQ(segment.payload_length, 5u);
  EXPECT_EQ(parsed->payload_offset, captured_data.size() - 5);
  EXPECT_TRUE(segment.checksum_ok);
}

TEST(Parse, TellsWhichChecksumIsWrong) {
  Bytes packet = captured_syn;
  packet.back() ^= std::byte{1};
  auto parsed = parse_segment(packet);
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->segment.checksum_ok);
  EXPECT_FALSE(parsed->tcp_checksum_ok);
  EXPECT_TRUE(parsed->ip_checksum_ok);

  packet = captured_syn;
  packet[8] ^= std::byte{1};  // the TTL
  parsed = parse_segment(packet);
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->segment.checksum_ok);
  EXPECT_TRUE(parsed->tcp_checksum_ok);
  EXPECT_FALSE(parsed->ip_checksum_ok);
}

TEST(Parse, EveryFlippedBitOfAPayloadIsNoticed) {
  for (size_t bit = 0; bit < 40; ++bit) {
    Bytes packet = captured_data;
    packet[packet.size() - 5 + bit / 8] ^= std::byte{1} << bit % 8;
    EXPECT_FALSE(parse_segment(packet)->segment.checksum_ok) << bit;
  }
}

TEST(Parse, WhatFollowsThePacketInTheBufferIsNotPartOfIt) {
  Bytes packet = make_packet({.payload = 3});
  packet.resize(packet.size() + 20, std::byte{0xff});
  const auto parsed = parse_segment(packet);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->length, 43u);
  EXPECT_EQ(parsed->segment.payload_length, 3u);
  EXPECT_TRUE(parsed->segment.checksum_ok);
}

TEST(Parse, AllFlags) {
  const auto parsed = parse_segment(make_packet({.flags = 0x1ff}));
  EXPECT_EQ(to_string(parsed->segment.flags), "SYN FIN RST PSH ACK URG ECE CWR AE");
}

TEST(Parse, Ipv4Options) {
  const auto parsed =
      parse_segment(make_packet({.ip_options = from_hex("94040000 01010100"), .payload = 10}));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->tcp_offset, 28u);
  EXPECT_EQ(parsed->segment.payload_length, 10u);
  EXPECT_TRUE(parsed->segment.checksum_ok);
}

TEST(Parse, Ipv6ExtensionHeaders) {
  // Hop-by-hop options, destination options (16 bytes), an atomic fragment, a used-up routing
  // header.
  const Bytes chain = from_hex(
      "3c00 010400000000"
      "2c01 010c000000000000000000000000"
      "2b00 0000 00000007"
      "0602 0400 00000000 20010db8000000000000000000000009");
  const auto parsed = parse_segment(
      make_packet({.version = 6, .next_header = 0, .extensions = chain, .payload = 7}));
  ASSERT_TRUE(parsed) << to_string(parsed.error());
  EXPECT_EQ(parsed->tcp_offset, 40u + chain.size());
  EXPECT_EQ(to_string(parsed->segment.destination), "[2001:db8::2]:80");
  EXPECT_EQ(parsed->segment.payload_length, 7u);
  EXPECT_TRUE(parsed->segment.checksum_ok);
}

TEST(Parse, ARoutingHeaderThatIsNotUsedUpNamesTheDestination) {
  const std::string nine = "20010db8000000000000000000000009",
                    ten = "20010db800000000000000000000000a";
  for (const auto& [header, last] : {std::pair{"0604 0201 00000000" + ten + nine, nine},
                                     std::pair{"0604 0401 00000000" + nine + ten, nine}}) {
    PacketSpec spec{.version = 6};
    spec.source = default_address(6, 1);
    spec.destination = default_address(6, 9);  // the checksum is about this one
    Bytes packet = make_packet(spec);
    const Bytes chain = from_hex(header);
    packet[6] = std::byte{43};
    put16(packet, 4, 20 + chain.size());
    packet[39] = std::byte{2};  // at the moment it goes to another
    packet.insert(packet.begin() + 40, chain.begin(), chain.end());
    const auto parsed = parse_segment(packet);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_string(parsed->segment.destination), "[2001:db8::9]:80");
    EXPECT_TRUE(parsed->segment.checksum_ok);
  }
}

TEST(Parse, SackBlocks) {
  const auto parsed = parse_segment(
      make_packet({.tcp_options = from_hex("0101 0512 0000000100000002 0000000300000004")}));
  ASSERT_EQ(parsed->segment.sack.size(), 2u);
  EXPECT_EQ(parsed->segment.sack[0].left, Seq(1));
  EXPECT_EQ(parsed->segment.sack[1].right, Seq(4));
}

TEST(Parse, SkipsOptionsThatAreUnknownOrHaveAWrongLength) {
  const auto parsed = parse_segment(make_packet(
      {.tcp_options =
           from_hex("fd05616263 0203ff 030400ff 0403ff 050400ff 0806ffffffff 0204012c")}));
  ASSERT_TRUE(parsed);
  const Segment& segment = parsed->segment;
  EXPECT_EQ(segment.mss, 300);
  EXPECT_FALSE(segment.window_scale);
  EXPECT_FALSE(segment.sack_permitted);
  EXPECT_TRUE(segment.sack.empty());
  EXPECT_FALSE(segment.timestamps);
}

TEST(Parse, AnOptionLengthThatLeadsNowhereEndsTheList) {
  for (const auto* bad : {"0204012c 0200 0303", "0204012c 0201 0303", "0204012c fd21 0303",
                          "0204012c 0101 0103", "0204012c 0001 0303"}) {
    const auto parsed = parse_segment(make_packet({.tcp_options = from_hex(bad)}));
    ASSERT_TRUE(parsed) << bad;
    EXPECT_EQ(parsed->segment.mss, 300) << bad;
    EXPECT_FALSE(parsed->segment.window_scale) << bad;
  }
}

TEST(Parse, SaysWhyAPacketIsNoSegment) {
  EXPECT_EQ(why_not({}), "not an IP packet");
  EXPECT_EQ(why_not(from_hex("55000000")), "not an IP packet");
  EXPECT_EQ(why_not(from_hex("45000000")), "an IP header that is cut short");
  EXPECT_EQ(why_not(from_hex("60000000")), "an IP header that is cut short");

  Bytes packet = make_packet({});
  packet[0] = std::byte{0x44};  // 16 bytes of header
  EXPECT_EQ(why_not(packet), "an IP header that is cut short");
  packet[0] = std::byte{0x4f};  // 60, and there are 40
  EXPECT_EQ(why_not(packet), "an IP header that is cut short");

  packet = make_packet({.next_header = 17});
  EXPECT_EQ(why_not(packet), "not TCP");
}

TEST(Parse, IpLengthsThatAreNotThoseOfThePacket) {
  for (const size_t length : {size_t{0}, size_t{19}, size_t{41}, size_t{65535}}) {
    Bytes packet = make_packet({});
    put16(packet, 2, length);
    EXPECT_EQ(why_not(packet), "an IP length that is not that of the packet") << length;
  }
  Bytes packet = make_packet({.version = 6});
  put16(packet, 4, 21);
  EXPECT_EQ(why_not(packet), "an IP length that is not that of the packet");
  put16(packet, 4, 0);
  EXPECT_EQ(why_not(packet), "a TCP header that is cut short");
}

TEST(Parse, FragmentsOfIpv4) {
  for (const size_t field : {0x2000, 0x0001, 0x3fff}) {
    Bytes packet = make_packet({});
    put16(packet, 6, field);
    EXPECT_EQ(why_not(packet), "a fragment") << field;
  }
  Bytes packet = make_packet({});
  put16(packet, 6, 0xc000);  // the reserved bit and "don't fragment"
  EXPECT_EQ(why_not(packet), "");
}

TEST(Parse, FragmentsAndCutChainsOfIpv6) {
  const auto with = [](uint8_t next, std::string_view chain) {
    return why_not(make_packet({.version = 6, .next_header = next, .extensions = from_hex(chain)}));
  };
  EXPECT_EQ(with(44, "0600 0001 00000007"), "a fragment");  // more to come
  EXPECT_EQ(with(44, "0600 0008 00000007"), "a fragment");  // the second
  EXPECT_EQ(with(44, "0600 0006 00000007"), "");            // reserved bits only
  EXPECT_EQ(with(0, "06ff 010400000000"), "an IP header that is cut short");
  EXPECT_EQ(with(59, ""), "not TCP");
  EXPECT_EQ(with(60, "1100 010400000000"), "not TCP");

  Bytes packet = make_packet({.version = 6, .next_header = 0});
  packet.resize(44);
  put16(packet, 4, 4);
  EXPECT_EQ(why_not(packet), "an IP header that is cut short");
}

TEST(Parse, TcpHeadersThatAreCutShort) {
  Bytes packet = make_packet({.payload = 8});
  for (const unsigned offset : {0U, 4U, 8U, 15U}) {  // there are 7 words
    packet[32] = static_cast<std::byte>(offset << 4);
    EXPECT_EQ(why_not(packet), "a TCP data offset outside of the packet") << offset;
  }
  packet[32] = std::byte{0x70};
  EXPECT_EQ(why_not(packet), "");
  put16(packet, 2, 39);
  EXPECT_EQ(why_not(packet), "a TCP header that is cut short");
}

TEST(Parse, EveryTruncationIsRefused) {
  for (const Bytes& whole : {captured_syn, captured_data})
    for (size_t size = 0; size < whole.size(); ++size)
      EXPECT_NE(why_not(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size))), "");
}

}  // namespace faultline::testing
