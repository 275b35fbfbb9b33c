#include "harness/tcp/state.hpp"

#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <set>

namespace faultline {
namespace {

using enum TcpState;
using States = std::vector<TcpState>;

TEST(States, HaveTheKernelsNumbers) {
  EXPECT_EQ(static_cast<int>(ESTABLISHED), TCP_ESTABLISHED);
  EXPECT_EQ(static_cast<int>(TIME_WAIT), TCP_TIME_WAIT);
  EXPECT_EQ(static_cast<int>(CLOSED), TCP_CLOSE);
  EXPECT_EQ(static_cast<int>(CLOSING), TCP_CLOSING);
}

TEST(States, NamesGoBothWays) {
  EXPECT_EQ(all_states().size(), 11u);
  for (const TcpState state : all_states()) EXPECT_EQ(state_from_string(to_string(state)), state);
  EXPECT_FALSE(state_from_string("FIN-WAIT-1"));
  EXPECT_FALSE(state_from_string("established"));
  EXPECT_FALSE(state_from_string(""));
}

// RFC 9293 figure 5, state by state; CLOSED is reached from everywhere.
TEST(Diagram, IsThatOfTheRfc) {
  const auto next = [](TcpState from) {
    std::set<TcpState> found;
    for (const TcpState to : all_states())
      if (is_transition(from, to)) found.insert(to);
    return found;
  };
  using Set = std::set<TcpState>;
  EXPECT_EQ(next(CLOSED), (Set{LISTEN, SYN_SENT}));
  EXPECT_EQ(next(LISTEN), (Set{CLOSED, SYN_RECV}));
  EXPECT_EQ(next(SYN_SENT), (Set{CLOSED, SYN_RECV, ESTABLISHED}));
  EXPECT_EQ(next(SYN_RECV), (Set{CLOSED, LISTEN, ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT}));
  EXPECT_EQ(next(ESTABLISHED), (Set{CLOSED, FIN_WAIT_1, CLOSE_WAIT}));
  EXPECT_EQ(next(FIN_WAIT_1), (Set{CLOSED, FIN_WAIT_2, CLOSING, TIME_WAIT}));
  EXPECT_EQ(next(FIN_WAIT_2), (Set{CLOSED, TIME_WAIT}));
  EXPECT_EQ(next(CLOSING), (Set{CLOSED, TIME_WAIT}));
  EXPECT_EQ(next(TIME_WAIT), (Set{CLOSED, SYN_RECV}));
  EXPECT_EQ(next(CLOSE_WAIT), (Set{CLOSED, LAST_ACK}));
  EXPECT_EQ(next(LAST_ACK), (Set{CLOSED}));
}

TEST(Diagram, NoStateLeadsToItself) {
  for (const TcpState state : all_states()) EXPECT_FALSE(is_transition(state, state));
}

TEST(Between, NeighboursHaveNothingBetweenThem) {
  EXPECT_EQ(states_between(SYN_SENT, ESTABLISHED), States{});
  EXPECT_EQ(states_between(ESTABLISHED, CLOSED), States{});
}

TEST(Between, TheOnlyPathIsTheAnswer) {
  EXPECT_EQ(states_between(LISTEN, ESTABLISHED), States{SYN_RECV});
  EXPECT_EQ(states_between(ESTABLISHED, LAST_ACK), States{CLOSE_WAIT});
  EXPECT_EQ(states_between(ESTABLISHED, FIN_WAIT_2), States{FIN_WAIT_1});
  EXPECT_EQ(states_between(ESTABLISHED, CLOSING), States{FIN_WAIT_1});
}

TEST(Between, TwoPathsAreNoAnswer) {
  EXPECT_FALSE(states_between(ESTABLISHED, TIME_WAIT));  // by FIN_WAIT_2, CLOSING or neither
  EXPECT_FALSE(states_between(SYN_SENT, FIN_WAIT_1));    // by ESTABLISHED, SYN_RECV or both
}

TEST(Between, NoPathIsNoAnswer) {
  EXPECT_FALSE(states_between(FIN_WAIT_2, ESTABLISHED));
  EXPECT_FALSE(states_between(LAST_ACK, CLOSE_WAIT));
  EXPECT_FALSE(states_between(CLOSING, FIN_WAIT_2));
}

TEST(Between, APathStaysWithinOneConnection) {
  EXPECT_FALSE(states_between(LAST_ACK, SYN_SENT));
  EXPECT_FALSE(is_reachable(LAST_ACK, SYN_SENT));
  EXPECT_TRUE(is_reachable(ESTABLISHED, TIME_WAIT));
  EXPECT_FALSE(is_reachable(CLOSE_WAIT, TIME_WAIT));
}

}  // namespace
}  // namespace faultline
