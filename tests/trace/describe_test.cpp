#include "harness/trace/describe.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

const EventNames names{.rules = {"lose-fins"}, .steps = {"client: connect"}};

SegmentEvent fin() {
  SegmentEvent e{.time = 204ms, .id = 7, .fate = "drop", .rule = 0};
  e.segment.flags.bits = Flags::fin | Flags::ack;
  e.segment.window = 502;
  e.facts = {.connection = "main", .seq = 1, .ack = 1, .retransmission = true};
  return e;
}

TEST(Describe, ASegmentWithItsFate) {
  EXPECT_EQ(describe(fin(), names),
            "0.204s client > FIN ACK seq 1 ack 1 win 502 len 0 (retransmission): "
            "dropped by rule 'lose-fins'");
}

TEST(Describe, ASegmentThatNoRuleTouchedHasNoFate) {
  SegmentEvent e = fin();
  e.fate = "pass";
  e.rule = -1;
  e.facts.retransmission = false;
  e.facts.connection = "two";
  e.segment.checksum_ok = false;
  EXPECT_EQ(describe(e), "0.204s client:two > FIN ACK seq 1 ack 1 win 502 len 0 (bad checksum)");
}

TEST(Describe, RulesWithoutANameAreNumbered) {
  SegmentEvent e = fin();
  e.fate = "hold";
  e.rule = 3;
  EXPECT_TRUE(describe(e, names).ends_with(": held by rule 4"));
  e.rule = std::numeric_limits<int>::max();
  EXPECT_TRUE(describe(e, names).ends_with(": held by rule 2147483648"));
}

TEST(Describe, AnUnpluggedLinkIsNoRule) {
  SegmentEvent e = fin();
  e.rule = -2;
  EXPECT_TRUE(describe(e, names).ends_with("(retransmission): lost, the link was unplugged"));
}

TEST(Describe, CallsAndTheirResults) {
  EXPECT_EQ(describe(CallEvent{0ms, 0, End::client, "connect", "main"}), "0.000s client: connect");
  EXPECT_EQ(describe(CallEvent{0ms, 0, End::server, "accept", "two"}),
            "0.000s server: accept on 'two'");
  EXPECT_EQ(
      describe(ResultEvent{.time = 63s, .step = 0, .ended = 63s, .error = "ETIMEDOUT"}, names),
      "63.000s client: connect failed with ETIMEDOUT after 63s");
  EXPECT_EQ(
      describe(ResultEvent{.time = 1s, .step = 4, .value = 10, .eof = true, .mismatch = 3}),
      "1.000s step 5 succeeded, end of the stream, value 10, wrong byte at offset 3 after 0s");
  EXPECT_EQ(describe(ResultEvent{.time = 1s, .step = -1}), "1.000s set-up succeeded after 0s");
}

TEST(Describe, WhatTheWireMadeItself) {
  EmissionEvent e{.time = 1ms, .of = 3, .toward = End::client, .why = "forged"};
  e.head = {std::byte{0x45}};
  EXPECT_EQ(describe(e), "0.001s wire > client: forged") << "it is no segment of TCP";
  e.segment = Segment{.flags = {Flags::rst}};
  e.facts = {.from = End::server, .seq = 5};
  EXPECT_EQ(describe(e), "0.001s wire > client: RST seq 5 win 0 len 0 ttl 0 (forged)");
  SegmentEvent changed = fin();
  changed.fate = "change";
  EXPECT_NE(describe(changed, names).find(": changed"), std::string::npos);
}

TEST(Describe, EverythingElse) {
  EXPECT_EQ(describe(EmissionEvent{1ms, 3, End::server, "released"}),
            "0.001s wire > server: a copy of segment 3 (released)");
  EXPECT_EQ(describe(OddPacketEvent{1ms, End::server, "a fragment", {}}),
            "0.001s server > a fragment: passed");
  EXPECT_EQ(describe(StateEvent{2ms, 1ms, End::server, "main", TcpState::SYN_RECV}),
            "0.002s server is SYN_RECV");
  EXPECT_EQ(describe(WaitEvent{5s, 1, false}), "5.000s step 2: given up");
  EXPECT_EQ(describe(WaitEvent{5s, 0, true}, names), "5.000s client: connect: it came");
  EXPECT_EQ(describe(LinkEvent{5s, false}), "5.000s the link is unplugged");
  EXPECT_EQ(describe(StallEvent{5s, 12ms}), "5.000s the harness was 12ms late");
  EXPECT_EQ(describe(TroubleEvent{5s, TroubleEvent::Kind::unsupported, "no TCP_CORK"}),
            "5.000s unsupported: no TCP_CORK");
}

TEST(TimeOf, EveryEvent) {
  EXPECT_EQ(time_of(Event(StallEvent{5s, 12ms})), 5s);
}

}  // namespace
}  // namespace faultline
