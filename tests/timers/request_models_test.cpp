// Passive opens, and the SYN-ACKs of SYNs that crossed.
#include <gtest/gtest.h>

#include "tests/timers/linux_inputs.hpp"

namespace faultline {
namespace {

TEST(DeferAccept, LastsUntilTheTimeoutThatReachesSoFar) {
  // The option in seconds, the nominal end, and when a Linux 6.18 sent its second SYN-ACK.
  struct {
    int option, nominal;
    Nanos measured;
  } const rows[] = {{1, 1, 1010ms}, {3, 3, 3030ms}, {10, 15, 15390ms}, {30, 31, 31620ms}};
  for (const auto& row : rows) {
    const Prediction accept = must_predict(
        "defer-accept", inputs_with(250, fmt::format("TCP_DEFER_ACCEPT={}", row.option)));
    EXPECT_EQ(accept.transmissions, (Count{2, 2})) << row.option;
    EXPECT_GE(accept.gives_up.low, std::chrono::seconds(row.nominal)) << row.option;
    EXPECT_TRUE((accept.gives_up + Bounds{-5ms, 5ms}).contains(row.measured)) << accept.sentence;
    ASSERT_EQ(accept.sent.size(), 2);
    EXPECT_EQ(accept.sent[1], accept.gives_up);
    EXPECT_EQ(accept.gaps, std::vector{accept.gives_up});
  }
}

TEST(DeferAccept, GoesOnInStepsOfTwoMinutesAndHasAGreatest) {
  const auto low = [](const char* option) {
    return must_predict("defer-accept", inputs_with(250, option)).gives_up.low;
  };
  EXPECT_GE(low("TCP_DEFER_ACCEPT=127"), 127s);
  EXPECT_LT(low("TCP_DEFER_ACCEPT=127"), 140s);
  EXPECT_GE(low("TCP_DEFER_ACCEPT=128"), 247s);  // 127 + 120
  EXPECT_EQ(low("TCP_DEFER_ACCEPT=29888"), low("TCP_DEFER_ACCEPT=2147483647"));
}

TEST(DeferAccept, IsNothingWhereItIsNotSet) {
  const Prediction accept = must_predict("defer-accept", linux_inputs());
  EXPECT_EQ(accept.gives_up, Bounds{});
  EXPECT_EQ(accept.sentence, "TCP_DEFER_ACCEPT is not set: the third segment is accepted");
}

// Both timers run out about a second after the first SYN. Where the SYN comes first, SYN-ACKs leave
// at 0, 1, 2 and 4 s and the request lasts 8 s; where the server's timer does, at 0, 1, 1 and 3 s
// and it lasts 7 s. Measured on 6.18: always the latter, 7.06 to 7.25 s.
TEST(SynackLost, WhicheverComesFirst) {
  const Prediction synack = must_predict(
      "synack-lost",
      inputs_with(250,
                  "tcp_synack_retries=2 peer:tcp_syn_retries=1 peer:tcp_syn_linear_timeouts=0"));
  EXPECT_EQ(synack.transmissions, (Count{4, 4}));
  EXPECT_TRUE(synack.gives_up.contains(7060ms));
  EXPECT_TRUE(synack.gives_up.contains(7250ms));
  EXPECT_TRUE(synack.gives_up.contains(8100ms));
  EXPECT_FALSE(synack.gives_up.contains(6990ms));
  EXPECT_FALSE(synack.gives_up.contains(8700ms));
  EXPECT_TRUE(synack.gaps[1].contains(0ms));  // the timer, then the SYN
  EXPECT_TRUE(synack.gaps[1].contains(1s));   // the SYN, then the timer
  EXPECT_FALSE(synack.gaps[1].contains(1100ms));
}

// Measured with the defaults of 6.18: 21 SYN-ACKs, SYN_RECV for 134 s.
TEST(SynackLost, TheClientsSynsKeepARequestAlive) {
  const Prediction synack = must_predict("synack-lost", linux_inputs());
  EXPECT_TRUE(synack.transmissions.contains(21)) << synack.sentence;
  EXPECT_TRUE(synack.gives_up.contains(134s)) << synack.sentence;
  const Prediction alone = must_predict("synack", linux_inputs());
  EXPECT_LT(alone.gives_up.high, synack.gives_up.low);
}

TEST(SynackLost, WithoutAPeerOfItsOwnTheClientIsSetAsTheServer) {
  EXPECT_EQ(must_predict("synack-lost", inputs_with(250, "tcp_syn_retries=1")).sentence,
            must_predict("synack-lost", inputs_with(250, "peer:tcp_syn_retries=1")).sentence);
  TimerInputs inputs = inputs_with(250, "peer:tcp_syn_retries=x");
  EXPECT_EQ(error_of("synack-lost", inputs),
            "net.ipv4.tcp_syn_retries is 'x', not a number from 0 to 255");
}

TEST(SynackFastOpen, HasOneMore) {
  const Prediction child = must_predict("synack-fast-open", linux_inputs());
  EXPECT_EQ(child.transmissions, (Count{7, 7}));
  EXPECT_GE(child.gives_up.low, 127s);
  EXPECT_LE(child.gives_up.high, 131300ms);
  EXPECT_EQ(must_predict("synack-fast-open", inputs_with(250, "TCP_SYNCNT=6")).gives_up,
            child.gives_up)
      << "the option says it all";
}

// Measured on 6.18 with tcp_rto_max_ms = 1000 and four retries: 31.5 s, as without it.
TEST(Synacks, HeedTheGreatestRtoOnlyLately) {
  TimerInputs inputs = inputs_with(250, "tcp_synack_retries=4 tcp_rto_max_ms=1000");
  EXPECT_TRUE(must_predict("synack", inputs).gives_up.contains(31542ms));
  EXPECT_LT(must_predict("synack-fast-open", inputs).gives_up.high, 7s) << "always did";
  inputs.sysctl["net.ipv4.tcp_comp_sack_rtt_percent"] = "33";
  EXPECT_LT(must_predict("synack", inputs).gives_up.high, 6s);
}

TEST(Synacks, AreMoreThanTheKernelCanTime) {
  EXPECT_EQ(error_of("synack", inputs_with(250, "tcp_synack_retries=62")), "no error");
  EXPECT_EQ(
      error_of("synack", inputs_with(250, "tcp_synack_retries=63")),
      "63 retransmissions of a SYN-ACK are more than the kernel can time: beyond 62 it shifts "
      "the timeout out of its 64 bits");
  EXPECT_NE(error_of("synack-fast-open", inputs_with(250, "tcp_synack_retries=62")), "no error");
  EXPECT_NE(error_of("synack", inputs_with(1000, "tcp_synack_retries=61")), "no error");
}

TEST(Syncookie, LivesInTwoSlotsOf60Seconds) {
  const Prediction cookie = must_predict("syncookie", linux_inputs());
  EXPECT_EQ(cookie.transmissions, (Count{1, 1}));
  EXPECT_EQ(cookie.gives_up, (Bounds{60s, 120s}));
  EXPECT_EQ(cookie.sentence, "1 SYN-ACK at 0 s; the cookie expires after 60 to 120 s");
  EXPECT_EQ(must_predict("syncookie", inputs_with(250, "tcp_syncookies=0")).sentence,
            "tcp_syncookies is 0: no cookie is sent");
}

// Measured on 6.18 with tcp_syn_retries = 2: 7.13 s, whatever tcp_syn_linear_timeouts says.
TEST(SimultaneousOpen, IsBoundedAsASynWithoutLinearTimeouts) {
  const Prediction open = must_predict("simultaneous-open", inputs_with(250, "tcp_syn_retries=2"));
  EXPECT_EQ(open.transmissions, (Count{3, 3}));
  EXPECT_TRUE(open.gives_up.contains(7130ms));
  EXPECT_GE(open.gives_up.low, 7s);
  EXPECT_TRUE(open.gaps[0].contains(950ms)) << "counted from the SYN";
  EXPECT_FALSE(open.gaps[1].contains(1900ms));
  EXPECT_EQ(must_predict("simultaneous-open", inputs_with(250, "TCP_SYNCNT=2")).gives_up,
            open.gives_up);
  const Prediction timed =
      must_predict("simultaneous-open", inputs_with(250, "TCP_USER_TIMEOUT=2500"));
  EXPECT_TRUE(timed.gives_up.contains(2520ms));
}

}  // namespace
}  // namespace faultline
