#include "harness/timers/unacknowledged.hpp"

#include <algorithm>
#include <utility>

#include "harness/timers/limits.hpp"

namespace faultline {

std::optional<Interval> loss_probe(Settings& s) {
  const int64_t early_retrans = s.inputs().sack ? s.sysctl("tcp_early_retrans", most_retries) : 0;
  if (early_retrans != 3 && early_retrans != 4) return {};
  return s.probe_timeout();
}

Nanos data_life(Settings& s, int64_t retries) {
  const int64_t rto_min = std::max(s.hz() / 5, 1);
  return from_jiffies(model_timeout(retries, rto_min, s.rto_max()), s.hz());
}

Plan unacknowledged(Settings& s, Nanos life, std::optional<Nanos> last_life, int64_t linear) {
  const auto user_timeout = s.user_timeout();
  Plan plan{.rtos = s.rto()};
  plan.series = Backoff{.hz = s.hz(),
                        .rto_max = s.rto_max(),
                        .linear = linear,
                        .life = user_timeout.value_or(life),
                        .last_life = user_timeout ? user_timeout : last_life,
                        .user_timeout = user_timeout};
  if (const auto probe = loss_probe(s)) {
    plan.lead = Lead{.bounds = {from_jiffies(probe->low, s.hz()),
                                from_jiffies(probe->high + slot_width(probe->high), s.hz())},
                     .nominal = from_jiffies(probe->low, s.hz()),
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

int64_t thin_linear_timeouts(Settings& s, int64_t while_thin) {
  const bool thin = s.option("TCP_THIN_LINEAR_TIMEOUTS") != 0 ||
                    s.sysctl_or("tcp_thin_linear_timeouts", 1, 0) != 0;
  return thin ? while_thin : 0;
}

}  // namespace faultline
