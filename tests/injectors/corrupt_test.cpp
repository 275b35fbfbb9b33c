#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {

// Where two packets of one length differ.
std::vector<size_t> differences(const Bytes& a, const Bytes& b) {
  std::vector<size_t> places;
  for (size_t i = 0; i < a.size() && i < b.size(); ++i)
    if (a[i] != b[i]) places.push_back(i);
  return places;
}

TEST(Corrupt, TurnsOneByteOfThePayloadOver) {
  PacketRig rig({{R"({"payload": true})", "corrupt", R"({"payload": 10})"}});
  const Bytes packet = make_packet({.flags = ack, .payload = 11});
  EXPECT_EQ(rig.feed(packet), "change 0");
  ASSERT_EQ(rig.sent.size(), 1u);
  const SentPacket& sent = rig.sent[0];
  EXPECT_EQ(sent.of, 1u);
  EXPECT_EQ(sent.toward, End::server);
  EXPECT_EQ(sent.why, "corrupted");
  EXPECT_FALSE(sent.is_copy);
  ASSERT_EQ(sent.bytes.size(), packet.size());
  EXPECT_EQ(differences(sent.bytes, packet), (std::vector<size_t>{50}));
  EXPECT_EQ(sent.bytes[50], ~packet[50]);
  EXPECT_TRUE(rig.sent[0].parsed->ip_checksum_ok);
  EXPECT_FALSE(rig.sent[0].parsed->tcp_checksum_ok);
}

TEST(Corrupt, WhicheverByteItIsTheChecksumIsWrong) {
  for (const int version : {4, 6})
    for (const size_t payload : {7u, 8u})
      for (const char* part : {"header", "payload"})
        for (size_t offset = 0; offset < (*part == 'h' ? 20 : payload); ++offset) {
          PacketRig rig({{"{}", "corrupt", fmt::format(R"({{"{}": {}}})", part, offset)}}, version);
          const Bytes packet = make_packet({.version = version, .flags = ack, .payload = payload});
          ASSERT_EQ(rig.feed(packet), "change 0");
          ASSERT_EQ(rig.sent.size(), 1u);
          EXPECT_FALSE(transport_checksum_is_right(rig.sent[0].bytes)) << part << offset;
          EXPECT_TRUE(ip_checksum_is_right(rig.sent[0].bytes));
          const size_t at = packet.size() - payload - 20 + offset + (*part == 'h' ? 0 : 20);
          EXPECT_EQ(differences(rig.sent[0].bytes, packet), (std::vector<size_t>{at}));
        }
}

TEST(Corrupt, TheHeaderEndsWhereThePayloadBegins) {
  PacketRig rig({{R"({"flags": "SYN"})", "corrupt", R"({"header": 23})"},
                 {"{}", "corrupt", R"({"header": 20})"}});
  EXPECT_EQ(rig.feed(make_packet({.tcp_options = from_hex("020405b4")})), "change 0");
  EXPECT_EQ(rig.troubles(), "");
  EXPECT_EQ(rig.feed(make_packet({.flags = ack, .payload = 9})), "pass 1");
  EXPECT_EQ(rig.troubles(), "corrupt: the segment's header has 20 bytes, and none at offset 20\n");
}

TEST(Corrupt, WhatIsNotThereIsATrouble) {
  PacketRig rig({{"{}", "corrupt", R"({"payload": 5})"}});
  EXPECT_EQ(rig.feed(make_packet({.flags = ack, .payload = 5})), "pass 0");
  EXPECT_TRUE(rig.sent.empty());
  EXPECT_EQ(rig.troubles(), "corrupt: the segment's payload has 5 bytes, and none at offset 5\n");
  EXPECT_EQ(rig.feed(make_packet({.flags = ack, .payload = 6})), "change 0");
  EXPECT_EQ(rig.troubles(), "");
}

TEST(Corrupt, LeavesOutWhatFollowsThePacketInTheBuffer) {
  PacketRig rig({{"{}", "corrupt", R"({"payload": 0})"}});
  Bytes packet = make_packet({.flags = ack, .payload = 5});
  packet.push_back(std::byte{9});
  EXPECT_EQ(rig.feed(packet), "change 0");
  EXPECT_EQ(rig.sent[0].bytes.size(), packet.size() - 1);
}

TEST(Corrupt, RefusesWhatIsNoPlace) {
  const std::string one = ": write one of { payload = OFFSET } and { header = OFFSET }";
  EXPECT_EQ(refused("corrupt", "{}"), one);
  EXPECT_EQ(refused("corrupt", R"({"payload": 1, "header": 1})"), one);
  EXPECT_EQ(refused("corrupt", R"({"header": 60})"),
            "/header: 60 is out of range: it can be 0 to 59");
  EXPECT_EQ(refused("corrupt", R"({"payload": -1})"),
            "/payload: -1 is out of range: it can be 0 to 65534");
  EXPECT_EQ(refused("corrupt", R"({"payload": true})"),
            "/payload: expected an integer, got a boolean");
  EXPECT_EQ(refused("corrupt", "3"), ": expected a table, got an integer");
}

}  // namespace faultline::testing
