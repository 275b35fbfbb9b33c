#include "tests/injectors/rig.hpp"

namespace faultline::testing {

TEST(Pass, LetsThroughWhatALaterRuleWouldDrop) {
  Rig rig({{R"({"flags": "SYN"})", "pass", R"("all")"}, {R"({})", "drop", R"("all")"}});
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "pass 0");
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "drop 1");
  EXPECT_EQ(rig.engine.hits(0), 1u);
  EXPECT_FALSE(rig.engine.wake());
}

TEST(Pass, RefusesAValueThatIsNoNth) {
  EXPECT_EQ(make("pass", "0").error().at, "/rule/0/pass");
}

}  // namespace faultline::testing
