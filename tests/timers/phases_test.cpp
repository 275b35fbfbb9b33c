// The models against a plain simulation of a kernel: one socket, one clock in nanoseconds, a start
// at any time. Written from the kernel's side (expiry times and millisecond stamps), not from the
// models'.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <vector>

#include "tests/timers/linux_inputs.hpp"

namespace faultline {
namespace {

struct Kernel {
  int hz;
  int64_t now = 0;  // ns

  [[nodiscard]] int64_t tick() const { return 1'000'000'000 / hz; }
  // mod_timer() now, then sleep until the callback runs, some microseconds after the tick.
  void wait(int64_t jiffies) {
    const int64_t expires = now / tick() + jiffies;
    int level = 0;
    while (jiffies >= 63LL << (3 * level)) ++level;
    const int64_t slot = (expires >> (3 * level)) + 1;
    now = (slot << (3 * level)) * tick() + 20'000;
  }
  [[nodiscard]] int64_t ms() const { return now / 1'000'000; }
};

struct Run {
  std::vector<int64_t> sent;  // ns after the start
  int64_t end = 0;
};

struct Knobs {
  int64_t rto = 0;  // jiffies
  int64_t linear = 0, most = 1 << 20;
  int64_t life_ms = 0, user_timeout_ms = 0;
  bool syn = false;
  std::optional<int64_t> probe;  // jiffies
};

Run run(int hz, int64_t start, const Knobs& knobs) {
  Kernel kernel{hz, start};
  Run result{.sent = {0}};
  const auto send = [&] { result.sent.push_back(kernel.now - start); };
  if (knobs.probe) {
    kernel.wait(*knobs.probe);
    send();
  }
  int64_t rto = knobs.rto, wait = rto, stamp = kernel.ms();
  for (int64_t retransmits = 0;; ++retransmits) {
    kernel.wait(wait);
    const int64_t limit = knobs.user_timeout_ms > 0 ? knobs.user_timeout_ms : knobs.life_ms;
    if (retransmits >= knobs.most) break;
    if (limit > 0 && retransmits > 0 && kernel.ms() - stamp >= limit) break;
    if (retransmits == 0 && !knobs.syn) stamp = kernel.ms();
    send();
    if (retransmits + 1 > knobs.linear) rto = std::min<int64_t>(2 * rto, 120LL * hz);
    wait = rto;
    if (knobs.user_timeout_ms > 0) {
      const int64_t left = knobs.user_timeout_ms - (kernel.ms() - stamp);
      wait = left <= 0 ? 1 : std::min(rto, (left * hz + 999) / 1000);
    }
  }
  result.end = kernel.now - start;
  return result;
}

// The callback's own latency, 20 µs, is not the wheel's.
constexpr Nanos latency = 25us;

void expect_within(const Run& got, const Prediction& predicted) {
  const auto count = static_cast<int>(got.sent.size());
  ASSERT_TRUE(predicted.transmissions.contains(count)) << count << ": " << predicted.sentence;
  for (size_t n = 0; n < got.sent.size(); ++n) {
    EXPECT_GE(Nanos(got.sent[n]), predicted.sent[n].low) << n;
    EXPECT_LE(Nanos(got.sent[n]) - latency, predicted.sent[n].high) << n;
    if (n == 0) continue;
    const Nanos gap(got.sent[n] - got.sent[n - 1]);
    EXPECT_GE(gap + latency, predicted.gaps[n - 1].low) << n;
    EXPECT_LE(gap - latency, predicted.gaps[n - 1].high) << n;
  }
  EXPECT_GE(Nanos(got.end), predicted.gives_up.low) << predicted.sentence;
  EXPECT_LE(Nanos(got.end) - latency, predicted.gives_up.high) << predicted.sentence;
}

// Starts at every phase of the widest slot, each time somewhere else within the jiffy. What comes
// out must lie within the prediction and come near to both of its ends.
void check(int hz, const char* model, const std::string& changes, const Knobs& knobs) {
  SCOPED_TRACE(testing::Message() << model << " at " << hz << " Hz, " << changes);
  const auto predicted = predict(model, inputs_with(hz, changes + " rtt=100us"));
  ASSERT_TRUE(predicted) << predicted.error().what;
  std::mt19937_64 random(1);
  const int64_t tick = 1'000'000'000 / hz;
  std::optional<Bounds> seen;
  for (int64_t phase = 0; phase < 4096; ++phase) {
    const int64_t within = static_cast<int64_t>(random() % static_cast<uint64_t>(tick));
    const Run got = run(hz, (1'000'000 + phase) * tick + within, knobs);
    expect_within(got, *predicted);
    if (testing::Test::HasFailure()) return;
    seen = hull(seen.value_or(Bounds{Nanos(got.end), Nanos(got.end)}),
                {Nanos(got.end), Nanos(got.end)});
  }
  const Nanos slack = 8 * jiffy(hz) + 1ms;
  EXPECT_LE(seen->low, predicted->gives_up.low + slack) << predicted->sentence;
  EXPECT_GE(seen->high, predicted->gives_up.high - slack) << predicted->sentence;
}

class Phases : public testing::TestWithParam<int> {};

TEST_P(Phases, OfConnect) {
  const int hz = GetParam();
  for (const int linear : {0, 4, 8})
    for (int retries = 1; retries <= 6; ++retries)
      check(hz, "connect",
            fmt::format("tcp_syn_retries={} tcp_syn_linear_timeouts={}", retries, linear),
            {.rto = hz,
             .linear = linear,
             .most = retries + linear,
             .life_ms = ((2 << retries) - 1) * 1000,
             .syn = true});
}

TEST_P(Phases, OfSynAcks) {
  const int hz = GetParam();
  for (const int retries : {0, 1, 2, 5})
    check(hz, "synack", fmt::format("tcp_synack_retries={}", retries),
          {.rto = hz, .most = retries, .syn = true});
}

TEST_P(Phases, OfDataWithAndWithoutTheLossProbe) {
  const int hz = GetParam();
  const int64_t rto = hz / 5 + 1;
  for (int retries = 0; retries <= 9; ++retries)
    for (const bool sack : {false, true})
      check(hz, "fin-held", fmt::format("tcp_retries2={} sack={}", retries, sack ? 1 : 0),
            {.rto = rto,
             .life_ms = ((2 << retries) - 1) * 200,
             .probe = sack ? std::optional(rto) : std::nullopt});
  check(hz, "data", "", {.rto = rto, .life_ms = 924'600, .probe = std::optional(rto)});
}

TEST_P(Phases, OfUserTimeouts) {
  const int hz = GetParam();
  for (const int ms : {1, 500, 2500, 2501, 30'000}) {
    check(hz, "connect", fmt::format("TCP_USER_TIMEOUT={}", ms),
          {.rto = hz, .linear = 4, .most = 10, .user_timeout_ms = ms, .syn = true});
    check(hz, "data", fmt::format("TCP_USER_TIMEOUT={} sack=0", ms),
          {.rto = hz / 5 + 1, .user_timeout_ms = ms});
  }
}

// tcp_probe_timer() of a held socket: the first wait begins with a send(), the others with the
// probe or, where it is answered, somewhat later.
struct Probing {
  int64_t base = 0, retries2 = 15;  // jiffies
  std::optional<int64_t> answer;    // ns after the probe
  int64_t user_timeout = 0;         // jiffies
};

Run run_probes(int hz, int64_t start, const Probing& probing) {
  Kernel kernel{hz, start};
  const auto jiffies = [&] { return kernel.now / kernel.tick(); };
  Run result;
  int64_t stamp = 0, backoff = 0, unanswered = 0, wait = probing.base;
  for (;;) {
    kernel.wait(wait);
    if (stamp == 0)
      stamp = jiffies();
    else if (probing.user_timeout > 0 && jiffies() - stamp >= probing.user_timeout)
      break;
    if (unanswered >= probing.retries2 || result.sent.size() == 20) break;
    result.sent.push_back(kernel.now - start);
    ++unanswered;
    backoff = std::min(backoff + 1, probing.retries2);
    if (probing.answer) {
      kernel.now += *probing.answer;
      unanswered = 0;
    }
    wait = std::min<int64_t>(probing.base << backoff, 120LL * hz);
    if (probing.user_timeout > 0)
      wait = std::min(wait, std::max<int64_t>(probing.user_timeout - (jiffies() - stamp), 2));
  }
  result.end = kernel.now - start;
  return result;
}

void check_probes(int hz, const char* model, const std::string& changes, Probing probing) {
  SCOPED_TRACE(testing::Message() << model << " at " << hz << " Hz, " << changes);
  const auto predicted = predict(model, inputs_with(hz, changes + " rtt=1ms"));
  ASSERT_TRUE(predicted) << predicted.error().what;
  std::mt19937_64 random(1);
  const int64_t tick = 1'000'000'000 / hz;
  for (int64_t phase = 0; phase < 4096; ++phase) {
    const int64_t within = static_cast<int64_t>(random() % static_cast<uint64_t>(tick));
    if (probing.answer) probing.answer = static_cast<int64_t>(random() % 1'000'000);
    const Run got = run_probes(hz, (1'000'000 + phase) * tick + within, probing);
    ASSERT_TRUE(predicted->transmissions.contains(static_cast<int>(got.sent.size())));
    for (size_t n = 0; n < got.sent.size(); ++n) {
      ASSERT_GE(Nanos(got.sent[n]), predicted->sent[n].low) << n;
      ASSERT_LE(Nanos(got.sent[n]) - latency, predicted->sent[n].high) << n;
      if (n == 0) continue;
      const Nanos gap(got.sent[n] - got.sent[n - 1]);
      ASSERT_GE(gap + latency, predicted->gaps[n - 1].low) << n;
      ASSERT_LE(gap - latency, predicted->gaps[n - 1].high) << n;
    }
    if (predicted->gives_up.low == never) continue;
    ASSERT_GE(Nanos(got.end), predicted->gives_up.low);
    ASSERT_LE(Nanos(got.end) - latency, predicted->gives_up.high);
  }
}

TEST_P(Phases, OfWindowProbes) {
  const int hz = GetParam();
  const int64_t base = hz / 5 + 1;
  for (const int retries2 : {1, 3, 15})
    check_probes(hz, "zero-window-dead", fmt::format("tcp_retries2={}", retries2),
                 {.base = base, .retries2 = retries2});
  check_probes(hz, "zero-window", "tcp_retries2=5", {.base = base, .retries2 = 5, .answer = 0});
  for (const int ms : {500, 1201, 8000}) {
    const int64_t jiffies = (static_cast<int64_t>(ms) * hz + 999) / 1000;
    check_probes(hz, "zero-window", fmt::format("TCP_USER_TIMEOUT={}", ms),
                 {.base = base, .answer = 0, .user_timeout = jiffies});
    check_probes(hz, "zero-window-dead", fmt::format("TCP_USER_TIMEOUT={}", ms),
                 {.base = base, .user_timeout = jiffies});
  }
}

INSTANTIATE_TEST_SUITE_P(Hz, Phases, testing::Values(100, 250, 1000));

}  // namespace
}  // namespace faultline
