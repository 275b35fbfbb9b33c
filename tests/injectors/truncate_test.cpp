#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {

TEST(Truncate, ThePayloadEndsEarlierAndTheChecksumsAreRight) {
  for (const int version : {4, 6}) {
    PacketRig rig({{"{}", "truncate", R"({"payload": 3})"}}, version);
    const Bytes packet = make_packet({.version = version, .flags = ack, .payload = 100});
    EXPECT_EQ(rig.feed(packet), "change 0");
    EXPECT_EQ(rig.segment().payload_length, 3u);
    EXPECT_EQ(rig.sent[0].why, "truncated");
    EXPECT_EQ(rig.sent[0].bytes.size(), packet.size() - 97);
    EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
    EXPECT_TRUE(
        std::equal(rig.sent[0].bytes.end() - 3, rig.sent[0].bytes.end(), packet.end() - 100));
  }
}

TEST(Truncate, NothingMayBeLeftOfThePayload) {
  PacketRig rig({{"{}", "truncate", R"({"payload": 0})"}});
  EXPECT_EQ(rig.feed(make_packet({.flags = ack, .payload = 1})), "change 0");
  EXPECT_EQ(rig.segment().payload_length, 0u);
  EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
}

TEST(Truncate, TheHeaderEndsBeforeItsChecksum) {
  for (const int version : {4, 6})
    for (const size_t kept : {1u, 12u, 17u, 19u}) {
      PacketRig rig({{"{}", "truncate", fmt::format(R"({{"header": {}}})", kept)}}, version);
      EXPECT_EQ(rig.feed(make_packet({.version = version, .flags = ack, .payload = 9})),
                "change 0");
      ASSERT_EQ(rig.sent.size(), 1u);
      EXPECT_EQ(rig.sent[0].bytes.size(), (version == 4 ? 20 : 40) + kept);
      EXPECT_EQ(parse_segment(rig.sent[0].bytes).error(), NotSegment::short_tcp_header);
      EXPECT_TRUE(ip_checksum_is_right(rig.sent[0].bytes));
    }
}

TEST(Truncate, TheHeaderEndsWithinItsOptions) {
  PacketRig rig({{"{}", "truncate", R"({"header": 20})"}});
  EXPECT_EQ(rig.feed(make_packet({.tcp_options = from_hex("020405b4")})), "change 0");
  EXPECT_EQ(rig.sent[0].bytes.size(), 40u);
  EXPECT_EQ(parse_segment(rig.sent[0].bytes).error(), NotSegment::data_offset);
  EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
}

TEST(Truncate, TheChecksumCanStayWhatItWas) {
  PacketRig rig({{"{}", "truncate", R"({"payload": 3, "checksums": "keep"})"}});
  EXPECT_EQ(rig.feed(make_packet({.flags = ack, .payload = 100})), "change 0");
  EXPECT_TRUE(ip_checksum_is_right(rig.sent[0].bytes)) << "or it would not even be routed";
  EXPECT_FALSE(transport_checksum_is_right(rig.sent[0].bytes));
}

TEST(Truncate, WhatIsShortAlreadyIsATrouble) {
  PacketRig rig({{R"({"payload": true})", "truncate", R"({"payload": 5})"},
                 {"{}", "truncate", R"({"header": 20})"}});
  EXPECT_EQ(rig.feed(make_packet({.flags = ack, .payload = 5})), "pass 0");
  EXPECT_EQ(rig.troubles(), "truncate: the segment's payload has no more than 5 bytes\n");
  EXPECT_EQ(rig.feed(make_packet({.flags = ack})), "pass 1");
  EXPECT_EQ(rig.troubles(), "truncate: the segment's header has no more than 20 bytes\n");
  EXPECT_TRUE(rig.sent.empty());
}

TEST(Truncate, RefusesWhatIsNoLength) {
  const std::string one = ": write one of { payload = BYTES } and { header = BYTES }";
  EXPECT_EQ(refused("truncate", "{}"), one);
  EXPECT_EQ(refused("truncate", R"({"payload": 1, "header": 1})"), one);
  EXPECT_EQ(refused("truncate", R"({"header": 0})"),
            "/header: 0 is out of range: it can be 1 to 59");
  EXPECT_TRUE(
      refused("truncate", R"({"header": 1, "checksums": "kept"})").starts_with("/checksums: "));
}

}  // namespace faultline::testing
