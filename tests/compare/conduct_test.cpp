#include "harness/compare/conduct.hpp"

#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

// A case must expect something.
const std::string expecting = "[expect]\nfinal.client = \"CLOSED\"\n";

Conduct conduct(const Scene& scene, End end = End::client) {
  return conduct_of(Timeline(scene.the_case, scene.trace), end);
}

TEST(Conduct, TransmissionsOfTheSameAreOneSeriesFromTheFirstCallOn) {
  Scene scene(connect_step + expecting);
  scene.begins("dial", 2s)
      .segment({.at = 2s, .flags = "SYN"})
      .segment({.at = 3s, .flags = "SYN", .retransmission = true})
      .segment({.at = 4s, .seq = 1, .ack = 1})
      .segment({.at = 5s, .seq = 1, .ack = 1, .payload = 100})
      .segment({.at = 6s, .from = End::server, .flags = "SYN ACK"})
      .segment({.at = 7s, .flags = "FIN ACK", .seq = 101, .ack = 1})
      .segment({.at = 8s, .flags = "RST", .seq = 102});
  const std::vector<Series> schedule = conduct(scene).schedule;
  ASSERT_EQ(schedule.size(), 5U);
  EXPECT_EQ(schedule[0].what, "SYN");
  EXPECT_EQ(schedule[0].times, (std::vector<Nanos>{0s, 1s}));
  EXPECT_EQ(schedule[1].what, "ACK of 1");
  EXPECT_TRUE(schedule[1].is_acknowledgement);
  EXPECT_EQ(schedule[2].what, "data at 1");
  EXPECT_EQ(schedule[3].what, "FIN");
  EXPECT_EQ(schedule[4].what, "RST");
  EXPECT_EQ(conduct(scene, End::server).schedule.size(), 1U);
}

TEST(Conduct, CountsSegmentsByWhatTheyAre) {
  Scene scene(connect_step + expecting);
  scene.segment({.at = 1s, .seq = 1, .ack = 1, .payload = 10})
      .segment({.at = 2s, .seq = 1, .ack = 1, .payload = 10, .retransmission = true})
      .segment({.at = 3s, .seq = 11, .ack = 1});
  EXPECT_EQ(conduct(scene).counts,
            (std::map<std::string, size_t>{{"data", 1}, {"data sent again", 1}, {"pure ACK", 1}}));
}

TEST(Conduct, AnotherConnectionIsNamed) {
  Scene scene(connect_step + expecting);
  scene.segment({.at = 1s, .flags = "SYN", .connection = "two"});
  EXPECT_EQ(conduct(scene).schedule.at(0).what, "SYN (two)");
}

TEST(Conduct, StatesAreThoseBetweenLooksToo) {
  Scene scene(connect_step + expecting);
  scene.state(End::client, SYN_SENT, 1ms)
      .state(End::client, ESTABLISHED, 2ms)
      .state(End::client, LAST_ACK, 3ms);
  EXPECT_EQ(conduct(scene).states["main"],
            (std::vector{SYN_SENT, ESTABLISHED, CLOSE_WAIT, LAST_ACK}));
}

TEST(Conduct, CallsSayWhatCameOfThem) {
  const std::string two = connect_step + "[[step]]\nname = \"again\"\nclient = \"connect\"\n" +
                          "socket = \"two\"\n" + expecting;
  Scene failed(two);
  failed.fails("dial", 0s, 63s, "ETIMEDOUT");
  const auto calls = conduct(failed).calls;
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].what, "client: connect (dial)");
  EXPECT_EQ(calls[0].outcome, "fails with ETIMEDOUT");
  EXPECT_EQ(calls[0].took, 63s);
  EXPECT_EQ(calls[1].outcome, "is not made");
  Scene stuck(two);
  stuck.begins("dial", 0s);
  EXPECT_EQ(conduct(stuck).calls.at(0).outcome, "does not return");
  EXPECT_TRUE(conduct(stuck, End::server).calls.empty());
}

}  // namespace
}  // namespace faultline::test
