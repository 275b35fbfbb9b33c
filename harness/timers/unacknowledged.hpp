// What is in flight in a synchronized state and is never acknowledged: data or a FIN.
#pragma once

#include "harness/timers/plans.hpp"

namespace faultline {

// The tail loss probe's timeout in jiffies, where the kernel would send one: 3 and 4 of
// tcp_early_retrans mean on, and SACK has to be in use (tcp_output.c, tcp_schedule_loss_probe).
[[nodiscard]] std::optional<Interval> loss_probe(Settings& s);

// The time that so many retries are worth, counted from the first retransmission of an RTO of 200
// ms, whatever RTO the connection has (tcp_timer.c, retransmits_timed_out).
[[nodiscard]] Nanos data_life(Settings& s, int64_t retries);

// The plan but for its noun and end. TCP_USER_TIMEOUT takes the place of `life`, and of
// `last_life`, which is for orphans. The first `linear` timeouts do not double the RTO.
[[nodiscard]] Plan unacknowledged(Settings& s, Nanos life, std::optional<Nanos> last_life,
                                  int64_t linear);

// The same for a socket that its application still holds: tcp_retries2.
[[nodiscard]] Plan held(Settings& s, std::string noun, int64_t linear);

// tcp_thin_linear_timeouts or its option: so many timeouts leave the RTO as it is.
[[nodiscard]] int64_t thin_linear_timeouts(Settings& s, int64_t while_thin);

}  // namespace faultline
