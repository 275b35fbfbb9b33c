#include "tests/injectors/rig.hpp"

namespace faultline::testing {

TEST(Duplicate, CopiesFollowTheOriginal) {
  Rig rig({{R"({"flags": "SYN"})", "duplicate", "2"}});
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "pass 0");
  EXPECT_EQ(rig.sent(), "1 server duplicate, 1 server duplicate");
  EXPECT_EQ(rig.feed(End::server, ack, 0s), "pass");
  EXPECT_EQ(rig.sent(), "");
  EXPECT_EQ(rig.engine.held(0), 0u);
}

TEST(Duplicate, ASegmentThatItPassedEndsAHold) {
  Rig rig({{R"({"flags": "SYN"})", "hold", R"({"passed": 1})"}, {R"({})", "duplicate", "1"}});
  rig.feed(End::client, syn, 0s);
  rig.feed(End::client, ack, 0s);
  EXPECT_EQ(rig.sent(), "2 server duplicate, 1 server released");
}

TEST(Duplicate, RefusesNoneAndTooMany) {
  EXPECT_FALSE(make("duplicate", "0"));
  EXPECT_TRUE(make("duplicate", "1000"));
  EXPECT_EQ(make("duplicate", "1001").error().what, "expected a number of copies, 1 to 1000");
  EXPECT_FALSE(make("duplicate", R"("2")"));
  EXPECT_FALSE(make("duplicate", "1.5"));
}

}  // namespace faultline::testing
