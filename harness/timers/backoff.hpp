// One timer that sends again and again and then gives up, simulated jiffy by jiffy as
// tcp_retransmit_timer() and tcp_write_timeout() do it (net/ipv4/tcp_timer.c), for every phase of
// jiffies at which it can start. Lateness accumulates, and because the kernel compares the time
// that has really gone by it can decide how often something is sent.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "harness/timers/models.hpp"

namespace faultline {

struct Backoff {
  static constexpr int64_t unlimited = std::numeric_limits<int64_t>::max();

  int hz = 250;
  int64_t rto = 1;      // jiffies until the first expiry, >= 1
  int64_t rto_max = 1;  // jiffies
  int64_t linear = 0;   // so many expiries leave the RTO as it is, each later one doubles it, …
  int64_t most_doublings = unlimited;  // … but only so many of them
  // Without any of these it goes on for ever. An expiry after so many retransmissions gives up, and
  // …
  int64_t max_retransmits = unlimited;
  // … so does one after at least `life` since the stamp, once `life_after` retransmissions were
  // made; where the RTO has grown to rto_max, `last_life` stands for `life`.
  std::optional<Nanos> life, last_life;
  int64_t life_after = 1;
  // The stamp is the first transmission, or else the first retransmission.
  bool stamped_first = false;
  // What had gone by already when the stamp was set, in jiffies.
  int64_t spent_low = 0, spent_high = 0;
  // From the first retransmission on the timer is cut to what is left of TCP_USER_TIMEOUT
  // (tcp_clamp_rto_to_user_timeout).
  std::optional<Nanos> user_timeout;
  // The first transmission is made somewhere within a jiffy, not in a timer's callback on its tick.
  bool off_tick = true;
  // What sets the timer first sends nothing: transmissions begin with the first expiry, but times
  // count from there.
  bool silent_start = false;
  // Each transmission is answered within so many jiffies, and the answer sets the timer anew.
  int64_t answered_within = 0;
  // The kernel compares whole jiffies with `life`, which must then be so many, not milliseconds.
  // The least that is left of TCP_USER_TIMEOUT is then two (TCP_TIMEOUT_MIN).
  bool in_jiffies = false;
};

// Times from the first transmission, or from what set the timer first.
struct Series {
  std::vector<Bounds> sent, gaps;  // as in Prediction
  Bounds gives_up;
  Count transmissions;
  std::vector<Nanos> nominal;  // `sent` if no timer were late; the least where that differs
  Bounds nominal_end;
};

// One that goes on for ever is told up to its 32nd transmission: `transmissions` is then 0 to 32,
// and `gives_up` is never. Errors: more than 10,000 transmissions, which no one waits for.
[[nodiscard]] Result<Series> simulate(const Backoff& backoff);

// What may be one or the other.
[[nodiscard]] Series either(Series a, const Series& b);

// tcp_model_timeout(): the time, in jiffies, that so many retries would take from the first one on,
// if the RTO began at `base`.
[[nodiscard]] int64_t model_timeout(int64_t retries, int64_t base, int64_t rto_max);

}  // namespace faultline
