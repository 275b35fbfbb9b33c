#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {

// An open connection; the client has sent bytes 1 to 100, the server has acknowledged 60 of them.
class ForgeTest : public ::testing::Test {
 protected:
  const Segment& forged(const std::string& value, int version = 4) {
    rig_.emplace(std::vector<RuleSpec>{}, version);
    talk(*rig_);
    rig_->demand("forge", value);
    EXPECT_EQ(rig_->troubles(), "");
    const Segment& segment = rig_->segment();
    EXPECT_EQ(rig_->sent[0].why, "forged");
    EXPECT_EQ(rig_->sent[0].of, 0u) << "no segment brought it about";
    EXPECT_FALSE(rig_->sent[0].is_copy);
    EXPECT_TRUE(checksums_are_right(rig_->sent[0].bytes)) << value;
    return segment;
  }
  static void talk(PacketRig& rig) {
    rig.handshake();
    rig.feed(End::client, {.seq = 1001,
                           .ack = 5001,
                           .flags = ack,
                           .tcp_options = from_hex("0101 080a 00000070 000000c8"),
                           .payload = 100,
                           .window = 500});
    rig.feed(End::server, {.seq = 5001,
                           .ack = 1061,
                           .flags = ack,
                           .tcp_options = from_hex("0101 080a 000000d2 00000070"),
                           .window = 300});
  }

  std::optional<PacketRig> rig_;
};

TEST_F(ForgeTest, ANewSegmentFromOneEndsAddressToTheOthers) {
  const Segment& segment = forged(R"({"from": "client"})");
  EXPECT_EQ(rig_->sent[0].toward, End::server);
  EXPECT_EQ(to_string(segment.source), "192.0.2.1:40000");
  EXPECT_EQ(to_string(segment.destination), "192.0.2.2:80");
  EXPECT_EQ(segment.flags, Flags{ack});
  EXPECT_EQ(segment.seq, Seq(1101));
  EXPECT_EQ(segment.ack, Seq(5001));
  EXPECT_EQ(segment.window, 500) << "as it offered last";
  EXPECT_EQ(segment.payload_length, 0u);
  EXPECT_EQ(segment.ttl, 64);
  EXPECT_EQ(segment.timestamps->value, 0x70u);
  EXPECT_EQ(segment.timestamps->echo, 0xd2u);
}

TEST_F(ForgeTest, TheOtherWayAndInIpv6) {
  const Segment& segment = forged(R"({"from": "server", "flags": "FIN ACK", "payload": 3})", 6);
  EXPECT_EQ(rig_->sent[0].toward, End::client);
  EXPECT_EQ(to_string(segment.source), "[2001:db8::2]:80");
  EXPECT_EQ(segment.flags, (Flags{Flags::fin | Flags::ack}));
  EXPECT_EQ(segment.seq, Seq(5001));
  EXPECT_EQ(segment.ack, Seq(1101)) << "all that the client has sent";
  EXPECT_EQ(segment.payload_length, 3u);
}

TEST_F(ForgeTest, NumbersAreRelativeToWhatWasSeen) {
  EXPECT_EQ(forged(R"({"from": "client", "flags": "RST", "seq": "expected"})").seq, Seq(1061));
  EXPECT_EQ(forged(R"({"from": "client", "seq": "edge"})").seq, Seq(1061 + (300 << 2)));
  EXPECT_EQ(forged(R"({"from": "client", "seq": 1})").seq, Seq(1001));
  EXPECT_EQ(forged(R"({"from": "client", "seq": "isn-2000"})").seq, Seq(1000u - 2000u));
  EXPECT_EQ(forged(R"({"from": "server", "ack": "expected"})").ack, Seq(1061));
  EXPECT_EQ(forged(R"({"from": "server", "ack": "next+1"})").ack, Seq(1102));
}

TEST_F(ForgeTest, FieldsAsGiven) {
  const Segment& segment = forged(
      R"({"from": "client", "flags": "SYN URG ACK", "window": 0, "urgent": 7, "ttl": 3, "mss": 536,
          "timestamps": false, "payload": 1400})");
  EXPECT_EQ(segment.flags, (Flags{Flags::syn | Flags::urg | Flags::ack}));
  EXPECT_EQ(segment.window, 0);
  EXPECT_EQ(segment.urgent, 7);
  EXPECT_EQ(segment.ttl, 3);
  EXPECT_EQ(segment.mss, 536);
  EXPECT_FALSE(segment.timestamps);
  EXPECT_EQ(segment.payload_length, 1400u);
}

TEST_F(ForgeTest, TimestampsCanBeOff) {
  EXPECT_EQ(forged(R"({"from": "client", "timestamps": -1})").timestamps->value, 0x6fu);
  EXPECT_EQ(forged(R"({"from": "client", "timestamps": 5})").timestamps->value, 0x75u);
  EXPECT_EQ(forged(R"({"from": "client", "flags": "RST"})").timestamps->echo, 0u)
      << "without ACK nothing is echoed (RFC 7323 3.2)";
}

TEST_F(ForgeTest, WhereAnEndUsesNoTimestampsThereAreNone) {
  PacketRig rig({});
  rig.feed(End::client, {.seq = 1000});
  rig.demand("forge", R"({"from": "client", "flags": "SYN", "mss": 1460})");
  EXPECT_FALSE(rig.segment().timestamps);
  EXPECT_EQ(rig.segment().mss, 1460);
  EXPECT_EQ(rig.segment().ack, Seq(0));
}

TEST_F(ForgeTest, InARuleItFollowsTheSegmentThatBroughtItAbout) {
  PacketRig rig({{client_data, "forge", R"({"from": "server", "flags": "RST"})"}});
  rig.handshake();
  EXPECT_EQ(rig.feed(End::client, {.seq = 1001, .ack = 5001, .flags = ack, .payload = 5}),
            "pass 0");
  EXPECT_EQ(rig.sent.at(0).of, 4u);
  EXPECT_EQ(rig.sent[0].toward, End::client);
  EXPECT_EQ(rig.segment().seq, Seq(5001));
  EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
}

TEST_F(ForgeTest, WhatCannotBeForgedIsATrouble) {
  PacketRig rig({{"{}", "forge", R"({"from": "server"})"}});
  EXPECT_EQ(rig.feed(End::client, {.seq = 1000, .flags = ack}), "pass 0");
  EXPECT_EQ(rig.troubles(),
            "forge: the segment that it follows belongs to no connection of the case\n");
  EXPECT_EQ(rig.feed(End::client, {.seq = 1000}), "pass 0");
  EXPECT_EQ(rig.troubles(), "forge: the server has not sent a SYN yet\n");
  rig.demand("forge", R"({"from": "client", "flags": "RST", "seq": "expected"})");
  EXPECT_EQ(rig.troubles(), "forge: the server has not sent an ACK yet\n");
  rig.demand("forge", R"({"from": "client"})");
  EXPECT_EQ(rig.troubles(), "forge: the server has not sent a SYN yet\n")
      << "nothing to acknowledge";
  EXPECT_TRUE(rig.sent.empty());
}

TEST_F(ForgeTest, RefusesWhatIsNoSegment) {
  EXPECT_EQ(refused("forge", "{}"), ": forge needs 'from': whose address it bears");
  EXPECT_EQ(refused("forge", R"({"from": "client", "flags": "RST", "ack": 1})"),
            "/ack: these flags have no ACK, and so no ack number");
  EXPECT_EQ(refused("forge", R"({"from": "client", "payload": 1401})"),
            "/payload: 1401 is out of range: it can be 0 to 1400");
  EXPECT_TRUE(refused("forge", R"({"from": "client", "seq": "+5"})").starts_with("/seq: "))
      << "there is no segment that says anything already";
  EXPECT_TRUE(refused("forge", R"({"from": "sever"})").starts_with("/from: "));
  EXPECT_TRUE(
      refused("forge", R"({"from": "client", "timestamps": "x"})").starts_with("/timestamps: "));
  EXPECT_TRUE(find_injector("forge")->on_demand);
}

}  // namespace faultline::testing
