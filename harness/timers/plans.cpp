#include "harness/timers/plans.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace faultline {
namespace {

constexpr int64_t most_retries = 255;        // the u8 of tcp_retries2 and its like
constexpr int64_t most_seconds = 2'147'483;  // what fits a sysctl in jiffies at 1000 Hz
constexpr int64_t most_option = 32'767;      // MAX_TCP_KEEPIDLE and _KEEPINTVL, include/net/tcp.h
constexpr int64_t most_probes = 127;         // MAX_TCP_KEEPCNT
constexpr int64_t most_syns = 127;           // MAX_TCP_SYNCNT
constexpr int64_t safe_orphan_retries = 8;   // tcp_timer.c, tcp_orphan_retries
constexpr int64_t thin_linear_retries = 6;   // TCP_THIN_LINEAR_RETRIES, include/net/tcp.h
constexpr int64_t longest_linger2 = 120;     // seconds, TCP_FIN_TIMEOUT_MAX
constexpr Nanos initial_rto = 1s;            // TCP_TIMEOUT_INIT
constexpr Nanos time_wait_length = 60s;      // TCP_TIMEWAIT_LEN

// The time that so many retries are worth, counted from the first retransmission of an RTO of 200
// ms, whatever RTO the connection has (tcp_timer.c, retransmits_timed_out).
Nanos data_life(Settings& s, int64_t retries) {
  const int64_t rto_min = std::max(s.hz() / 5, 1);
  return from_jiffies(model_timeout(retries, rto_min, s.rto_max()), s.hz());
}

// TCP_SYNCNT takes the place of either sysctl: of tcp_synack_retries on a listener.
int64_t syn_retries(Settings& s, const char* sysctl) {
  const int64_t own = s.option("TCP_SYNCNT");
  return own > 0 ? std::min(own, most_syns) : s.sysctl(sysctl, most_retries);
}

// tcp_timer.c, tcp_write_timeout: both a count and a time bound an unanswered SYN.
Plan connect(Settings& s) {
  const int64_t retries = syn_retries(s, "tcp_syn_retries");
  const int64_t linear = s.sysctl_or("tcp_syn_linear_timeouts", most_retries, 0);
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

// inet_connection_sock.c, reqsk_timer_handler.
Plan synack(Settings& s) {
  const int64_t rto_max = s.rto_max(), rto = std::min(s.jiffies(initial_rto), rto_max);
  return {.noun = "SYN-ACK",
          .end = "the request is dropped",
          .series = Backoff{.hz = s.hz(),
                            .rto = rto,
                            .rto_max = rto_max,
                            .max_retransmits = syn_retries(s, "tcp_synack_retries")},
          .rtos = {rto, rto}};
}

// What is in flight in a synchronized state and never acknowledged. `last_life` is for orphans.
Plan unacknowledged(Settings& s, Nanos life, std::optional<Nanos> last_life, int64_t linear) {
  const auto user_timeout = s.user_timeout();
  Plan plan{.rtos = s.rto()};
  plan.series = Backoff{.hz = s.hz(),
                        .rto_max = s.rto_max(),
                        .linear = linear,
                        .life = user_timeout.value_or(life),
                        .last_life = user_timeout ? user_timeout : last_life,
                        .user_timeout = user_timeout};
  // 3 and 4 mean on (tcp_output.c, tcp_schedule_loss_probe).
  const int64_t early_retrans = s.inputs().sack ? s.sysctl("tcp_early_retrans", most_retries) : 0;
  if (early_retrans == 3 || early_retrans == 4) {
    const Interval probe = s.probe_timeout();
    plan.lead = Lead{.bounds = {from_jiffies(probe.low, s.hz()),
                                from_jiffies(probe.high + slot_width(probe.high), s.hz())},
                     .nominal = from_jiffies(probe.low, s.hz()),
                     .after_a_transmission = true};
    plan.series->off_tick = false;
  }
  return plan;
}

Plan held(Settings& s, std::string noun, int64_t linear) {
  Plan plan = unacknowledged(s, data_life(s, s.sysctl("tcp_retries2", most_retries)), {}, linear);
  plan.noun = std::move(noun);
  plan.end = "ETIMEDOUT";
  return plan;
}

Plan data(Settings& s) {
  const bool thin = s.option("TCP_THIN_LINEAR_TIMEOUTS") != 0 ||
                    s.sysctl_or("tcp_thin_linear_timeouts", 1, 0) != 0;
  return held(s, "transmission", thin ? thin_linear_retries : 0);
}

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
// one timer; what is beyond 60 s counts twice, and the 60 s not at all. Never less than 3.5 RTO.
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

Plan time_wait(Settings& s) {
  const std::vector<int64_t> waits{s.jiffies(time_wait_length)};
  return {.end = "TIME_WAIT ends", .least_waits = waits, .most_waits = waits};
}

// tcp_timer.c, tcp_keepalive_timer. The idle time is counted in whole jiffies from the last
// segment, so the first probe can come a fraction of a jiffy early when the timer was set before
// that.
Plan keepalive(Settings& s) {
  const auto value = [&](const char* option, int64_t limit, const char* sysctl, int64_t most) {
    const int64_t own = s.option(option);
    return own > 0 ? std::min(own, limit) : s.sysctl(sysctl, most);
  };
  const int64_t idle =
      value("TCP_KEEPIDLE", most_option, "tcp_keepalive_time", most_seconds) * s.hz();
  const int64_t gap = std::max<int64_t>(
      value("TCP_KEEPINTVL", most_option, "tcp_keepalive_intvl", most_seconds) * s.hz(), 1);
  const int64_t probes = value("TCP_KEEPCNT", most_probes, "tcp_keepalive_probes", most_retries);
  const int64_t latest = idle + slot_width(idle);
  const auto user_timeout = s.user_timeout();
  if (probes == 0 && !user_timeout)
    return {.end = "RST and ETIMEDOUT", .least_waits = {idle}, .most_waits = {idle}};
  Plan plan{.noun = "probe", .end = "RST and ETIMEDOUT"};
  plan.lead = Lead{.bounds = {from_jiffies(std::max<int64_t>(idle - 1, 0), s.hz()),
                              from_jiffies(latest, s.hz())},
                   .nominal = from_jiffies(idle, s.hz())};
  // With TCP_USER_TIMEOUT the number of probes counts no more; the time alone ends it, at a probe's
  // turn, the first probe always being sent.
  plan.series = Backoff{.hz = s.hz(),
                        .rto_max = gap,
                        .max_retransmits = user_timeout ? Backoff::unlimited : probes - 1,
                        .life = user_timeout,
                        .life_after = 0,
                        .stamped_first = true,
                        .spent_low = idle,
                        .spent_high = latest,
                        .off_tick = false};
  plan.rtos = {gap, gap};
  return plan;
}

const std::array<NamedModel, 8> models{{{"connect", connect},
                                        {"synack", synack},
                                        {"data", data},
                                        {"fin-held", fin_held},
                                        {"fin-orphan", fin_orphan},
                                        {"fin-wait-2", fin_wait_2},
                                        {"time-wait", time_wait},
                                        {"keepalive", keepalive}}};

}  // namespace

std::span<const NamedModel> all_models() {
  return models;
}

}  // namespace faultline
