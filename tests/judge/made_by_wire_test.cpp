// Ends are judged by what they send, and by what reached them as the wire changed or forged it.
#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

constexpr End client = End::client, server = End::server;
const std::string body = connect_step + "[expect]\nnever = [{ flags = \"URG\" }]\n";

// Windows of 1000 bytes; segments 1 to 3.
Scene open_connection() {
  Scene scene(body);
  scene.call("dial", 0s, 1ms)
      .segment({.at = 1ms, .flags = "SYN"})
      .segment({.at = 2ms, .from = server, .flags = "SYN ACK", .ack = 1})
      .segment({.at = 3ms, .seq = 1, .ack = 1});
  return scene;
}

// "" where all is well, else what the first broken invariant says.
std::string broken(Scene scene) {
  for (const Finding& finding : scene.judged().findings)
    if (finding.status == Status::broken) return finding.got;
  return "";
}

TEST(MadeByWire, AWindowIsWhatReachedTheSender) {
  const auto offered = [](uint16_t written, uint16_t read) {
    Scene scene = open_connection();
    scene
        .segment(
            {.at = 4ms, .from = server, .seq = 1, .ack = 1, .fate = "change", .window = written})
        .made_by_wire({.at = 4ms, .from = server, .seq = 1, .ack = 1, .window = read}, 4)
        .segment({.at = 5ms, .seq = 1, .ack = 1, .payload = 3000});
    return broken(scene);
  };
  EXPECT_EQ(offered(1000, 3000), "");
  EXPECT_EQ(offered(3000, 1000), "2000 bytes beyond it");
}

TEST(MadeByWire, ForgedDataMayBeAcknowledged) {
  const auto acknowledges = [](bool forged, uint32_t ack) {
    Scene scene = open_connection();
    if (forged) scene.made_by_wire({.at = 4ms, .seq = 1, .ack = 1, .payload = 100});
    scene.segment({.at = 5ms, .from = server, .seq = 1, .ack = ack});
    return broken(scene);
  };
  EXPECT_EQ(acknowledges(true, 101), "");
  EXPECT_EQ(acknowledges(true, 102), "1 bytes beyond");
  EXPECT_EQ(acknowledges(false, 101), "100 bytes beyond");
}

TEST(MadeByWire, WhatWasCutOffMayNotBeAcknowledged) {
  const auto acknowledges = [](uint32_t ack) {
    Scene scene = open_connection();
    scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 100, .fate = "change"})
        .made_by_wire({.at = 4ms, .seq = 1, .ack = 1, .payload = 10}, 4)
        .segment({.at = 5ms, .from = server, .seq = 1, .ack = ack});
    return broken(scene);
  };
  EXPECT_EQ(acknowledges(11), "");
  EXPECT_EQ(acknowledges(101), "90 bytes beyond");
}

// A wrong checksum that the wire made is not its sender's.
TEST(MadeByWire, ACorruptedSegmentIsNobodysFault) {
  Scene scene = open_connection();
  scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 10, .fate = "change"})
      .made_by_wire({.at = 4ms, .seq = 1, .ack = 1, .payload = 10, .checksum_ok = false}, 4);
  EXPECT_EQ(broken(scene), "");
}

// The server reads 7000 more than the client writes.
Scene shifted(uint32_t acknowledged) {
  constexpr uint32_t by = 7000;
  Scene scene(body);
  scene.call("dial", 0s, 1ms)
      .segment({.at = 1ms, .flags = "SYN", .fate = "change"})
      .made_by_wire({.at = 1ms, .flags = "SYN", .seq = by}, 1)
      .segment({.at = 2ms, .from = server, .flags = "SYN ACK", .ack = by + 1, .fate = "change"})
      .made_by_wire({.at = 2ms, .from = server, .flags = "SYN ACK", .ack = 1}, 2)
      .segment({.at = 3ms, .seq = 1, .ack = 1, .payload = 1000, .fate = "change"})
      .made_by_wire({.at = 3ms, .seq = by + 1, .ack = 1, .payload = 1000}, 3)
      .segment({.at = 4ms, .from = server, .seq = 1, .ack = by + acknowledged, .fate = "change"})
      .made_by_wire({.at = 4ms, .from = server, .seq = 1, .ack = acknowledged}, 4);
  return scene;
}

TEST(MadeByWire, ShiftedNumbersBreakNothing) {
  EXPECT_EQ(shifted(1001).judged().outcome, Outcome::PASS);
  EXPECT_EQ(broken(shifted(1002)), "1 bytes beyond");
}

TEST(MadeByWire, ShiftedNumbersHideNothing) {
  Scene scene = shifted(1001);
  scene.segment({.at = 5ms, .seq = 1001, .ack = 1, .payload = 1001, .fate = "change"})
      .made_by_wire({.at = 5ms, .seq = 8001, .ack = 1, .payload = 1001}, 5);
  EXPECT_EQ(broken(scene), "1 bytes beyond it");
}

}  // namespace
}  // namespace faultline::test
