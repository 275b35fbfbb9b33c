#include "tests/injectors/packet_rig.hpp"

namespace faultline::testing {

// Segments of the rig have 40 bytes: 40 ms each.
const std::vector<RuleSpec> slow{{"{}", "limit", R"({"rate": 1000, "queue": 2})"}};

TEST(Limit, OneAfterTheOtherAtTheRate) {
  Rig rig(slow);
  EXPECT_EQ(rig.feed(End::client, ack, 1s), "hold 0");
  EXPECT_EQ(rig.feed(End::client, ack, 1s), "hold 0");
  EXPECT_EQ(rig.engine.wake(), 1040ms);
  EXPECT_EQ(rig.sent_at(1040ms - 1ns), "");
  EXPECT_EQ(rig.sent_at(1040ms), "1 server limited");
  EXPECT_EQ(rig.engine.held(0), 1u);
  EXPECT_EQ(rig.sent_at(1080ms - 1ns), "");
  EXPECT_EQ(rig.sent_at(1080ms), "2 server limited");
  EXPECT_FALSE(rig.engine.wake());
}

TEST(Limit, WhatFindsTheQueueFullIsLost) {
  Rig rig(slow);
  rig.feed(End::client, ack, 0s);
  rig.feed(End::client, ack, 0s);
  EXPECT_EQ(rig.feed(End::client, ack, 39ms), "drop 0");
  EXPECT_EQ(rig.sent_at(40ms), "1 server limited");
  EXPECT_EQ(rig.feed(End::client, ack, 40ms), "hold 0") << "there is room again";
  EXPECT_EQ(rig.sent_at(120ms - 1ns), "2 server limited");
  EXPECT_EQ(rig.sent_at(120ms), "4 server limited");
}

TEST(Limit, EachDirectionHasALineOfItsOwn) {
  Rig rig(slow);
  rig.feed(End::client, ack, 0s);
  rig.feed(End::client, ack, 0s);
  EXPECT_EQ(rig.feed(End::server, ack, 0s), "hold 0");
  EXPECT_EQ(rig.sent_at(40ms), "1 server limited, 3 client limited");
}

TEST(Limit, AnIdleLineIsReadyAtOnce) {
  Rig rig(slow);
  rig.feed(End::client, ack, 0s);
  EXPECT_EQ(rig.sent_at(5s), "1 server limited");
  rig.feed(End::client, ack, 10s);
  EXPECT_EQ(rig.engine.wake(), 10'040ms);
}

TEST(Limit, LongerSegmentsTakeLonger) {
  Rig rig(slow);
  rig.bytes.resize(1000);
  rig.feed(End::client, ack, 0s);
  EXPECT_EQ(rig.engine.wake(), 1s);
}

TEST(Limit, TheSlowestRateAndTheLongestQueueStayInRange) {
  Rig rig({{"{}", "limit", R"({"rate": 1, "queue": 10000})"}});
  rig.bytes.resize(1500);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(rig.feed(End::client, ack, 0s), "hold 0");
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "drop 0");
  EXPECT_EQ(rig.engine.wake(), 1500s);
  rig.engine.on_timer(1500s * 10'000 - 1ns);
  EXPECT_EQ(rig.engine.take_emissions().size(), 9'999u);
  EXPECT_EQ(rig.sent_at(1500s * 10'000), "10000 server limited");
}

TEST(Limit, RefusesWhatIsNoLimit) {
  EXPECT_EQ(refused("limit", "{}"), ": limit needs 'rate'");
  EXPECT_EQ(refused("limit", R"({"rate": 1})"), ": limit needs 'queue'");
  EXPECT_EQ(refused("limit", R"({"rate": 0, "queue": 1})"),
            "/rate: 0 is out of range: it can be 1 to 1000000000000");
  EXPECT_EQ(refused("limit", R"({"rate": 1, "queue": 0})"),
            "/queue: 0 is out of range: it can be 1 to 10000");
}

}  // namespace faultline::testing
