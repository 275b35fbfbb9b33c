// Closed windows. Measured on Linux 6.18 at 250 Hz.
#include <gtest/gtest.h>

#include "tests/timers/linux_inputs.hpp"

namespace faultline {
namespace {

// The connection that the figures are from had an RTO of 212 ms: its gaps of 6.8 s are 32 of them.
constexpr const char* measured_connection = " rtt=12ms";

Prediction window(std::string_view model, std::string_view changes = "") {
  return must_predict(model, inputs_with(250, changes));
}

TEST(ZeroWindow, ProbesGoOnForEver) {
  const Prediction probes = window("zero-window", measured_connection);
  EXPECT_EQ(probes.gives_up, (Bounds{never, never}));
  EXPECT_EQ(probes.transmissions, (Count{0, 32}));
  ASSERT_EQ(probes.sent.size(), 32);
  ASSERT_EQ(probes.gaps.size(), 31);
  const std::pair<Nanos, Nanos> measured[] = {
      {210ms, 5ms},    {650ms, 5ms}, {1500ms, 50ms}, {3200ms, 50ms}, {6700ms, 50ms},
      {13600ms, 50ms}, {27s, 1s},    {54s, 1s},      {111s, 1s},     {222s, 1s}};
  for (size_t i = 0; i < std::size(measured); ++i)
    EXPECT_TRUE((probes.sent[i] + Bounds{-measured[i].second, measured[i].second})
                    .contains(measured[i].first))
        << i;
  for (size_t i = 9; i < 31; ++i) EXPECT_GE(probes.gaps[i].low, 120s) << i;
  EXPECT_LE(probes.gaps[30].high, 122100ms);
  EXPECT_TRUE(probes.sentence.starts_with("probes at 0.212, 0.636, 1.484, ")) << probes.sentence;
  EXPECT_TRUE(probes.sentence.ends_with(" s and so on, for ever")) << probes.sentence;
}

// Measured with tcp_retries2 = 5: gaps of 6.8 s.
TEST(ZeroWindow, TcpRetries2BoundsTheBackoff) {
  const Prediction probes =
      window("zero-window", std::string("tcp_retries2=5") + measured_connection);
  for (size_t i = 4; i < 20; ++i) EXPECT_TRUE(probes.gaps[i].contains(6800ms)) << i;
  const Prediction none = window("zero-window", "tcp_retries2=0");
  EXPECT_EQ(none.transmissions, Count{});
  EXPECT_TRUE(none.gives_up.contains(206ms));
  EXPECT_EQ(none.sentence,
            "no probe; ETIMEDOUT after 0.204 s (0.204 to 0.208 s, as timers fire late)");
}

// Measured with 8 s: 8.25 s, the first probe included.
TEST(ZeroWindow, UserTimeoutCountsFromTheFirstProbeAndAnswersStopItNot) {
  const Prediction probes =
      window("zero-window", std::string("TCP_USER_TIMEOUT=8000") + measured_connection);
  EXPECT_GE(probes.gives_up.low, 8212ms);
  EXPECT_TRUE((probes.gives_up + Bounds{-5ms, 5ms}).contains(8250ms)) << probes.sentence;
  EXPECT_LE(probes.gives_up.high, 8500ms);
  EXPECT_EQ(probes.transmissions, (Count{5, 5}));
  EXPECT_EQ(window("zero-window-dead", "TCP_USER_TIMEOUT=8000").transmissions, (Count{5, 5}));
  EXPECT_LE(window("zero-window-dead", "TCP_USER_TIMEOUT=8000 tcp_retries2=3").gives_up.high,
            3400ms)
      << "the number of unanswered probes counts all the same";
}

TEST(ZeroWindow, WithoutAnswersTcpRetries2ProbesAreAll) {
  const Prediction probes = window("zero-window-dead");
  EXPECT_EQ(probes.transmissions, (Count{15, 15}));
  EXPECT_GE(probes.gives_up.low, 928s);  // 0.204 s · 1023 + 6 · 120 s
  EXPECT_LE(probes.gives_up.high, 945s);
  const Prediction three = window("zero-window-dead", "tcp_retries2=3");
  EXPECT_EQ(three.transmissions, (Count{3, 3}));
  EXPECT_GE(three.gives_up.low, 3060ms);
  EXPECT_LE(three.gives_up.high, 3400ms);
}

TEST(ZeroWindow, TheLeastRtoOfAProbeStays200Milliseconds) {
  const Prediction probes = window("zero-window-dead", "tcp_rto_min_us=20000");
  EXPECT_EQ(probes.sent[0].low, 200ms);
  EXPECT_LE(probes.gives_up.high, window("zero-window-dead").gives_up.high);
}

// Measured with answers: 342 s for 0, 338 s for 3.
TEST(ZeroWindowOrphan, EndsWhenTheRtoIsAtItsGreatest) {
  for (const auto& [changes, measured] :
       {std::pair{"tcp_orphan_retries=0", 342s}, std::pair{"tcp_orphan_retries=3", 338s}}) {
    TimerInputs inputs = inputs_with(250, changes);
    inputs.rtt_high = 12ms;
    const Prediction orphan = must_predict("zero-window-orphan", inputs);
    EXPECT_EQ(orphan.transmissions, (Count{10, 10})) << changes;
    EXPECT_TRUE((orphan.gives_up + Bounds{-1s, 1s}).contains(measured)) << orphan.sentence;
  }
  EXPECT_EQ(window("zero-window-orphan", "tcp_orphan_retries=12").transmissions, (Count{12, 12}));
}

// Its backoff never comes so far that the RTO could be at its greatest.
TEST(ZeroWindowOrphan, WithSmallRetries2ItLivesForEver) {
  EXPECT_EQ(window("zero-window-orphan", "tcp_retries2=9").gives_up.low, never);
  EXPECT_LT(window("zero-window-orphan", "tcp_retries2=10").gives_up.high, 345s);
  EXPECT_EQ(window("zero-window-orphan", "tcp_orphan_retries=12 tcp_retries2=11").gives_up.low,
            never);
}

TEST(ZeroWindowOrphan, WithoutAnswersItIsGoneAfterTcpOrphanRetriesProbes) {
  const Prediction two = window("zero-window-orphan-dead", "tcp_orphan_retries=2");
  EXPECT_EQ(two.transmissions, (Count{2, 2}));
  EXPECT_GE(two.gives_up.low, 1428ms);
  EXPECT_LE(two.gives_up.high, 1500ms);
  const Prediction eight = window("zero-window-orphan-dead");
  EXPECT_EQ(eight.transmissions, (Count{8, 8})) << "0 means 8";
  EXPECT_GE(eight.gives_up.low, 104s);
  EXPECT_EQ(window("zero-window-orphan-dead", "tcp_rto_max_ms=1000").transmissions, (Count{3, 3}))
      << "0 means 0 where the RTO is at its greatest";
}

TEST(ShrunkWindow, EndsAfterTwiceTheGreatestRto) {
  const Prediction shrunk = window("shrunk-window");
  EXPECT_EQ(shrunk.transmissions, (Count{12, 12})) << shrunk.sentence;
  EXPECT_GE(shrunk.gives_up.low, 328s);
  EXPECT_LE(shrunk.gives_up.high, 345s);
  EXPECT_EQ(window("shrunk-window", "tcp_retries2=3").sentence, shrunk.sentence)
      << "counts nothing";
  EXPECT_LT(window("shrunk-window", "tcp_rto_max_ms=1000").gives_up.high, 4s);
}

TEST(ShrunkWindow, UserTimeoutEndsItEarlierNotLater) {
  EXPECT_TRUE(window("shrunk-window", "TCP_USER_TIMEOUT=5000").gives_up.contains(5440ms));
  EXPECT_EQ(window("shrunk-window", "TCP_USER_TIMEOUT=100").transmissions, (Count{2, 2}))
      << "past at the first timeout already: only the loss probe";
  const Bounds late = window("shrunk-window", "TCP_USER_TIMEOUT=1000000").gives_up;
  EXPECT_EQ(late, window("shrunk-window").gives_up);
}

TEST(ShrunkWindow, AThinStreamStaysLinear) {
  const Prediction thin = window("shrunk-window", "tcp_thin_linear_timeouts=1 tcp_rto_max_ms=5000");
  EXPECT_GT(thin.transmissions.least, 40);
  EXPECT_LE(thin.gaps.back().high, 212ms);
}

// What was possible with quick answers is possible with slow ones, and it is told in
// no time although hardly any two runs of it would be the same.
TEST(ZeroWindow, TellsSlowAnswersByTheirExtremes) {
  const auto answered_within = [](Nanos rtt) {
    TimerInputs inputs = linux_inputs(250);
    inputs.rtt_low = 20ms;
    inputs.rtt_high = rtt;
    return must_predict("zero-window", inputs);
  };
  const Prediction quick = answered_within(32ms), slow = answered_within(36ms);
  ASSERT_EQ(quick.sent.size(), slow.sent.size());
  for (size_t n = 0; n < quick.sent.size(); ++n) {
    EXPECT_LE(slow.sent[n].low, quick.sent[n].low) << n;
    EXPECT_GE(slow.sent[n].high, quick.sent[n].high) << n;
    if (n == quick.gaps.size()) break;
    EXPECT_LE(slow.gaps[n].low, quick.gaps[n].low) << n;
    EXPECT_GE(slow.gaps[n].high, quick.gaps[n].high) << n;
  }
  const Prediction last = answered_within(300ms);
  EXPECT_GE(last.sent[1].low, 200ms);
  EXPECT_LE(last.sent.back().high, quick.sent.back().high * 2);
}

}  // namespace
}  // namespace faultline
