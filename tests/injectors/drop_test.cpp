#include "tests/injectors/rig.hpp"

namespace faultline::testing {

TEST(Drop, LosesTheSegmentAndSendsNothing) {
  Rig rig({{R"({"flags": "SYN"})", "drop", R"("all")"}});
  EXPECT_EQ(rig.feed(End::client, syn, 0s), "drop 0");
  EXPECT_EQ(rig.feed(End::client, ack, 0s), "pass");
  EXPECT_EQ(rig.feed(End::client, syn, 1s), "drop 0");
  EXPECT_EQ(rig.sent(), "");
  EXPECT_EQ(rig.engine.hits(0), 2u);
}

TEST(Drop, RefusesAValueThatIsNoNth) {
  EXPECT_EQ(make("drop", R"("some")").error().what,
            "expected \"all\", a number, a range like \"2-4\" or \"5+\", or a list");
}

}  // namespace faultline::testing
