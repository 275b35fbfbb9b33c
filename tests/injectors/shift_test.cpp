#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {

TEST(Shift, TheInitialNumberBecomesTheOneThatIsWanted) {
  for (const int version : {4, 6}) {
    PacketRig rig({{"{}", "shift", R"({"from": "client", "isn": 4294967290})"}}, version);
    EXPECT_EQ(rig.feed(End::client, {.seq = 1000}), "change 0");
    EXPECT_EQ(rig.segment().seq, Seq(4294967290));
    EXPECT_EQ(rig.sent[0].why, "shifted");
    EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
    EXPECT_EQ(rig.feed(End::server, {.seq = 5000, .ack = 4294967291, .flags = syn | ack}),
              "change 0");
    EXPECT_EQ(rig.segment().seq, Seq(5000)) << "the other direction's own numbers stay";
    EXPECT_EQ(rig.segment().ack, Seq(1001)) << "taken back";
    EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
    rig.feed(End::client, {.seq = 1001, .ack = 5001, .flags = ack, .payload = 10});
    EXPECT_EQ(rig.segment().seq, Seq(4294967291));
    EXPECT_EQ(rig.segment().ack, Seq(5001));
    rig.feed(End::client, {.seq = 1011, .ack = 5001, .flags = ack, .payload = 10});
    EXPECT_EQ(rig.segment().seq, Seq(5)) << "across 2^32";
    EXPECT_EQ(rig.troubles(), "");
  }
}

TEST(Shift, ByAConstant) {
  PacketRig rig({{"{}", "shift", R"({"from": "server", "by": 100})"}});
  rig.feed(End::client, {.seq = 1000});
  EXPECT_EQ(rig.segment().seq, Seq(1000));
  rig.feed(End::server, {.seq = 5000, .ack = 1001, .flags = syn | ack});
  EXPECT_EQ(rig.segment().seq, Seq(5100));
  EXPECT_EQ(rig.segment().ack, Seq(1001));
  rig.feed(End::client, {.seq = 1001, .ack = 5101, .flags = ack});
  EXPECT_EQ(rig.segment().ack, Seq(5001));
}

TEST(Shift, SackBlocksAreTakenBackToo) {
  PacketRig rig({{"{}", "shift", R"({"from": "client", "by": 100})"}});
  rig.feed(End::client, {.seq = 1000});
  rig.feed(End::server, {.seq = 5000, .ack = 1101, .flags = syn | ack});
  rig.feed(End::server, {.seq = 5001,
                         .ack = 1101,
                         .flags = ack,
                         .tcp_options = from_hex("0101 0512 00000500 00000600 00000010 00000020")});
  const SackBlocks& sack = rig.segment().sack;
  ASSERT_EQ(sack.size(), 2u);
  EXPECT_EQ(sack[0].left, Seq(0x500 - 100));
  EXPECT_EQ(sack[0].right, Seq(0x600 - 100));
  EXPECT_EQ(sack[1].left, Seq(0x10u - 100u));
  EXPECT_TRUE(checksums_are_right(rig.sent[0].bytes));
}

// Nothing beyond the option's own bytes may change, whatever its length says.
TEST(Shift, ASackOptionOfOddLengthIsTakenBackAsFarAsItGoes) {
  PacketRig rig({{"{}", "shift", R"({"from": "client", "by": 1})"}});
  rig.feed(End::client, {.seq = 1000});
  for (const char* options : {"0502 0101", "0503 0701", "05ff 0000", "0500 0000", "01010105"}) {
    const Bytes given = from_hex(options);
    rig.feed(End::server,
             {.seq = 5000, .ack = 1002, .flags = syn | ack, .tcp_options = given, .payload = 4});
    const Bytes& bytes = rig.sent.at(0).bytes;
    EXPECT_TRUE(std::equal(given.begin(), given.end(), bytes.begin() + 40)) << options;
  }
  rig.feed(End::server, {.seq = 5000,
                         .ack = 1002,
                         .flags = syn | ack,
                         .tcp_options = from_hex("0507 00000009 05 00"),
                         .payload = 4});
  const Bytes wanted = from_hex("0507 00000008 05 00");
  EXPECT_TRUE(std::equal(wanted.begin(), wanted.end(), rig.sent.at(0).bytes.begin() + 40));
}

TEST(Shift, WithoutAckThereIsNoNumberToTakeBack) {
  PacketRig rig({{"{}", "shift", R"({"from": "client", "by": 100})"}});
  rig.feed(End::server, {.seq = 5000, .ack = 50, .flags = Flags::rst});
  EXPECT_EQ(rig.segment().ack, Seq(50));
}

TEST(Shift, ItsSynMustHaveBeenSeen) {
  PacketRig rig({{"{}", "shift", R"({"from": "client", "isn": 1})"}});
  EXPECT_EQ(rig.feed(End::client, {.seq = 1001, .flags = ack}), "pass 0");
  EXPECT_EQ(rig.troubles(), "shift: the client's SYN was not seen, so its numbers are not known\n");
  EXPECT_TRUE(rig.sent.empty());
}

TEST(Shift, ACrossedSynNeedsNoNumberOfTheOtherEnd) {
  PacketRig rig({{"{}", "shift", R"({"from": "client", "isn": 1})"}});
  EXPECT_EQ(rig.feed(End::server, {.seq = 5000}), "pass 0");
  EXPECT_EQ(rig.troubles(), "");
}

TEST(Shift, RefusesWhatIsNoShift) {
  const std::string one = ": write one of isn = NUMBER and by = NUMBER";
  EXPECT_EQ(refused("shift", R"({"from": "client"})"), one);
  EXPECT_EQ(refused("shift", R"({"from": "client", "isn": 1, "by": 1})"), one);
  EXPECT_EQ(refused("shift", R"({"isn": 1})"), ": shift needs 'from'");
  EXPECT_EQ(refused("shift", R"({"from": "client", "by": 0})"),
            "/by: 0 is out of range: it can be 1 to 4294967295");
}

}  // namespace faultline::testing
