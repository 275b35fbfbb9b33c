#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {

constexpr int version_6 = 6;

// The parts of a message, read without any code of the injectors.
struct Message {
  int type = 0, code = 0, protocol = 0;
  uint32_t rest = 0;  // the second word of the ICMP header
  Bytes source, destination, quoted;
};
Message read(const Bytes& packet) {
  const bool v4 = packet[0] >> 4 == std::byte{4};
  const ptrdiff_t header = v4 ? 20 : 40, address = v4 ? 4 : 16;
  const ptrdiff_t source = v4 ? 12 : 8;
  const auto u8 = [&](ptrdiff_t at) { return std::to_integer<uint32_t>(packet[size_t(at)]); };
  EXPECT_EQ(u8(v4 ? 2 : 4) << 8 | u8(v4 ? 3 : 5), packet.size() - (v4 ? 0 : 40));
  Message m;
  m.protocol = static_cast<int>(u8(v4 ? 9 : 6));
  m.type = static_cast<int>(u8(header));
  m.code = static_cast<int>(u8(header + 1));
  for (ptrdiff_t i = 4; i < 8; ++i) m.rest = m.rest << 8 | u8(header + i);
  m.source.assign(packet.begin() + source, packet.begin() + source + address);
  m.destination.assign(packet.begin() + source + address, packet.begin() + source + 2 * address);
  m.quoted.assign(packet.begin() + header + 8, packet.end());
  return m;
}
Bytes bytes_of(int version, uint8_t host) {
  Bytes bytes;
  append(bytes, default_address(version, host));
  return bytes;
}

TEST(Icmp, TheSenderGetsAMessageAboutTheSegmentWhichIsLost) {
  for (const int version : {4, 6}) {
    PacketRig rig({{"{}", "icmp", R"({"error": "port-unreachable"})"}}, version);
    const Bytes packet = make_packet({.version = version, .payload = 33});
    EXPECT_EQ(rig.feed(packet), "drop 0");
    ASSERT_EQ(rig.sent.size(), 1u);
    EXPECT_EQ(rig.sent[0].toward, End::client);
    EXPECT_EQ(rig.sent[0].of, 1u);
    EXPECT_EQ(rig.sent[0].why, "ICMP port-unreachable");
    EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
    const Message message = read(rig.sent[0].bytes);
    EXPECT_EQ(message.protocol, version == 4 ? 1 : 58);
    EXPECT_EQ(message.source, bytes_of(version, 2)) << "from where the segment was going";
    EXPECT_EQ(message.destination, bytes_of(version, 1));
    EXPECT_EQ(message.rest, 0u);
    EXPECT_EQ(message.quoted, packet);
  }
}

// RFC 792, RFC 1812 5.2.7, RFC 1191 4; RFC 4443 3. {type, code}.
TEST(Icmp, TypesAndCodes) {
  struct Row {
    const char* error;
    int type4, code4, type6, code6;
  };
  for (const Row& row :
       {Row{"net-unreachable", 3, 0, 1, 0}, Row{"host-unreachable", 3, 1, 1, 3},
        Row{"protocol-unreachable", 3, 2, -1, 0}, Row{"port-unreachable", 3, 3, 1, 4},
        Row{"source-route-failed", 3, 5, -1, 0}, Row{"admin-prohibited", 3, 13, 1, 1},
        Row{"source-quench", 4, 0, -1, 0}, Row{"time-exceeded", 11, 0, 3, 0},
        Row{"parameter-problem", 12, 0, 4, 0}})
    for (const int version : {4, 6}) {
      const std::string value = fmt::format(R"({{"error": "{}"}})", row.error);
      const std::string why =
          find_injector("icmp")->refuse_ip(nlohmann::json::parse(value), version);
      if (version == 6 && row.type6 < 0) {
        EXPECT_EQ(why, fmt::format("ICMPv6 has no {}", row.error));
        continue;
      }
      EXPECT_EQ(why, "");
      PacketRig rig({{"{}", "icmp", value}}, version);
      rig.feed(make_packet({.version = version}));
      const Message message = read(rig.sent.at(0).bytes);
      EXPECT_EQ(message.type, version == 4 ? row.type4 : row.type6) << row.error;
      EXPECT_EQ(message.code, version == 4 ? row.code4 : row.code6) << row.error;
    }
}

TEST(Icmp, PacketTooBigSaysTheMtu) {
  PacketRig rig({{"{}", "icmp", R"({"error": "packet-too-big", "mtu": 1280})"}});
  rig.feed(make_packet({}));
  Message message = read(rig.sent.at(0).bytes);
  EXPECT_EQ(message.type, 3);
  EXPECT_EQ(message.code, 4);
  EXPECT_EQ(message.rest, 1280u) << "unused bits, then the MTU (RFC 1191 4)";
  PacketRig six({{"{}", "icmp", R"({"error": "packet-too-big", "mtu": 66000})"}}, version_6);
  six.feed(make_packet({.version = 6}));
  message = read(six.sent.at(0).bytes);
  EXPECT_EQ(message.type, 2);
  EXPECT_EQ(message.rest, 66'000u);
}

TEST(Icmp, AnIpv4MtuHas16Bits) {
  const auto refuse = find_injector("icmp")->refuse_ip;
  const auto value = [](uint32_t mtu) {
    return nlohmann::json{{"error", "packet-too-big"}, {"mtu", mtu}};
  };
  EXPECT_EQ(refuse(value(65'535), 4), "");
  EXPECT_EQ(refuse(value(65'536), 4), "an ICMPv4 message has 16 bits for the MTU");
  EXPECT_EQ(refuse(value(65'536), 6), "");
}

TEST(Icmp, QuotesNoMoreThanItsMessageHasRoomFor) {
  const auto quoted = [](int version, size_t payload) {
    PacketRig rig({{"{}", "icmp", R"({"error": "time-exceeded"})"}}, version);
    rig.feed(make_packet({.version = version, .flags = ack, .payload = payload}));
    EXPECT_TRUE(checksums_are_right(rig.sent.at(0).bytes));
    return rig.sent[0].bytes.size();
  };
  EXPECT_EQ(quoted(4, 508), 28 + 548u);
  EXPECT_EQ(quoted(4, 509), 576u) << "RFC 1812 4.3.2.3";
  EXPECT_EQ(quoted(6, 1400), 1280u) << "RFC 4443 2.4 (c)";
}

TEST(Icmp, TheSegmentMayPass) {
  PacketRig rig({{"{}", "icmp", R"({"error": "host-unreachable", "segment": "pass"})"}});
  EXPECT_EQ(rig.feed(make_packet({})), "pass 0");
  EXPECT_EQ(rig.sent.size(), 1u);
}

TEST(Icmp, TheQuotedSegmentCanSayAnotherNumber) {
  const auto quoted = [](const std::string& seq) {
    PacketRig rig({{client_data, "icmp",
                    fmt::format(R"({{"error": "host-unreachable", "seq": "{}"}})", seq)}});
    rig.handshake();
    EXPECT_EQ(rig.feed(End::client, {.seq = 1001, .ack = 5001, .flags = ack, .payload = 50}),
              "drop 0");
    const Bytes packet = read(rig.sent.at(0).bytes).quoted;
    EXPECT_TRUE(checksums_are_right(packet));
    return parse_segment(packet)->segment.seq.raw();
  };
  EXPECT_EQ(quoted("next+1000"), 1051u + 1000u);
  EXPECT_EQ(quoted("-5000"), 1001u - 5000u);
}

TEST(Icmp, AStepTellsAnEndOfTheDataThatItHasOutstanding) {
  PacketRig rig({});
  rig.handshake();
  rig.feed(End::client, {.seq = 1001, .ack = 5001, .flags = ack, .payload = 50});
  rig.demand("icmp", R"({"error": "host-unreachable"})");
  ASSERT_EQ(rig.sent.size(), 1u);
  EXPECT_EQ(rig.sent[0].toward, End::client);
  EXPECT_EQ(rig.sent[0].of, 0u);
  EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
  const Message message = read(rig.sent[0].bytes);
  EXPECT_EQ(message.source, bytes_of(4, 2));
  const auto quoted = parse_segment(message.quoted);
  ASSERT_TRUE(quoted);
  EXPECT_EQ(to_string(quoted->segment.source), "192.0.2.1:40000");
  EXPECT_EQ(quoted->segment.seq, Seq(1001)) << "what the server expects next";
  EXPECT_TRUE(quoted->segment.checksum_ok);

  rig.demand("icmp", R"({"error": "host-unreachable", "to": "server", "seq": "next+7"})");
  ASSERT_EQ(rig.sent.size(), 1u);
  EXPECT_EQ(rig.sent[0].toward, End::server);
  EXPECT_EQ(parse_segment(read(rig.sent[0].bytes).quoted)->segment.seq, Seq(5008));
}

TEST(Icmp, AboutShiftedNumbersItQuotesThemAsTheirSenderWroteThem) {
  PacketRig rig({{"{}", "shift", R"({"from": "client", "by": 7000})"}});
  rig.feed(End::client, {.seq = 1000});
  rig.feed(End::server, {.seq = 5000, .ack = 8001, .flags = syn | ack});
  rig.demand("icmp", R"({"error": "host-unreachable"})");
  ASSERT_EQ(rig.sent.size(), 1u);
  EXPECT_EQ(parse_segment(read(rig.sent[0].bytes).quoted)->segment.seq, Seq(1001));
}

TEST(Icmp, WhatCannotBeSaidIsATrouble) {
  PacketRig rig({{"{}", "icmp", R"({"error": "host-unreachable", "seq": "next"})"}});
  EXPECT_EQ(rig.feed(End::client, {.flags = ack}), "pass 0");
  EXPECT_EQ(rig.troubles(), "icmp: the segment belongs to no connection, so 'seq' means nothing\n");
  rig.feed(End::client, {.seq = 1000});
  (void)rig.troubles();
  rig.demand("icmp", R"({"error": "host-unreachable"})");
  EXPECT_EQ(rig.troubles(), "icmp: the server has not sent an ACK yet\n");
  rig.demand("icmp", R"({"error": "host-unreachable", "seq": "+5"})");
  EXPECT_EQ(rig.troubles(), "icmp: a step has no segment that 'seq' could change\n");
  EXPECT_TRUE(rig.sent.empty());
}

TEST(Icmp, RefusesWhatIsNoMessage) {
  EXPECT_EQ(refused("icmp", "{}"), ": icmp needs 'error': which one");
  EXPECT_EQ(refused("icmp", R"({"error": "packet-too-big"})"), ": packet-too-big needs 'mtu'");
  EXPECT_EQ(refused("icmp", R"({"error": "time-exceeded", "mtu": 500})"),
            ": 'mtu' goes with packet-too-big");
  EXPECT_TRUE(refused("icmp", R"({"error": "port-unreachabel"})").starts_with("/error: "));
  EXPECT_TRUE(refused("icmp", R"({"error": "time-exceeded", "segment": "hold"})")
                  .starts_with("/segment: "));
  EXPECT_TRUE(refused("icmp", R"({"error": "time-exceeded", "to": "wire"})").starts_with("/to: "));
  EXPECT_TRUE(find_injector("icmp")->on_demand);
}

}  // namespace faultline::testing
