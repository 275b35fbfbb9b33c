#include "tests/injectors/rig.hpp"

namespace faultline::testing {

const std::string first_data = R"({"from": "client", "payload": true, "nth": 1})";

TEST(Hold, PassedReleasesAfterThatManyOfTheSameDirection) {
  Rig rig({{first_data, "hold", R"({"passed": 2})"}});
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 100), "hold 0");
  EXPECT_EQ(rig.feed(End::server, ack, 0s), "pass");
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 100), "pass");
  EXPECT_EQ(rig.sent(), "");
  EXPECT_EQ(rig.engine.held(0), 1u);
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 100), "pass");
  EXPECT_EQ(rig.sent(), "1 server released");
  EXPECT_EQ(rig.engine.held(0), 0u);
  EXPECT_FALSE(rig.engine.wake());
}

TEST(Hold, PassedDoesNotCountWhatDidNotPass) {
  Rig rig({{first_data, "hold", R"({"passed": 1})"}, {R"({"flags": "SYN"})", "drop", "1"}});
  rig.feed(End::client, ack, 0s, 100);
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "drop 1");
  EXPECT_EQ(rig.sent(), "");
  rig.feed(End::client, ack, 0s);
  EXPECT_EQ(rig.sent(), "1 server released");
}

TEST(Hold, SeveralHeldGoInTheOrderOfTheirArrival) {
  Rig rig({{R"({"payload": true, "nth": "1-2"})", "hold", R"({"passed": 1})"}});
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 1), "hold 0");
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 1), "hold 0");
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 1), "pass");
  EXPECT_EQ(rig.sent(), "1 server released, 2 server released");
}

TEST(Hold, UntilAnotherSegmentWhateverBecomesOfIt) {
  Rig rig({{R"({"flags": "SYN ACK"})", "hold", R"({"until": {"from": "client", "flags": "SYN"}})"},
           {R"({"flags": "SYN"})", "drop", R"("all")"}});
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "drop 1");  // before the hold: not its end
  EXPECT_EQ(rig.feed(End::server, syn | ack, 0s), "hold 0");
  EXPECT_EQ(rig.feed(End::client, ack, 1s), "pass");
  EXPECT_EQ(rig.sent(), "");
  EXPECT_EQ(rig.feed(End::client, syn, 1s), "drop 1");
  EXPECT_EQ(rig.sent(), "2 client released");
}

TEST(Hold, UntilDoesNotCountTheHeldSegmentItself) {
  Rig rig({{first_data, "hold", R"({"until": {"payload": true, "nth": 2}})"}});
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 9), "hold 0");
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 9), "pass");
  EXPECT_EQ(rig.sent(), "");
  EXPECT_EQ(rig.feed(End::client, ack, 0s, 9), "pass");
  EXPECT_EQ(rig.sent(), "1 server released");
}

TEST(Hold, WhatNeverEndsStaysHeld) {
  Rig rig({{first_data, "hold", R"({"until": {"flags": "RST"}})"}});
  rig.feed(End::client, ack, 0s, 9);
  EXPECT_EQ(rig.sent_at(24h), "");
  EXPECT_EQ(rig.engine.held(0), 1u);
}

TEST(Hold, RefusesBothNeitherAndNonsense) {
  const std::string one = "write one of { until = SELECTOR } and { passed = NUMBER }";
  EXPECT_EQ(make("hold", "{}").error().what, one);
  EXPECT_EQ(make("hold", R"({"passed": 1, "until": {}})").error().what, one);
  EXPECT_EQ(make("hold", R"({"passed": 0})").error().at, "/rule/0/hold/passed");
  EXPECT_EQ(make("hold", R"({"until": {"flag": "SYN"}})").error().at, "/rule/0/hold/until/flag");
  EXPECT_FALSE(make("hold", "3"));
  EXPECT_FALSE(make("hold", R"({"passed": 1, "after": 2})"));
}

}  // namespace faultline::testing
