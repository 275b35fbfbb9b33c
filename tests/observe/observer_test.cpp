#include "harness/observe/observer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace faultline {
namespace {

constexpr Nanos jiffy = 4ms;

struct ObserverTest : testing::Test {
  std::array<StateReading, 2> kernel;  // what a look at each end finds
  std::vector<Event> events;
  std::vector<std::optional<TcpState>> asked;  // what `state` said when a change was reported
  int looks = 0;
  bool refused = false;
  Observer observer{[this](End end, const Endpoint&, const Endpoint&) -> Result<StateReading> {
                      ++looks;
                      if (refused) return fail("no permission");
                      return kernel[index(end)];
                    },
                    [this](Event event) {
                      if (const auto* state = std::get_if<StateEvent>(&event))
                        asked.push_back(observer.state(state->end, state->connection));
                      events.push_back(std::move(event));
                    },
                    LookTimes(jiffy, false)};

  ObserverTest() { follow("main"); }
  void follow(const std::string& name) {
    observer.follow(name, Endpoint{*address_from_string("10.0.0.1"), 4000},
                    Endpoint{*address_from_string("10.0.0.2"), 5001});
  }
  void client_is(std::optional<TcpState> state, int timer = 0, Nanos expires = {}) {
    kernel[index(End::client)] = {.state = state, .timer = timer, .expires = expires};
  }
  [[nodiscard]] const StateEvent& last() const { return std::get<StateEvent>(events.back()); }
};

TEST_F(ObserverTest, TellsEachChangeOnceAndSinceWhenItCanHaveBeen) {
  observer.look("main", 1ms);
  EXPECT_TRUE(events.empty());
  client_is(TcpState::SYN_SENT);
  observer.look("main", 2ms);
  observer.look("main", 3ms);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(last().state, TcpState::SYN_SENT);
  EXPECT_EQ(last().since, 1ms);
  EXPECT_EQ(last().time, 2ms);
}

// A wait for a state that is over with the change itself asks for it from inside the report.
TEST_F(ObserverTest, WhoIsToldOfAChangeFindsItWhenAsking) {
  client_is(TcpState::FIN_WAIT_1);
  observer.look("main", 1ms);
  client_is(TcpState::FIN_WAIT_2);
  observer.look("main", 2ms);
  EXPECT_EQ(asked,
            (std::vector<std::optional<TcpState>>{TcpState::FIN_WAIT_1, TcpState::FIN_WAIT_2}));
}

TEST_F(ObserverTest, AConnectionThatIsGoneIsClosed) {
  client_is(TcpState::TIME_WAIT);
  observer.look("main", 1ms);
  client_is({});
  observer.look("main", 2ms);
  observer.look("main", 3ms);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(last().state, TcpState::CLOSED);
}

TEST_F(ObserverTest, LooksWhenAnAnnouncedTimerIsDueAndThenOnceAJiffy) {
  client_is(TcpState::TIME_WAIT, 3, 60s);
  observer.look("main", 0ns);
  EXPECT_EQ(observer.wake(), 60s);
  const int before = looks;
  observer.on_timer(59s);
  EXPECT_EQ(looks, before);
  client_is(TcpState::TIME_WAIT, 3, 0ns);
  observer.on_timer(60s);
  EXPECT_EQ(observer.wake(), 60s + jiffy);
  client_is({});
  observer.on_timer(60s + jiffy);
  EXPECT_EQ(last().since, 60s);
  EXPECT_EQ(observer.wake(), std::nullopt);
}

// The same ports again, under the same name: nothing says that it is another connection but itself.
TEST_F(ObserverTest, AnEndThatWasClosedMayBeginAgain) {
  client_is(TcpState::LAST_ACK);
  observer.look("main", 1ms);
  client_is({});
  observer.look("main", 2ms);
  client_is(TcpState::SYN_RECV);
  observer.look("main", 3ms);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(last().state, TcpState::SYN_RECV);
  EXPECT_EQ(last().since, 2ms);
}

// It would otherwise be looked at again and again, at the same moment.
TEST_F(ObserverTest, ALookThatFailsIsToldOnceAndWakesNobody) {
  client_is(TcpState::TIME_WAIT, 3, 60s);
  observer.look("main", 0ns);
  refused = true;
  observer.on_timer(60s);
  observer.on_timer(61s);
  observer.look("main", 62s);
  observer.look("main", 63s);
  EXPECT_EQ(observer.wake(), std::nullopt);
  EXPECT_EQ(observer.state(End::client, "main"), TcpState::TIME_WAIT);
  ASSERT_EQ(events.size(), 3U);  // its state, and a trouble at either end
  const auto& trouble = std::get<TroubleEvent>(events[1]);
  EXPECT_EQ(trouble.time, 60s);
  EXPECT_EQ(trouble.kind, TroubleEvent::Kind::inconclusive);
  EXPECT_EQ(trouble.what, "the client's state could not be observed: no permission");
}

TEST_F(ObserverTest, AConnectionBetweenTheSameEndpointsTakesTheOthersPlace) {
  client_is(TcpState::TIME_WAIT);
  observer.look("main", 1ms);
  follow("next");
  client_is(TcpState::SYN_SENT);
  observer.look_all(2ms);
  EXPECT_EQ(last().connection, "next");
  EXPECT_EQ(observer.state(End::client, "main"), std::nullopt);
}

TEST_F(ObserverTest, WhatIsLeftOfTheConnectionBeforeIsNoStateOfTheNewOne) {
  client_is(TcpState::TIME_WAIT);
  observer.look("main", 1ms);
  follow("next");
  observer.look("next", 2ms);
  EXPECT_EQ(observer.state(End::client, "next"), std::nullopt);
  client_is(TcpState::SYN_RECV);
  observer.look("next", 3ms);
  client_is(TcpState::TIME_WAIT);  // its own, later
  observer.look("next", 4ms);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(std::get<StateEvent>(events[1]).state, TcpState::SYN_RECV);
  EXPECT_EQ(std::get<StateEvent>(events[1]).since, 2ms);
  EXPECT_EQ(last().state, TcpState::TIME_WAIT);
}

TEST(LookTimes, AreOnceAJiffyWhereTheWheelIsNotKnown) {
  const LookTimes times(4ms, false);
  EXPECT_EQ(times.next(1s, 1s, 0ns), 1s);
  EXPECT_EQ(times.next(1s, 1s, 1s), 1004ms);
  EXPECT_EQ(times.next(1s, 1s, 1004ms), 1008ms);
}

// A timer of 250 jiffies waits in a slot of 8: it fires at the first multiple after its expiry, jiffy
// 256 (kernel/time/timer.c). Set for longer it would wait for the next wider slot's edge, 512 here.
TEST(LookTimes, AreWhereTheWheelCanTurnWhereItIsKnown) {
  const LookTimes times(4ms, true);
  EXPECT_EQ(times.next(1s, 1s, 0ns), 1020ms + 10us) << "it has not fired yet";
  EXPECT_EQ(times.next(1s, 1s, 1020ms + 10us), 1024ms + 10us) << "it fires";
  EXPECT_EQ(times.next(1s, 1s, 1024ms + 10us), 2044ms + 10us);
  EXPECT_EQ(times.next(1s, 1s, 2044ms + 10us), 2048ms + 10us);
}

// A day is 21,600,000 jiffies, whose slots are 8^7 wide: where they begin is not known, but a slot's
// edge is a multiple of 8^6, of which there are eight in it. Once a jiffy would be two million looks.
TEST(LookTimes, OfADayAreFew) {
  const LookTimes times(4ms, true);
  const Nanos edge = 262144 * 4ms;
  EXPECT_EQ(times.next(24h, 24h, 0ns), 83 * edge + 10us);
  EXPECT_EQ(times.next(24h, 24h, 83 * edge + 10us), 84 * edge + 10us);
}

}  // namespace
}  // namespace faultline
