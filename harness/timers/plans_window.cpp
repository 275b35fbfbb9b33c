// Models of closed windows: probes, and retransmissions that serve as such.
#include <algorithm>
#include <array>
#include <optional>

#include "harness/timers/limits.hpp"
#include "harness/timers/unacknowledged.hpp"

namespace faultline {
namespace {

struct Knobs {
  int64_t retries2 = 0;
  std::optional<int64_t> orphan_retries;  // of a socket that nobody holds any more
  bool answered = false;
  int64_t rto_max = 0;
};

// tcp_timer.c, tcp_probe_timer: whether the timer that finds so many probes sent is the last.
bool gives_up_after(int64_t probes, int64_t rto, const Knobs& knobs) {
  const int64_t unanswered = knobs.answered ? 0 : probes;
  if (!knobs.orphan_retries) return unanswered >= knobs.retries2;
  constexpr int64_t widest_shift = 32;
  const int64_t backoff = std::min(probes, knobs.retries2);
  const bool alive = rto << std::min(backoff, widest_shift) < knobs.rto_max;
  const int64_t most =
      *knobs.orphan_retries == 0 && alive ? safe_orphan_retries : *knobs.orphan_retries;
  return (!alive && backoff >= most) || unanswered >= most;
}

int64_t most_probes(int64_t rto, const Knobs& knobs) {
  for (int64_t probes = 0; probes <= most_retries; ++probes)
    if (gives_up_after(probes, rto, knobs)) return probes;
  return Backoff::unlimited;
}

// tcp_output.c, tcp_send_probe0; include/net/tcp.h, tcp_probe0_base and tcp_probe0_when: the RTO,
// but at least 200 ms, doubled tcp_retries2 times at most. An answer sets the timer anew
// (tcp_input.c, tcp_ack_probe). Of TCP_USER_TIMEOUT answers stop nothing: it counts from the first
// probe, in jiffies.
Plan probes(Settings& s, std::optional<int64_t> orphan_retries, bool answered) {
  const Knobs knobs{.retries2 = s.sysctl("tcp_retries2", most_retries),
                    .orphan_retries = orphan_retries,
                    .answered = answered,
                    .rto_max = s.rto_max()};
  std::optional<Nanos> user_timeout = s.user_timeout();
  if (user_timeout) user_timeout = from_jiffies(s.jiffies(*user_timeout), s.hz());
  Plan plan{
      .noun = "probe", .end = orphan_retries ? "the socket is gone" : "ETIMEDOUT", .rtos = s.rto()};
  plan.series = Backoff{.hz = s.hz(),
                        .rto_max = knobs.rto_max,
                        .most_doublings = knobs.retries2,
                        .life = user_timeout,
                        .user_timeout = user_timeout,
                        .silent_start = true,
                        .answered_within = answered ? s.jiffies(s.inputs().rtt_high) : 0,
                        .in_jiffies = true};
  plan.adapt = [knobs, least = int64_t{s.hz() / 5}](Backoff& series) {
    series.max_retransmits = most_probes(series.rto, knobs);
    series.rto = std::max(series.rto, least);
  };
  return plan;
}

Plan zero_window(Settings& s) {
  return probes(s, {}, true);
}
Plan zero_window_dead(Settings& s) {
  return probes(s, {}, false);
}
Plan zero_window_orphan(Settings& s) {
  return probes(s, s.sysctl("tcp_orphan_retries", most_retries), true);
}
Plan zero_window_orphan_dead(Settings& s) {
  return probes(s, s.sysctl("tcp_orphan_retries", most_retries), false);
}

// tcp_timer.c, tcp_retransmit_timer and tcp_rtx_probe0_timed_out: such retransmissions are not
// counted, so a thin stream never leaves its linear timeouts.
Plan shrunk_window(Settings& s) {
  const Nanos life = from_jiffies(2 * s.rto_max(), s.hz());
  Plan plan = unacknowledged(s, life, {}, thin_linear_timeouts(s, Backoff::unlimited));
  plan.series->life = std::min(*plan.series->life, life);
  plan.series->last_life.reset();
  plan.series->life_after = 0;
  plan.noun = "transmission";
  plan.end = "ETIMEDOUT";
  return plan;
}

const std::array<NamedModel, 5> models{{{"zero-window", zero_window},
                                        {"zero-window-dead", zero_window_dead},
                                        {"zero-window-orphan", zero_window_orphan},
                                        {"zero-window-orphan-dead", zero_window_orphan_dead},
                                        {"shrunk-window", shrunk_window}}};

}  // namespace

std::span<const NamedModel> window_models() {
  return models;
}

}  // namespace faultline
