// Data that are lost once, and data that are acknowledged late.
#include <gtest/gtest.h>

#include "tests/timers/linux_inputs.hpp"

namespace faultline {
namespace {

Prediction predicted(std::string_view model, std::string_view changes = "", int hz = 250) {
  return must_predict(model, inputs_with(hz, changes));
}

TEST(TailLossProbe, ComesAfterTheLeastRtoAndTwoRoundTrips) {
  const Prediction probe = predicted("tail-loss-probe", "rtt=1us");
  EXPECT_EQ(probe.gives_up, (Bounds{204ms, 208ms}));
  EXPECT_EQ(probe.gaps, std::vector{probe.gives_up});
  EXPECT_EQ(probe.transmissions, (Count{2, 2}));
  EXPECT_EQ(probe.sentence,
            "2 transmissions at 0 and 0.204 s; the loss probe leaves after 0.204 s (0.204 to 0.208 "
            "s, as timers fire late)");
  // Two round trips and 200 ms are more than an RTO.
  EXPECT_EQ(predicted("tail-loss-probe", "rtt=50ms").gives_up.low, 252ms);
  EXPECT_TRUE(predicted("tail-loss-probe", "tcp_rto_min_us=20000", 1000).gives_up.contains(22ms));
}

TEST(TailLossProbe, WithoutOneItIsTheRto) {
  for (const char* off : {"tcp_early_retrans=0", "tcp_early_retrans=2", "sack=0"}) {
    const Prediction repair = predicted("tail-loss-probe", off);
    EXPECT_EQ(repair.gives_up.low, 204ms) << off;
    EXPECT_NE(repair.sentence.find("the retransmission leaves, without a loss probe, after"),
              std::string::npos)
        << repair.sentence;
  }
  EXPECT_EQ(predicted("tail-loss-probe", "tcp_early_retrans=4").gives_up,
            predicted("tail-loss-probe").gives_up);
}

TEST(TailLossProbe, WithoutARoundTripItIsASecondAndTheRtoThree) {
  TimerInputs blind = linux_inputs();
  blind.rtt_known = false;
  EXPECT_TRUE(must_predict("tail-loss-probe", blind).gives_up.contains(1030ms));
  blind.sack = false;
  EXPECT_TRUE(must_predict("tail-loss-probe", blind).gives_up.contains(3030ms));
}

// Measured: 40 to 48 ms.
TEST(DelayedAck, Is40MillisecondsOnAFastNetwork) {
  EXPECT_EQ(predicted("delayed-ack").gives_up, (Bounds{40ms, 44ms}));
  EXPECT_EQ(predicted("delayed-ack", "", 1000).gives_up, (Bounds{40ms, 41ms}));
  EXPECT_EQ(predicted("delayed-ack").sentence,
            "the ACK leaves after 0.04 s (0.04 to 0.044 s, as timers fire late)");
}

TEST(DelayedAck, MayGrowToTheRoundTripAndTo200Milliseconds) {
  EXPECT_EQ(predicted("delayed-ack", "rtt=100ms").gives_up.low, 40ms);
  EXPECT_TRUE(predicted("delayed-ack", "rtt=100ms").gives_up.contains(100ms));
  EXPECT_FALSE(predicted("delayed-ack", "rtt=100ms").gives_up.contains(110ms));
  EXPECT_EQ(predicted("delayed-ack", "rtt=1s").gives_up.high, 200ms);
}

TEST(DelayedAck, IsLessThanTheLeastRto) {
  EXPECT_EQ(predicted("delayed-ack", "tcp_rto_min_us=20000").gives_up, (Bounds{16ms, 20ms}));
  EXPECT_EQ(predicted("delayed-ack", "tcp_rto_min_us=5000").gives_up.low, 4ms);
  EXPECT_EQ(predicted("delayed-ack", "TCP_DELACK_MAX_US=10000").gives_up.low, 12ms);
  TimerInputs old = inputs_with(250, "TCP_RTO_MIN_US=20000");
  old.sysctl.erase("net.ipv4.tcp_rto_min_us");
  EXPECT_EQ(must_predict("delayed-ack", old).gives_up.low, 40ms) << "not bounded so";
}

}  // namespace
}  // namespace faultline
