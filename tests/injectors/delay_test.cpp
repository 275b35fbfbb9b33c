#include "tests/injectors/rig.hpp"

namespace faultline::testing {

TEST(Delay, HoldsUntilTheTimeAndNotLonger) {
  Rig rig({{R"({"flags": "SYN"})", "delay", R"("300ms")"}});
  EXPECT_EQ(rig.feed(End::client, syn, 1s), "hold 0");
  EXPECT_EQ(rig.engine.wake(), 1300ms);
  EXPECT_EQ(rig.engine.held(0), 1u);
  EXPECT_EQ(rig.sent_at(1300ms - 1ns), "");
  EXPECT_EQ(rig.sent_at(1300ms), "1 server delayed");
  EXPECT_EQ(rig.engine.held(0), 0u);
  EXPECT_FALSE(rig.engine.wake());
}

TEST(Delay, KeepsTheOrderOfArrivalAtEqualTimes) {
  Rig rig({{R"({"from": "client"})", "delay", R"("2s")"},
           {R"({"from": "server"})", "delay", R"("1s")"}});
  rig.feed(End::client, ack, 0s);  // due at 2 s
  rig.feed(End::server, ack, 1s);  // due at 2 s, but came later
  rig.feed(End::client, ack, 0s);
  EXPECT_EQ(rig.sent_at(2s), "1 server delayed, 2 client delayed, 3 server delayed");
}

TEST(Delay, ALateTimerReleasesInTheOrderOfTime) {
  Rig rig({{R"({"from": "client"})", "delay", R"("3s")"},
           {R"({"from": "server"})", "delay", R"("1s")"}});
  rig.feed(End::client, ack, 0s);
  rig.feed(End::server, ack, 1s);
  EXPECT_EQ(rig.engine.wake(), 2s);
  EXPECT_EQ(rig.sent_at(10s), "2 client delayed, 1 server delayed");
}

TEST(Delay, AnEnqueueTimeThatGoesBackKeepsTheOrderOfTime) {
  Rig rig({{R"({})", "delay", R"("1s")"}});
  rig.feed(End::client, ack, 5ms);
  rig.feed(End::client, ack, 4ms);
  EXPECT_EQ(rig.engine.wake(), 1004ms);
  EXPECT_EQ(rig.sent_at(1004ms), "2 server delayed");
  EXPECT_EQ(rig.sent_at(1005ms), "1 server delayed");
}

TEST(Delay, RefusesNoTimeAtAll) {
  EXPECT_EQ(make("delay", R"("0s")").error().what, "a fault lasts longer than 0s");
  EXPECT_FALSE(make("delay", "300"));
  EXPECT_FALSE(make("delay", R"("-1s")"));
}

}  // namespace faultline::testing
