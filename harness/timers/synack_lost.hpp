// SYN-ACKs that are all lost: the request's own timer and the client's SYNs, which come again, both
// send them.
#pragma once

#include "harness/timers/backoff.hpp"

namespace faultline {

// `request`: the timer's rto, rto_max and max_retransmits. `syns`: when the client sends its SYNs,
// each up to `transit` on its way. Where it cannot be told which comes first, the timer or a SYN,
// both are followed. A SYN that finds the request gone begins another one; the end is the last
// one's.
[[nodiscard]] Series synacks_with_syns(const Backoff& request, const Series& syns, Nanos transit);

}  // namespace faultline
