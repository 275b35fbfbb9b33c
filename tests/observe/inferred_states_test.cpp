#include "harness/observe/inferred_states.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using enum TcpState;

// A server whose ISN is 1000, and a client whose is 5000.
class Inferred : public testing::Test {
 protected:
  void sends(uint16_t flags, uint32_t seq, uint32_t ack, uint32_t length = 0) {
    take(states_.sent(segment(server_, client_, flags, seq, ack, length)));
  }
  void gets(uint16_t flags, uint32_t seq, uint32_t ack, uint32_t length = 0) {
    take(states_.delivered(segment(client_, server_, flags, seq, ack, length)));
  }
  void establish() {
    gets(Flags::syn, 5000, 0);
    sends(Flags::syn | Flags::ack, 1000, 5001);
    gets(Flags::ack, 5001, 1001);
  }

  std::vector<TcpState> seen_;

 private:
  static Segment segment(const Endpoint& from, const Endpoint& to, uint16_t flags, uint32_t seq,
                         uint32_t ack, uint32_t length) {
    return {.source = from,
            .destination = to,
            .seq = Seq(seq),
            .ack = Seq(ack),
            .flags = {flags},
            .payload_length = length};
  }
  void take(const std::optional<InferredStates::Change>& change) {
    if (!change) return;
    EXPECT_EQ(change->local, server_);
    EXPECT_EQ(change->remote, client_);
    seen_.push_back(change->state);
  }

  InferredStates states_;
  Endpoint server_{*address_from_string("192.0.2.2"), 80};
  Endpoint client_{*address_from_string("192.0.2.1"), 40'000};
};

using States = std::vector<TcpState>;

TEST_F(Inferred, OpensByWhatItAnswersAndIsGiven) {
  establish();
  EXPECT_EQ(seen_, (States{SYN_RECV, ESTABLISHED}));
}

TEST_F(Inferred, StaysWhereItIsUntilTheRightAcknowledgementIsDelivered) {
  gets(Flags::syn, 5000, 0);
  sends(Flags::syn | Flags::ack, 1000, 5001);
  sends(Flags::syn | Flags::ack, 1000, 5001);
  gets(Flags::ack, 5001, 1000);
  gets(Flags::ack, 5001, 1002);
  EXPECT_EQ(seen_, (States{SYN_RECV}));
}

TEST_F(Inferred, ClosesLastOnceItAcknowledgedTheFin) {
  establish();
  gets(Flags::fin | Flags::ack, 5001, 1001);
  EXPECT_EQ(seen_.back(), ESTABLISHED);
  sends(Flags::ack, 1001, 5002);
  EXPECT_EQ(seen_.back(), CLOSE_WAIT);
  sends(Flags::fin | Flags::ack, 1001, 5002);
  EXPECT_EQ(seen_.back(), LAST_ACK);
  gets(Flags::ack, 5002, 1001);
  EXPECT_EQ(seen_.back(), LAST_ACK);
  gets(Flags::ack, 5002, 1002);
  EXPECT_EQ(seen_.back(), CLOSED);
}

TEST_F(Inferred, ClosesFirst) {
  establish();
  sends(Flags::fin | Flags::ack, 1001, 5001, 10);
  gets(Flags::ack, 5001, 1011);
  EXPECT_EQ(seen_.back(), FIN_WAIT_1);
  gets(Flags::ack, 5001, 1012);
  gets(Flags::fin | Flags::ack, 5001, 1012);
  EXPECT_EQ(seen_.back(), FIN_WAIT_2);
  sends(Flags::ack, 1012, 5002);
  EXPECT_EQ(seen_, (States{SYN_RECV, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT}));
}

TEST_F(Inferred, ClosesAtOnceWithItsPeer) {
  establish();
  sends(Flags::fin | Flags::ack, 1001, 5001);
  gets(Flags::fin | Flags::ack, 5001, 1001);
  sends(Flags::ack, 1002, 5002);
  EXPECT_EQ(seen_.back(), CLOSING);
  gets(Flags::ack, 5002, 1002);
  EXPECT_EQ(seen_.back(), TIME_WAIT);
}

TEST_F(Inferred, EndsByARstOfItsOwnAndByOneThatFitsExactly) {
  establish();
  gets(Flags::rst, 5002, 0);
  EXPECT_EQ(seen_.back(), ESTABLISHED);
  gets(Flags::rst, 5001, 0);
  EXPECT_EQ(seen_.back(), CLOSED);
  establish();
  EXPECT_EQ(seen_.back(), ESTABLISHED);
  sends(Flags::rst, 1001, 0);
  EXPECT_EQ(seen_.back(), CLOSED);
}

TEST_F(Inferred, KnowsNothingOfConnectionsThatItNeverOpened) {
  gets(Flags::syn, 5000, 0);
  gets(Flags::fin | Flags::ack, 5001, 1001);
  sends(Flags::rst | Flags::ack, 0, 5001);
  EXPECT_TRUE(seen_.empty());
}

}  // namespace
}  // namespace faultline
