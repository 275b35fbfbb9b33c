// The model of keepalive.
#include <algorithm>
#include <array>

#include "harness/timers/limits.hpp"
#include "harness/timers/plans.hpp"

namespace faultline {
namespace {

constexpr int64_t most_option = 32'767;  // MAX_TCP_KEEPIDLE and _KEEPINTVL, include/net/tcp.h
constexpr int64_t most_probes = 127;     // MAX_TCP_KEEPCNT

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

const std::array<NamedModel, 1> models{{{"keepalive", keepalive}}};

}  // namespace

std::span<const NamedModel> idle_models() {
  return models;
}

}  // namespace faultline
