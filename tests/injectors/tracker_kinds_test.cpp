// What segments are for, and which retransmission one is.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "injectors/tracker.hpp"
#include "tests/injectors/packets.hpp"

namespace faultline::testing {
namespace {

constexpr uint16_t syn = Flags::syn, ack = Flags::ack;

class KindsTest : public ::testing::Test {
 protected:
  struct Fields {
    uint32_t seq = 0, ack = 0, payload = 0;
    uint16_t window = 1000, flags = Flags::ack;
  };

  static Segment segment(End from, Fields fields) {
    const Endpoint client{default_address(4, 1), 40000}, server{default_address(4, 2), 80};
    Segment segment;
    segment.source = from == End::client ? client : server;
    segment.destination = from == End::client ? server : client;
    segment.flags = Flags{fields.flags};
    segment.seq = Seq(fields.seq);
    segment.ack = Seq(fields.ack);
    segment.payload_length = fields.payload;
    segment.window = fields.window;
    return segment;
  }
  // What passes.
  SegmentFacts track(End from, Fields fields) {
    const Segment crossing = segment(from, fields);
    const SegmentFacts facts = tracker.track(crossing);
    tracker.passed(crossing, from);
    return facts;
  }
  // "pure-ack duplicate-ack"
  std::string kinds(End from, Fields fields) {
    const SegmentFacts facts = track(from, fields);
    std::string text;
    for (const SegmentKind kind : all_segment_kinds)
      if (facts.kinds.has(kind)) text += (text.empty() ? "" : " ") + std::string(to_string(kind));
    return text;
  }
  // Client's ISN 1000, server's 5000.
  void establish() {
    tracker.expect_connect(End::client, "main");
    EXPECT_EQ(kinds(End::client, {.seq = 1000, .flags = syn}), "");
    EXPECT_EQ(kinds(End::server, {.seq = 5000, .ack = 1001, .flags = syn | ack}), "");
    EXPECT_EQ(kinds(End::client, {1001, 5001}), "pure-ack");
  }

  Tracker tracker{{std::vector{default_address(4, 1)}, std::vector{default_address(4, 2)}}};
};

TEST_F(KindsTest, AnAckIsADuplicateWhileDataIsOutstanding) {
  establish();
  EXPECT_EQ(kinds(End::client, {1001, 5001, 100}), "");
  EXPECT_EQ(kinds(End::client, {1101, 5001, 100}), "");
  EXPECT_EQ(kinds(End::server, {5001, 1101}), "pure-ack") << "it acknowledges something new";
  EXPECT_EQ(kinds(End::server, {5001, 1101}), "pure-ack duplicate-ack");
  EXPECT_EQ(kinds(End::server, {5001, 1101}), "pure-ack duplicate-ack");
  EXPECT_EQ(kinds(End::server, {5001, 1201}), "pure-ack");
  EXPECT_EQ(kinds(End::server, {5001, 1201}), "pure-ack") << "nothing is outstanding";
}

TEST_F(KindsTest, DataIsNoDuplicateAck) {
  establish();
  track(End::client, {1001, 5001, 100});
  track(End::server, {5001, 1001});
  EXPECT_EQ(kinds(End::server, {5001, 1001, 50}), "");
}

TEST_F(KindsTest, AnotherWindowIsAnUpdate) {
  establish();
  track(End::client, {1001, 5001, 100});
  track(End::client, {1101, 5001, 100});
  track(End::server, {5001, 1101, 0, 500});
  EXPECT_EQ(kinds(End::server, {5001, 1101, 0, 900}), "pure-ack window-update");
  EXPECT_EQ(kinds(End::server, {5001, 1201, 0, 800}), "pure-ack") << "it acknowledges more";
}

TEST_F(KindsTest, AClosedWindowIsProbedInTwoWays) {
  establish();
  track(End::client, {1001, 5001, 100});
  track(End::server, {5001, 1101, 0, 0});
  EXPECT_EQ(kinds(End::client, {1100, 5001}), "zero-window-probe");
  EXPECT_EQ(kinds(End::client, {1101, 5001, 1}), "zero-window-probe");
  EXPECT_EQ(kinds(End::client, {1100, 5001}), "zero-window-probe");
  EXPECT_EQ(kinds(End::client, {1101, 5001}), "pure-ack");
  track(End::server, {5001, 1101, 0, 10});
  EXPECT_EQ(kinds(End::client, {1101, 5001, 1}), "") << "it is open";
}

TEST_F(KindsTest, AnIdleEndIsProbedBelowWhatItExpects) {
  establish();
  EXPECT_EQ(kinds(End::client, {1000, 5001}), "keepalive-probe");
  EXPECT_EQ(kinds(End::client, {1000, 5001, 1}), "keepalive-probe");
  EXPECT_EQ(kinds(End::client, {1000, 5001, 2}), "");
  EXPECT_EQ(kinds(End::client, {999, 5001}), "pure-ack");
  track(End::client, {1001, 5001, 10});
  EXPECT_EQ(kinds(End::client, {1000, 5001}), "pure-ack") << "data is outstanding: it is not idle";
}

TEST_F(KindsTest, SynFinAndRstAreOfNoKind) {
  establish();
  for (const int flags : {syn | ack, Flags::fin | ack, Flags::rst | ack, +Flags::rst, 0})
    EXPECT_EQ(kinds(End::server, {.seq = 5001, .ack = 1001, .flags = static_cast<uint16_t>(flags)}),
              "")
        << flags;
}

// What the wire made of a window counts, not what its sender offered.
TEST_F(KindsTest, AWindowThatTheWireClosedIsProbed) {
  establish();
  track(End::client, {1001, 5001, 100});
  const Segment offered = segment(End::server, {5001, 1101, 0, 900});
  (void)tracker.track(offered);
  Segment changed = offered;
  changed.window = 0;
  tracker.sent_own(changed, End::client, &offered);
  EXPECT_EQ(tracker.seen("main")->of(End::server).window, 900);
  EXPECT_EQ(tracker.seen("main")->of(End::server).read->window, 0);
  EXPECT_EQ(kinds(End::client, {1100, 5001}), "zero-window-probe");
  EXPECT_EQ(kinds(End::server, {5001, 1101, 0, 900}), "pure-ack") << "its own news is the same";
}

TEST_F(KindsTest, AWindowThatWasLostIsNotRead) {
  establish();
  track(End::client, {1001, 5001, 100});
  (void)tracker.track(segment(End::server, {5001, 1101, 0, 0}));  // dropped
  EXPECT_EQ(kinds(End::client, {1100, 5001}), "pure-ack");
  track(End::server, {5001, 1101, 0, 0});
  EXPECT_EQ(kinds(End::client, {1100, 5001}), "zero-window-probe");
  // One that closed it before, and was late.
  track(End::server, {5001, 1101, 0, 900});
  tracker.sent_own(segment(End::server, {5001, 1051, 0, 0}), End::client, nullptr);
  EXPECT_EQ(tracker.seen("main")->of(End::server).read->window, 900) << "older news is no news";
}

TEST_F(KindsTest, RetransmissionsAreCountedForEachSegment) {
  establish();
  const auto number = [&](End from, Fields fields) {
    return track(from, fields).retransmission_number;
  };
  EXPECT_EQ(number(End::client, {1001, 5001, 100}), 0u);
  EXPECT_EQ(number(End::client, {1101, 5001, 100}), 0u);
  EXPECT_EQ(number(End::client, {1001, 5001, 100}), 1u);
  EXPECT_EQ(number(End::client, {1001, 5001, 200}), 2u) << "what begins there, however long";
  EXPECT_EQ(number(End::client, {1101, 5001, 100}), 1u);
  EXPECT_EQ(number(End::client, {1001, 5001, 100}), 3u);
  EXPECT_EQ(number(End::client, {1001, 5001}), 0u) << "no sequence space";
  EXPECT_EQ(number(End::server, {5001, 1001, 9}), 0u);
  EXPECT_EQ(number(End::server, {5001, 1001, 9}), 1u);
}

TEST_F(KindsTest, SynsAreCountedToo) {
  tracker.expect_connect(End::client, "main");
  for (uint32_t n = 0; n < 4; ++n)
    EXPECT_EQ(track(End::client, {.seq = 1000, .flags = syn}).retransmission_number, n);
}

TEST_F(KindsTest, CountsOfWhatWasAcknowledgedAreForgottenBeforeThereAreMany) {
  establish();
  constexpr uint32_t many = 10'000;
  track(End::client, {1001, 5001, many});
  track(End::server, {5001, 1001 + many / 2});
  for (uint32_t i = 0; i < many; ++i)
    ASSERT_EQ(track(End::client, {1001 + i, 5001, 1}).retransmission_number, 1u);
  EXPECT_EQ(track(End::client, {1000 + many, 5001, 1}).retransmission_number, 2u)
      << "the latest is still known";
}

}  // namespace
}  // namespace faultline::testing
