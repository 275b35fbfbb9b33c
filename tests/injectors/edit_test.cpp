#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {

// What becomes of a data segment of the client, bytes 1 to 100, once the connection is open.
class EditTest : public ::testing::Test {
 protected:
  const Segment& edited(const std::string& value, int version = 4) {
    rig_.emplace(std::vector<RuleSpec>{{client_data, "edit", value}}, version);
    rig_->handshake();
    EXPECT_EQ(rig_->feed(End::client, data), "change 0");
    EXPECT_EQ(rig_->troubles(), "");
    const Segment& segment = rig_->segment();
    EXPECT_EQ(rig_->sent[0].toward, End::server);
    EXPECT_EQ(rig_->sent[0].why, "edited");
    EXPECT_TRUE(checksums_are_right(rig_->sent[0].bytes)) << value;
    return segment;
  }
  std::string trouble(const std::string& value, const PacketSpec& spec) {
    rig_.emplace(std::vector<RuleSpec>{{R"({"payload": true})", "edit", value}});
    rig_->handshake();
    EXPECT_EQ(rig_->feed(End::client, spec), "pass 0");
    EXPECT_TRUE(rig_->sent.empty());
    return rig_->troubles();
  }

  const PacketSpec data{.seq = 1001,
                        .ack = 5001,
                        .flags = Flags::ack | Flags::psh | Flags::ae,
                        .tcp_options = from_hex("0101 080a 00000066 000000c8"),
                        .payload = 100};
  std::optional<PacketRig> rig_;
};

TEST_F(EditTest, Numbers) {
  EXPECT_EQ(edited(R"({"seq": "+5"})").seq, Seq(1006));
  EXPECT_EQ(edited(R"({"seq": "-1001"})").seq, Seq(0));
  EXPECT_EQ(edited(R"({"seq": 1})").seq, Seq(1001));
  EXPECT_EQ(edited(R"({"seq": "expected+100000"})").seq, Seq(101'001));
  EXPECT_EQ(edited(R"({"ack": "next+1"})").ack, Seq(5002));
  EXPECT_EQ(edited(R"({"ack": "-5002"})").ack, Seq(0xffffffff));
}

TEST_F(EditTest, FlagsAndTheRestOfTheHeader) {
  const Segment& segment = edited(R"({"flags": "FIN ACK URG", "window": 7, "urgent": 9})");
  EXPECT_EQ(segment.flags, (Flags{Flags::fin | Flags::ack | Flags::urg}));
  EXPECT_EQ(segment.window, 7);
  EXPECT_EQ(segment.urgent, 9);
  EXPECT_EQ(segment.payload_length, 100u);
  EXPECT_EQ(edited(R"({"flags": "none"})").flags, Flags{});
  EXPECT_EQ(edited(R"({"flags": "AE CWR ECE"})").flags,
            (Flags{Flags::ae | Flags::cwr | Flags::ece}));
  EXPECT_EQ(edited(R"({"window": 0})").window, 0);
}

TEST_F(EditTest, WhatIsNotNamedStays) {
  const Segment& segment = edited(R"({"window": 1})");
  EXPECT_EQ(segment.flags.bits, data.flags);
  EXPECT_EQ(segment.seq, Seq(1001));
  EXPECT_EQ(segment.ack, Seq(5001));
  EXPECT_EQ(segment.timestamps->value, 0x66u);
  const Bytes& bytes = rig_->sent[0].bytes;
  EXPECT_EQ(bytes.back(), std::byte{99 * 7 & 0xff});
}

TEST_F(EditTest, TheIpHeader) {
  for (const int version : {4, 6}) {
    EXPECT_EQ(edited(R"({"ttl": 1})", version).ttl, 1);
    uint8_t codepoint = 0;
    for (const char* ecn : {"not-ect", "ect1", "ect0", "ce"}) {
      (void)edited(fmt::format(R"({{"ecn": "{}"}})", ecn), version);
      const Bytes& bytes = rig_->sent[0].bytes;
      const auto traffic_class =
          version == 4
              ? std::to_integer<int>(bytes[1])
              : (std::to_integer<int>(bytes[0]) << 4 | std::to_integer<int>(bytes[1]) >> 4);
      EXPECT_EQ(traffic_class & 0xff, codepoint++) << ecn;  // RFC 3168 5
      EXPECT_EQ(bytes[0] >> 4, std::byte(version));
    }
  }
}

TEST_F(EditTest, TimestampsGetOtherValuesOrGo) {
  const auto& stamps = edited(R"({"timestamps": {"value": 1, "echo": 4294967295}})").timestamps;
  EXPECT_EQ(stamps->value, 1u);
  EXPECT_EQ(stamps->echo, 0xffffffffu);
  const Segment& segment = edited(R"({"timestamps": false})");
  EXPECT_FALSE(segment.timestamps);
  EXPECT_EQ(rig_->sent[0].parsed->payload_offset, 52u) << "no-operations stand in its place";
}

TEST_F(EditTest, TheOptionsOfASyn) {
  PacketRig rig({{R"({"flags": "SYN"})", "edit",
                  R"({"mss": 100, "window_scale": 14, "sack_permitted": false})"}});
  rig.tracker.expect_connect(End::client, "main");
  EXPECT_EQ(rig.feed(End::client, {.seq = 1000,
                                   .tcp_options = from_hex("020405b4 0402 080a 0000006400000000 01"
                                                           "0303 07")}),
            "change 0");
  EXPECT_EQ(rig.segment().mss, 100);
  EXPECT_EQ(rig.segment().window_scale, 14);
  EXPECT_FALSE(rig.segment().sack_permitted);
  EXPECT_EQ(rig.segment().timestamps->value, 100u);
  EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
}

TEST_F(EditTest, SackBlocksCanBeTakenOut) {
  PacketSpec spec = data;
  spec.tcp_options = from_hex("0101 050a 0000000100000002");
  PacketRig rig({{client_data, "edit", R"({"sack": false})"}});
  rig.handshake();
  EXPECT_EQ(rig.feed(End::client, spec), "change 0");
  EXPECT_TRUE(rig.segment().sack.empty());
  EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
}

TEST_F(EditTest, TheChecksumsCanStayWhatTheyWere) {
  PacketRig rig({{client_data, "edit", R"({"window": 1, "ttl": 9, "checksums": "keep"})"}});
  rig.handshake();
  EXPECT_EQ(rig.feed(End::client, data), "change 0");
  EXPECT_FALSE(ip_checksum_is_right(rig.sent[0].bytes));
  EXPECT_FALSE(transport_checksum_is_right(rig.sent[0].bytes));
}

TEST_F(EditTest, WhatIsNotThereIsATrouble) {
  PacketSpec bare = data;
  bare.tcp_options.clear();
  EXPECT_EQ(trouble(R"({"mss": 5})", data), "edit: the segment has no option mss\n");
  EXPECT_EQ(trouble(R"({"timestamps": false})", bare),
            "edit: the segment has no option timestamps\n");
  PacketSpec no_ack = data;
  no_ack.flags = Flags::psh;
  EXPECT_EQ(trouble(R"({"ack": 1})", no_ack), "edit: a segment without ACK has no ack number\n");
}

TEST_F(EditTest, AnOptionOfAnotherLengthIsATrouble) {
  PacketSpec odd = data;
  odd.tcp_options = from_hex("0205 05b4 00 01 01 01");
  EXPECT_EQ(trouble(R"({"mss": 5})", odd), "edit: the segment's option mss has 5 bytes, not 4\n");
}

// Lengths that lead nowhere: nothing behind them is an option, and no byte is touched.
TEST_F(EditTest, OptionsThatRunPastTheHeaderAreNone) {
  for (const char* options : {"02ff 05b4", "0200 05b4", "0201 05b4", "010101 02", "080a 0000"}) {
    PacketSpec hostile = data;
    hostile.tcp_options = from_hex(options);
    EXPECT_EQ(trouble(R"({"mss": 5})", hostile), "edit: the segment has no option mss\n")
        << options;
    EXPECT_EQ(trouble(R"({"timestamps": false})", hostile),
              "edit: the segment has no option timestamps\n")
        << options;
  }
}

TEST_F(EditTest, NumbersNeedTheirConnection) {
  PacketRig rig({{"{}", "edit", R"({"seq": "next"})"}});
  EXPECT_EQ(rig.feed(End::client, {.seq = 77, .flags = ack}), "pass 0");
  EXPECT_EQ(rig.troubles(), "edit: the client has not sent a SYN yet\n");
  PacketRig own({{"{}", "edit", R"({"seq": "+1"})"}});
  EXPECT_EQ(own.feed(End::client, {.seq = 77, .flags = ack}), "change 0");
  EXPECT_EQ(own.segment().seq, Seq(78)) << "what it says itself is known";
}

TEST_F(EditTest, RefusesWhatIsNoEdit) {
  EXPECT_EQ(refused("edit", "{}"), ": nothing is edited: name at least one field");
  EXPECT_EQ(refused("edit", R"({"checksums": "keep"})"),
            ": nothing is edited: name at least one field");
  EXPECT_EQ(refused("edit", R"({"window": 65536})"),
            "/window: 65536 is out of range: it can be 0 to 65535");
  EXPECT_EQ(refused("edit", R"({"window_scale": 256})"),
            "/window_scale: 256 is out of range: it can be 0 to 255");
  EXPECT_EQ(refused("edit", R"({"sack": 1})"), "/sack: it can only be taken out: write false");
  EXPECT_EQ(refused("edit", R"({"sack_permitted": true})"),
            "/sack_permitted: it can only be taken out: write false");
  EXPECT_EQ(refused("edit", R"({"timestamps": {"value": 1}})"),
            "/timestamps: write { value = NUMBER, echo = NUMBER }, or false");
  EXPECT_EQ(refused("edit", R"({"timestamps": true})"),
            "/timestamps: expected a table, got a boolean");
  EXPECT_TRUE(refused("edit", R"({"ecn": "ecto"})").starts_with("/ecn: "));
  EXPECT_TRUE(refused("edit", R"({"seq": "later"})").starts_with("/seq: "));
  EXPECT_TRUE(refused("edit", R"({"flags": "SYNACK"})").starts_with("/flags: "));
}

}  // namespace faultline::testing
