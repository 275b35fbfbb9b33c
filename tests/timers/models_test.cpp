#include "harness/timers/models.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

#include "harness/timers/backoff.hpp"
#include "tests/timers/linux_inputs.hpp"

namespace faultline {
namespace {

TEST(ModelTimeout, IsTheKernelsTable) {
  const int64_t expected[] = {200,    600,    1'400,   3'000,   6'200,  12'600,
                              25'400, 51'000, 102'200, 204'600, 324'600};
  for (int64_t retries = 0; retries <= 10; ++retries)
    EXPECT_EQ(model_timeout(retries, 200, 120'000), expected[retries]);
  EXPECT_EQ(model_timeout(15, 200, 120'000), 924'600);
  EXPECT_EQ(model_timeout(15, 200, 1'000), 14'400);
  EXPECT_EQ(model_timeout(6, 1'000, 120'000), 127'000);
  EXPECT_EQ(model_timeout(7, 1'000, 120'000), 247'000);
}

TEST(Models, TheDefaultConnectTakes131SecondsAndThePhaseDecidesTheRest) {
  const Prediction connect = must_predict("connect", linux_inputs());
  EXPECT_GE(connect.gives_up.low, 133200ms);
  EXPECT_LE(connect.gives_up.high, 135400ms);
  EXPECT_EQ(connect.transmissions, (Count{11, 11}));
  ASSERT_EQ(connect.sent.size(), 11);
  ASSERT_EQ(connect.gaps.size(), 10);
  EXPECT_EQ(connect.sent.front(), Bounds{});
  const int at[] = {0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67};
  for (size_t n = 1; n < 11; ++n) {
    EXPECT_GE(connect.sent[n].low, std::chrono::seconds(at[n])) << n;
    EXPECT_LE(connect.sent[n].high, worst_composition(std::chrono::seconds(at[n]), 250).high) << n;
  }
  EXPECT_EQ(
      connect.sentence,
      "11 SYNs at 0, 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s; ETIMEDOUT after 131 s (133.256 to "
      "135.304 s, as timers fire late)");
}

TEST(Models, BeforeLinearTimeoutsConnectTakes127Seconds) {
  TimerInputs old = linux_inputs();
  old.sysctl.erase("net.ipv4.tcp_syn_linear_timeouts");
  const Prediction connect = must_predict("connect", old);
  EXPECT_EQ(connect.transmissions, (Count{7, 7}));
  EXPECT_GE(connect.gives_up.low, 127s);
  EXPECT_LE(connect.gives_up.high, 131300ms);  // measured: 130.91 s
}

TEST(Models, AnOldKernelHasTheConstantsThatBecameSettings) {
  TimerInputs old = linux_inputs();
  for (const char* key : {"tcp_rto_min_us", "tcp_rto_max_ms", "tcp_thin_linear_timeouts"})
    old.sysctl.erase(std::string("net.ipv4.") + key);
  for (const std::string& model : model_names())
    EXPECT_EQ(must_predict(model, old).sentence, must_predict(model, linux_inputs()).sentence);
}

TEST(Models, ATotalIsAtTheHzOfTheKernel) {
  struct {
    int hz;
    Nanos low, high;
  } const rows[] = {
      {250, 937600ms, 939800ms}, {1000, 947900ms, 952100ms}, {100, 959600ms, 964800ms}};
  for (const auto& row : rows) {
    const Bounds bounds = must_predict("data", linux_inputs(row.hz)).gives_up;
    EXPECT_GE(bounds.low, row.low) << row.hz;
    EXPECT_LE(bounds.high, row.high) << row.hz;
  }
}

// T(4) is 6.2 s; at 1000 Hz the lateness of the timers carries the sixth expiry over it, or not.
TEST(Models, WhereLatenessDecidesTheCountIsARange) {
  const Prediction orphan = must_predict("fin-orphan", inputs_with(1000, "tcp_orphan_retries=4"));
  EXPECT_EQ(orphan.transmissions, (Count{6, 7}));
  EXPECT_EQ(orphan.sent.size(), 7);
  EXPECT_TRUE(orphan.gives_up.contains(6610ms));
  EXPECT_TRUE(orphan.gives_up.contains(13200ms));
  EXPECT_EQ(orphan.sentence,
            "6 or 7 FINs at 0, 0.201, 0.402, 0.804, 1.608, 3.216 and 6.432 s; the socket is gone "
            "after 6.603 to 13.53 s");
}

TEST(Models, TheRtoFollowsTheRoundTrip) {
  const Prediction far = must_predict("data", inputs_with(250, "rtt=50ms"));
  EXPECT_GE(far.gaps[1].low, 250ms);
  EXPECT_LE(far.gaps[1].high, 284ms);  // 63 jiffies wait in slots of 8
  TimerInputs unknown = linux_inputs();
  unknown.rtt_known = false;
  const Prediction blind = must_predict("data", unknown);  // measured: 1.03 and 4.04 s
  EXPECT_TRUE(blind.sent[1].contains(1030ms));
  EXPECT_TRUE((blind.sent[2] + Bounds{-8ms, 8ms}).contains(4040ms));
  const Prediction floor = must_predict("data", inputs_with(1000, "tcp_rto_min_us=20000"));
  EXPECT_TRUE(floor.gaps[1].contains(22ms));
  // Measured on 6.12 at 250 Hz with 5 ms, which are two jiffies there: RTOs of three.
  EXPECT_EQ(must_predict("data", inputs_with(250, "tcp_rto_min_us=5000")).gaps[1].low, 12ms);
  EXPECT_GT(floor.transmissions.least, 17);
  EXPECT_TRUE((floor.gives_up + Bounds{-120s, 120s}).contains(940s));
}

// Measured: a callback one jiffy late, and the next one on time. 828 ms is no early firing of a
// timer of 816 ms, although a punctual chain would have had 832.
TEST(Models, AGapIsNeverShorterThanItsTimerAndMayBeShorterThanAPunctualOne) {
  const Prediction fin = must_predict("fin-orphan", inputs_with(250, "tcp_orphan_retries=3"));
  EXPECT_EQ(fin.gaps[3].low, 816ms);
  EXPECT_TRUE(fin.gaps[3].contains(828ms));
}

TEST(Models, WithMoreInFlightTheLossProbeComesEarly) {
  TimerInputs many = linux_inputs();
  many.single_segment = false;
  const Prediction data = must_predict("data", many);
  EXPECT_LE(data.gaps[0].low, 4ms);
  EXPECT_GE(data.gaps[0].high, 204ms);
}

TEST(Models, UserTimeoutReplacesTheRetries) {
  const Prediction data = must_predict("data", inputs_with(250, "TCP_USER_TIMEOUT=5000"));
  EXPECT_GE(data.gives_up.low, 5408ms);
  EXPECT_LE(data.gives_up.high, 5680ms);
  EXPECT_EQ(must_predict("fin-orphan", inputs_with(250, "TCP_USER_TIMEOUT=5000")).gives_up,
            data.gives_up);
  // A SYN is sent again once, whatever the timeout says; then it is over at the next jiffy.
  const Prediction brief = must_predict("connect", inputs_with(250, "TCP_USER_TIMEOUT=100"));
  EXPECT_EQ(brief.transmissions, (Count{2, 2}));
  EXPECT_GE(brief.gives_up.low, 1s);
  EXPECT_LE(brief.gives_up.high, 1045ms);
}

TEST(Models, AnOrphanWithNoRetriesSetLastsUntilItsRtoIsAtItsGreatest) {
  const Prediction orphan = must_predict("fin-orphan", inputs_with(250, "tcp_rto_max_ms=1000"));
  EXPECT_LE(orphan.gives_up.high, 3s);
  const Prediction held = must_predict("fin-held", inputs_with(250, "tcp_rto_max_ms=1000"));
  EXPECT_GE(held.gives_up.low, 14s);
}

TEST(Models, FinWait2HasAStrangeZoneAbove60Seconds) {
  const auto low = [](std::string_view changes) {
    return must_predict("fin-wait-2", inputs_with(250, changes)).gives_up.low;
  };
  const std::pair<const char*, int> rows[] = {{"5", 5},   {"30", 30},  {"60", 60},
                                              {"61", 2},  {"62", 4},   {"70", 20},
                                              {"90", 60}, {"100", 80}, {"120", 120}};
  for (const auto& [timeout, seconds] : rows) {
    const Nanos earliest = low(std::string("tcp_fin_timeout=") + timeout);
    EXPECT_GE(earliest, std::chrono::seconds(seconds)) << timeout;
    EXPECT_LE(earliest, std::chrono::seconds(seconds) + 1500ms) << timeout;
  }
  EXPECT_EQ(low("TCP_LINGER2=500"), low("tcp_fin_timeout=120"));  // capped
  EXPECT_GE(low("tcp_fin_timeout=0"), 714ms);                     // 3.5 RTO
  const Prediction reset = must_predict("fin-wait-2", inputs_with(250, "TCP_LINGER2=-1"));
  EXPECT_EQ(reset.gives_up, Bounds{});
  EXPECT_EQ(reset.sentence, "RST when the FIN is acknowledged");
}

TEST(Models, QuietOnesSendNothing) {
  const Prediction wait = must_predict("time-wait", linux_inputs());
  EXPECT_EQ(wait.gives_up, (Bounds{60s, 62048ms}));
  EXPECT_TRUE(wait.sent.empty());
  EXPECT_EQ(wait.transmissions, Count{});
  EXPECT_EQ(wait.sentence, "TIME_WAIT ends after 60 s (60 to 62.048 s, as timers fire late)");
}

TEST(Models, KeepaliveCountsFromTheLastSegmentReceived) {
  const Prediction keepalive = must_predict("keepalive", linux_inputs());
  EXPECT_EQ(keepalive.transmissions, (Count{9, 9}));
  EXPECT_EQ(keepalive.sent.front(), (Bounds{7200s - 4ms, 7200s + 131072ms}));
  EXPECT_EQ(keepalive.gaps.size(), 8);
  EXPECT_GE(keepalive.gives_up.low, 7875s);
  EXPECT_LE(keepalive.gives_up.high, 7875s + 131072ms + 9 * 2048ms);
  const Prediction none = must_predict("keepalive", inputs_with(250, "tcp_keepalive_probes=0"));
  EXPECT_EQ(none.transmissions, Count{});
  EXPECT_GE(none.gives_up.low, 7200s);
}

TEST(Models, ManyTransmissionsAreToldInShort) {
  const Prediction connect =
      must_predict("connect", inputs_with(250, "tcp_syn_retries=127 tcp_syn_linear_timeouts=127"));
  EXPECT_GT(connect.transmissions.least, 127);
  EXPECT_LT(connect.sentence.size(), 200);
  EXPECT_NE(connect.sentence.find("8, 9, … and "), std::string::npos) << connect.sentence;
}

TEST(Models, ErrorsSayWhatIsWrong) {
  EXPECT_EQ(error_of("conect", linux_inputs()),
            "there is no timer model 'conect' (did you mean 'connect'?)");
  TimerInputs inputs = linux_inputs();
  inputs.sysctl.erase("net.ipv4.tcp_retries2");
  EXPECT_EQ(error_of("data", inputs), "the kernel's net.ipv4.tcp_retries2 is not known");
  for (const char* bad : {"", "x", "3x", "-1", "256", "99999999999999999999"})
    EXPECT_EQ(error_of("data", inputs_with(250, std::string("tcp_retries2=") + bad)),
              fmt::format("net.ipv4.tcp_retries2 is '{}', not a number from 0 to 255", bad));
  inputs.sysctl["net.ipv4.tcp_retries2"] = "15\n";
  EXPECT_EQ(must_predict("data", inputs).sentence, must_predict("data", linux_inputs()).sentence);
  EXPECT_EQ(error_of("data", linux_inputs(0)), "HZ 0 is out of range: it can be 1 to 1200");
  inputs = linux_inputs(1000);
  inputs.rtt_high = 61s;
  EXPECT_EQ(error_of("data", inputs),
            "a round trip of 1us to 61s is out of range: it can be up to 60s");
  inputs.rtt_high = 2s;
  EXPECT_EQ(error_of("data", inputs),
            "timer model 'data': the round trips differ too much for a prediction");
  EXPECT_EQ(error_of("data", inputs_with(1000, "tcp_rto_max_ms=1000 TCP_USER_TIMEOUT=2147483647")),
            "timer model 'data': more than 10000 transmissions before it gives up");
}

TEST(Models, EveryOptionAtItsExtremesIsAnswered) {
  for (const std::string& model : model_names())
    for (const char* option : {"TCP_SYNCNT", "TCP_USER_TIMEOUT", "TCP_LINGER2", "TCP_KEEPIDLE",
                               "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_RTO_MAX_MS", "TCP_RTO_MIN_US",
                               "TCP_DEFER_ACCEPT", "TCP_DELACK_MAX_US"})
      for (const int64_t value : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0},
                                  int64_t{1}, std::numeric_limits<int64_t>::max()})
        for (const int hz : {1, 100, 1200}) {
          TimerInputs inputs = linux_inputs(hz);
          inputs.options[option] = value;
          const auto prediction = predict(model, inputs);
          if (!prediction) continue;
          EXPECT_LE(prediction->gives_up.low, prediction->gives_up.high)
              << model << option << value;
          EXPECT_EQ(prediction->sent.size(), prediction->transmissions.most);
        }
}

}  // namespace
}  // namespace faultline
