#include "injectors/tracker.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/injectors/packets.hpp"

namespace faultline::testing {

constexpr uint16_t syn = Flags::syn, ack = Flags::ack, syn_ack = syn | ack, fin = Flags::fin | ack,
                   rst = Flags::rst;

class TrackerTest : public ::testing::Test {
 protected:
  struct Fields {
    uint32_t seq = 0, ack = 0, payload = 0;
    uint16_t client_port = 40000;
  };

  SegmentFacts track(End from, uint16_t flags, Fields fields) {
    const Endpoint client{default_address(4, 1), fields.client_port},
        server{default_address(4, 2), 80};
    Segment segment;
    segment.source = from == End::client ? client : server;
    segment.destination = from == End::client ? server : client;
    segment.flags = Flags{flags};
    segment.seq = Seq(fields.seq);
    segment.ack = Seq(fields.ack);
    segment.payload_length = fields.payload;
    return tracker.track(segment);
  }
  // "main client seq 0 ack 1 again": what is not known is left out.
  std::string told(End from, uint16_t flags, Fields fields) {
    const SegmentFacts facts = track(from, flags, fields);
    std::string text = fmt::format("{} {}", facts.connection, to_string(facts.from));
    if (facts.seq) text += fmt::format(" seq {}", *facts.seq);
    if (facts.ack) text += fmt::format(" ack {}", *facts.ack);
    if (facts.retransmission) text += " again";
    return text;
  }
  // Client's ISN 1000, server's 5000.
  void establish() {
    tracker.expect_connect(End::client, "main");
    EXPECT_EQ(told(End::client, syn, {.seq = 1000}), "main client seq 0");
    EXPECT_EQ(told(End::server, syn_ack, {.seq = 5000, .ack = 1001}), "main server seq 0 ack 1");
    EXPECT_EQ(told(End::client, ack, {.seq = 1001, .ack = 5001}), "main client seq 1 ack 1");
  }

  Tracker tracker{{std::vector{default_address(4, 1), default_address(6, 1)},
                   std::vector{default_address(4, 2), default_address(6, 2)}}};
};

TEST_F(TrackerTest, FollowsAConnection) {
  establish();
  EXPECT_EQ(told(End::client, ack, {1001, 5001, 100}), "main client seq 1 ack 1");
  EXPECT_EQ(told(End::server, ack, {5001, 1101}), "main server seq 1 ack 101");
  EXPECT_EQ(told(End::client, fin, {1101, 5001}), "main client seq 101 ack 1");
  EXPECT_EQ(told(End::server, ack, {5001, 1102}), "main server seq 1 ack 102");
}

TEST_F(TrackerTest, KnowsWhichEndAnAddressBelongsTo) {
  EXPECT_EQ(tracker.end_of(default_address(6, 2)), End::server);
  EXPECT_EQ(tracker.end_of(default_address(4, 1)), End::client);
  EXPECT_FALSE(tracker.end_of(default_address(4, 3)));
  Segment stranger;
  stranger.source.address = default_address(4, 3);
  stranger.destination.address = default_address(4, 1);
  EXPECT_EQ(tracker.track(stranger).from, End::server) << "it goes toward the client";
}

TEST_F(TrackerTest, RetransmissionsTakeSequenceSpaceThatWasTakenBefore) {
  tracker.expect_connect(End::client, "main");
  track(End::client, syn, {.seq = 1000});
  EXPECT_EQ(told(End::client, syn, {.seq = 1000}), "main client seq 0 again");
  track(End::server, syn_ack, {.seq = 5000, .ack = 1001});
  EXPECT_EQ(told(End::server, syn_ack, {.seq = 5000, .ack = 1001}),
            "main server seq 0 ack 1 again");
  EXPECT_EQ(told(End::client, ack, {1001, 5001}), "main client seq 1 ack 1");
  EXPECT_EQ(told(End::client, ack, {1001, 5001}), "main client seq 1 ack 1") << "no space taken";
  track(End::client, ack, {1001, 5001, 100});
  EXPECT_EQ(told(End::client, ack, {1001, 5001, 100}), "main client seq 1 ack 1 again");
  EXPECT_EQ(told(End::client, ack, {1051, 5001, 100}), "main client seq 51 ack 1 again")
      << "its first byte was sent before";
  EXPECT_EQ(told(End::client, ack, {1151, 5001, 1}), "main client seq 151 ack 1")
      << "the partly new one moved the edge";
  EXPECT_EQ(told(End::client, ack, {1151, 5001}), "main client seq 151 ack 1");
  EXPECT_EQ(told(End::client, ack, {1000, 5001}), "main client seq 0 ack 1") << "a keepalive probe";
  track(End::client, fin, {1152, 5001});
  EXPECT_EQ(told(End::client, fin, {1152, 5001}), "main client seq 152 ack 1 again");
}

TEST_F(TrackerTest, SequenceNumbersWrap) {
  tracker.expect_connect(End::client, "main");
  track(End::client, syn, {.seq = 0xfffffff0});
  track(End::server, syn_ack, {.seq = 0xffffffff, .ack = 0xfffffff1});
  EXPECT_EQ(told(End::client, ack, {0xfffffff1, 0, 100}), "main client seq 1 ack 1");
  EXPECT_EQ(told(End::client, ack, {85, 0, 100}), "main client seq 101 ack 1");
  EXPECT_EQ(told(End::client, ack, {0xfffffff1, 0, 100}), "main client seq 1 ack 1 again");
  EXPECT_EQ(told(End::server, ack, {0, 185}), "main server seq 1 ack 201");
}

TEST_F(TrackerTest, LongStreamsStayRightBeyondHalfOfTheSpace) {
  establish();
  uint32_t seq = 1001;
  for (int i = 0; i < 100'000; ++i, seq += 60'000)
    ASSERT_FALSE(track(End::client, ack, {seq, 5001, 60'000}).retransmission) << i;
  EXPECT_TRUE(track(End::client, ack, {seq - 60'000, 5001, 60'000}).retransmission);
}

TEST_F(TrackerTest, ASegmentBeforeAnySynFitsNoConnection) {
  EXPECT_EQ(told(End::client, ack, {1001, 5001, 10}), " client");
  EXPECT_EQ(told(End::server, rst, {5001}), " server");
  EXPECT_EQ(told(End::client, syn, {.seq = 1000}), " client") << "nobody called connect()";
  EXPECT_TRUE(tracker.connections().empty());
  EXPECT_EQ(tracker.begun(), 0u);
}

TEST_F(TrackerTest, AResetInReplyToASynBelongsToItsConnection) {
  tracker.expect_connect(End::client, "main");
  track(End::client, syn, {.seq = 1000});
  EXPECT_EQ(told(End::server, rst | ack, {0, 1001}), "main server ack 1")
      << "the server has no ISN to count from";
}

TEST_F(TrackerTest, TwoConnectsAreNamedInTheirOrder) {
  tracker.expect_connect(End::client, "one");
  tracker.expect_connect(End::client, "two");
  EXPECT_EQ(told(End::client, syn, {.seq = 7}), "one client seq 0");
  EXPECT_EQ(told(End::client, syn, {.seq = 7}), "one client seq 0 again") << "not the second";
  EXPECT_EQ(told(End::client, syn, {.seq = 9, .client_port = 40001}), "two client seq 0");
  EXPECT_EQ(told(End::client, ack, {.seq = 8}), "one client seq 1");
  ASSERT_EQ(tracker.connections().size(), 2u);
  EXPECT_EQ(tracker.connections()[1].name, "two");
  EXPECT_EQ(tracker.tuple("two")->client.port, 40001);
  EXPECT_EQ(to_string(tracker.tuple("one")->server), "192.0.2.2:80");
  EXPECT_FALSE(tracker.tuple("three"));
  EXPECT_EQ(tracker.begun(), 2u);
}

TEST_F(TrackerTest, AConnectThatSentNothingIsNotExpectedAnyMore) {
  tracker.expect_connect(End::client, "failed");
  tracker.expect_connect(End::client, "main");
  tracker.connect_over(End::client, "failed");
  tracker.connect_over(End::client, "never heard of");
  EXPECT_EQ(told(End::client, syn, {.seq = 7}), "main client seq 0");
}

TEST_F(TrackerTest, SimultaneousOpenIsOneConnection) {
  tracker.expect_connect(End::client, "main");
  tracker.expect_connect(End::server, "main");
  EXPECT_EQ(told(End::client, syn, {.seq = 1000}), "main client seq 0");
  EXPECT_EQ(told(End::server, syn, {.seq = 5000}), "main server seq 0");
  EXPECT_EQ(told(End::client, syn_ack, {1000, 5001}), "main client seq 0 ack 1 again");
  EXPECT_EQ(told(End::server, syn_ack, {5000, 1001}), "main server seq 0 ack 1 again");
  EXPECT_EQ(told(End::client, ack, {1001, 5001, 5}), "main client seq 1 ack 1");
  ASSERT_EQ(tracker.connections().size(), 1u);
  EXPECT_EQ(tracker.connections()[0].opener, End::client);

  // Neither is expected any more.
  EXPECT_EQ(told(End::server, syn, {.seq = 1, .client_port = 40001}), " server");
  EXPECT_EQ(told(End::client, syn, {.seq = 1, .client_port = 40001}), " client");
}

TEST_F(TrackerTest, ASynThatCrossesJoinsAlsoWhereNobodyExpectsIt) {
  tracker.expect_connect(End::client, "main");
  track(End::client, syn, {.seq = 1000});
  EXPECT_EQ(told(End::server, syn, {.seq = 5000}), "main server seq 0");
}

TEST_F(TrackerTest, AnotherConnectOfTheOtherEndBeginsAnew) {
  tracker.expect_connect(End::client, "one");
  track(End::client, syn, {.seq = 1000});
  tracker.expect_connect(End::server, "two");
  EXPECT_EQ(told(End::server, syn, {.seq = 5000}), "two server seq 0");
  EXPECT_EQ(tracker.connections()[1].opener, End::server);
}

TEST_F(TrackerTest, AUsedTupleTakesANewName) {
  establish();
  tracker.expect_connect(End::client, "again");
  EXPECT_EQ(told(End::client, ack, {1001, 5001, 1}), "main client seq 1 ack 1");
  EXPECT_EQ(told(End::client, syn, {.seq = 1000}), "main client seq 0 again") << "the old SYN";
  EXPECT_EQ(told(End::client, syn, {.seq = 900}), "again client seq 0") << "a new ISN";
  EXPECT_EQ(told(End::server, syn_ack, {.seq = 77, .ack = 901}), "again server seq 0 ack 1");
  EXPECT_EQ(tracker.begun(), 2u);
}

TEST_F(TrackerTest, AUsedTupleAndNobodyConnectsIsNobodysSyn) {
  establish();
  EXPECT_EQ(told(End::client, syn, {.seq = 900}), " client");
  EXPECT_EQ(told(End::client, ack, {1001, 5001}), "main client seq 1 ack 1") << "undisturbed";
}

TEST_F(TrackerTest, AUsedNameTakesTheNewTuple) {
  establish();
  tracker.expect_connect(End::client, "main");
  EXPECT_EQ(told(End::client, syn, {.seq = 5, .client_port = 40001}), "main client seq 0");
  EXPECT_EQ(tracker.tuple("main")->client.port, 40001);
  EXPECT_EQ(tracker.connections().size(), 1u);
  EXPECT_EQ(tracker.begun(), 2u);
}

TEST_F(TrackerTest, AListenerThatForgotAnswersWithAnotherIsn) {
  tracker.expect_connect(End::client, "main");
  track(End::client, syn, {.seq = 1000});
  track(End::server, syn_ack, {.seq = 5000, .ack = 1001});
  EXPECT_EQ(told(End::server, syn_ack, {.seq = 9000, .ack = 1001}), "main server seq 0 ack 1");
  EXPECT_EQ(told(End::client, ack, {1001, 9001}), "main client seq 1 ack 1");
}

TEST_F(TrackerTest, ForgetsTheOldestTuple) {
  const auto connect = [&](uint32_t n) {
    // A name for each end's port range: 65,536 tuples need more than one client address.
    Segment segment;
    segment.source = {default_address(4, 1), static_cast<uint16_t>(n)};
    segment.destination = {default_address(4, 2), static_cast<uint16_t>(80 + (n >> 16))};
    segment.flags = Flags{syn};
    tracker.expect_connect(End::client, fmt::format("c{}", n % 4));
    return tracker.track(segment).connection;
  };
  for (uint32_t n = 0; n < Tracker::most_tuples; ++n)
    ASSERT_EQ(connect(n), fmt::format("c{}", n % 4));
  Segment last;
  last.source = {default_address(4, 1), 0};
  last.destination = {default_address(4, 2), 80};
  EXPECT_EQ(tracker.track(last).connection, "c0");
  connect(Tracker::most_tuples);
  EXPECT_EQ(tracker.track(last).connection, "") << "the first was forgotten";
  EXPECT_EQ(tracker.connections().size(), 4u);
}

}  // namespace faultline::testing
