// Models of closing: FINs that nobody acknowledges, FIN_WAIT_2, TIME_WAIT.
#include <algorithm>
#include <array>

#include "harness/timers/limits.hpp"
#include "harness/timers/unacknowledged.hpp"

namespace faultline {
namespace {

constexpr int64_t longest_linger2 = 120;  // seconds, TCP_FIN_TIMEOUT_MAX, include/net/tcp.h
constexpr Nanos time_wait_length = 60s;   // TCP_TIMEWAIT_LEN, include/net/tcp.h

Plan fin_held(Settings& s) {
  return held(s, "FIN", 0);
}

// tcp_timer.c, tcp_orphan_retries: 0 means 8, until the RTO has grown to its greatest.
Plan fin_orphan(Settings& s) {
  const int64_t retries = s.sysctl("tcp_orphan_retries", most_retries);
  Plan plan = unacknowledged(s, data_life(s, retries == 0 ? safe_orphan_retries : retries),
                             data_life(s, retries), 0);
  plan.noun = "FIN";
  plan.end = "the socket is gone";
  return plan;
}

// tcp.c, __tcp_close; tcp_input.c, FIN_WAIT1; tcp_timer.c, tcp_keepalive_timer. Up to 60 s it is
// one timer; what is beyond 60 s counts twice, and the 60 s not at all. Never less than 3.5 RTO
// (tcp_minisocks.c, tcp_time_wait).
std::vector<int64_t> fin_wait_2_timers(int64_t timeout, int64_t rto, int64_t limit) {
  const int64_t shortest = 4 * rto - rto / 2;
  const int64_t all = std::max(timeout, shortest);
  if (all > limit) return {all - limit, std::max(all - limit, shortest)};
  return {all};
}

Plan fin_wait_2(Settings& s) {
  const int64_t linger2 = s.option("TCP_LINGER2");
  if (linger2 < 0) return {.end = "RST when the FIN is acknowledged"};
  const int64_t seconds =
      linger2 > 0 ? std::min(linger2, longest_linger2) : s.sysctl("tcp_fin_timeout", most_seconds);
  const Interval rto = s.rto();
  const int64_t limit = s.jiffies(time_wait_length);
  return {.end = "FIN_WAIT_2 ends",
          .least_waits = fin_wait_2_timers(seconds * s.hz(), rto.low, limit),
          .most_waits = fin_wait_2_timers(seconds * s.hz(), rto.high, limit)};
}

// tcp_minisocks.c, tcp_time_wait.
Plan time_wait(Settings& s) {
  const std::vector<int64_t> waits{s.jiffies(time_wait_length)};
  return {.end = "TIME_WAIT ends", .least_waits = waits, .most_waits = waits};
}

const std::array<NamedModel, 4> models{{{"fin-held", fin_held},
                                        {"fin-orphan", fin_orphan},
                                        {"fin-wait-2", fin_wait_2},
                                        {"time-wait", time_wait}}};

}  // namespace

std::span<const NamedModel> closing_models() {
  return models;
}

}  // namespace faultline
