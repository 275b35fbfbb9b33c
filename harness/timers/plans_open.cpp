// Models of active opens: SYNs, and the SYN-ACKs of SYNs that crossed.
#include <algorithm>
#include <array>

#include "harness/timers/limits.hpp"
#include "harness/timers/plans.hpp"

namespace faultline {
namespace {

// What crosses does so soon after the SYN.
constexpr Nanos crossing = 100ms;

// tcp_timer.c, tcp_write_timeout: both a count and a time bound SYNs, and SYN-ACKs of a full
// socket, that nobody answers. Only SYNs may be sent again without backoff (tcp_retransmit_timer).
Plan unanswered(Settings& s, int64_t linear) {
  const int64_t own = s.option("TCP_SYNCNT");
  const int64_t retries =
      own > 0 ? std::min(own, most_syns) : s.sysctl("tcp_syn_retries", most_retries);
  const int64_t rto_max = s.rto_max(), rto = std::min(s.jiffies(initial_rto), rto_max);
  const Nanos life = from_jiffies(model_timeout(retries, rto, rto_max), s.hz());
  return {.noun = "SYN",
          .end = "ETIMEDOUT",
          .series = Backoff{.hz = s.hz(),
                            .rto = rto,
                            .rto_max = rto_max,
                            .linear = linear,
                            .max_retransmits = retries + linear,
                            .life = s.user_timeout().value_or(life),
                            .stamped_first = true,
                            .user_timeout = s.user_timeout()},
          .rtos = {rto, rto}};
}

// tcp_input.c, tcp_rcv_synsent_state_process: the SYN's timer and its stamp stay; what it sends is
// a SYN-ACK from then on, the first of them at once.
Plan simultaneous_open(Settings& s) {
  Plan plan = unanswered(s, 0);
  Result<Series> series = simulate(*plan.series);
  if (!series) return plan;
  series->sent.front().high = crossing;
  if (!series->gaps.empty()) series->gaps.front().low -= crossing;
  return {.noun = "SYN-ACK", .end = plan.end, .told = std::move(*series)};
}

const std::array<NamedModel, 2> models{
    {{"connect", connect_plan}, {"simultaneous-open", simultaneous_open}}};

}  // namespace

Plan connect_plan(Settings& s) {
  return unanswered(s, s.sysctl_or("tcp_syn_linear_timeouts", most_retries, 0));
}

std::span<const NamedModel> opening_models() {
  return models;
}

}  // namespace faultline
