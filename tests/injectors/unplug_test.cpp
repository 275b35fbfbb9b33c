#include "tests/injectors/rig.hpp"

namespace faultline::testing {

TEST(Unplug, CutsBothDirectionsForThatLong) {
  Rig rig({{R"({"flags": "SYN"})", "unplug", R"("3s")"}});
  EXPECT_EQ(rig.feed(End::client, syn, 1s), "drop 0");
  EXPECT_EQ(rig.engine.wake(), 4s);
  EXPECT_FALSE(rig.engine.link_up(4s - 1ns));
  EXPECT_EQ(rig.feed(End::server, ack, 4s - 1ns), "drop -2");
  EXPECT_EQ(rig.feed(End::client, syn, 4s - 1ns), "drop -2");
  EXPECT_TRUE(rig.engine.link_up(4s));
  EXPECT_EQ(rig.feed(End::server, ack, 4s), "pass");
  EXPECT_EQ(rig.engine.hits(0), 1u) << "what the cut lost counts for no rule";
  rig.engine.on_timer(4s);
  EXPECT_FALSE(rig.engine.wake());
}

TEST(Unplug, WhatComesDueDuringTheCutIsLost) {
  Rig rig({{R"({"flags": "SYN"})", "unplug", R"("3s")"}, {R"({})", "delay", R"("2s")"}});
  rig.feed(End::client, ack, 0s);  // due at 2 s
  rig.feed(End::server, ack, 2s);  // due at 4 s
  EXPECT_EQ(rig.sent(), "");
  rig.feed(End::client, syn, 1s);  // cut from 1 s until 4 s
  EXPECT_EQ(rig.sent_at(3s), "");
  EXPECT_EQ(rig.sent_at(4s), "2 client delayed");
  EXPECT_EQ(rig.engine.held(1), 0u);
}

TEST(Unplug, ALateTimerKnowsHowTheLinkWasThen) {
  Rig rig({{R"({"flags": "SYN"})", "unplug", R"("3s")"}, {R"({})", "delay", R"("2s")"}});
  rig.feed(End::client, ack, 0s);
  rig.feed(End::client, syn, 1s);
  EXPECT_EQ(rig.sent_at(10s), "") << "it was due at 2 s, in the middle of the cut";
}

TEST(Unplug, ASegmentQueuedDuringTheCutIsLostHoweverLateItIsLookedAt) {
  Rig rig({{R"({"flags": "SYN"})", "unplug", R"("3s")"}});
  rig.feed(End::client, syn, 0s);
  rig.engine.on_timer(4s);
  EXPECT_FALSE(rig.engine.wake());
  EXPECT_EQ(rig.feed(End::client, ack, 3s - 1ns), "drop -2");
  EXPECT_EQ(rig.feed(End::client, ack, 3s), "pass");
}

TEST(Unplug, TheLinkComesBackWithTheLastCutToEnd) {
  Rig rig({{R"({"flags": "SYN"})", "unplug", R"("1s")"}});
  rig.feed(End::client, syn, 0s);
  rig.feed(End::client, syn, 1s);
  EXPECT_FALSE(rig.engine.link_up(2s - 1ns));
  EXPECT_TRUE(rig.engine.link_up(2s));
}

TEST(Unplug, RefusesNoTimeAtAll) {
  EXPECT_EQ(make("unplug", R"("0s")").error().at, "/rule/0/unplug");
  EXPECT_FALSE(make("unplug", "true"));
}

}  // namespace faultline::testing
