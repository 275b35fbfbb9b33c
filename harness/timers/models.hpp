// What a Linux kernel promises by its sysctls and socket options: when it retransmits and when it
// gives up. Pure: everything a prediction depends on comes in by `TimerInputs`.
//
//   connect            SYNs of an active open that nobody answers: ETIMEDOUT
//   simultaneous-open  SYN-ACKs of a socket whose SYN crossed another, when nobody answers any more
//   synack             SYN-ACKs of a passive open whose third segment never comes, no SYN coming twice
//   synack-lost        the same when the SYN-ACKs are lost, so that the client's SYN does come again
//   synack-fast-open   SYN-ACKs of a Fast Open that nobody answers
//   defer-accept       the two SYN-ACKs of TCP_DEFER_ACCEPT, when no data come: accepted at the second
//   syncookie          the SYN-ACK that carries a cookie, and how long the cookie is good for
//   data               one segment in ESTABLISHED or CLOSE_WAIT that is never acknowledged
//   tail-loss-probe    how soon the last segment of all is sent again
//   delayed-ack        how long an ACK that is held back is held back
//   zero-window        probes of a closed window, each of them answered: for ever
//   zero-window-dead   probes of a closed window that nobody answers
//   zero-window-orphan, zero-window-orphan-dead
//                      the same for a closed socket with unsent data
//   shrunk-window      one segment in flight towards a window that was closed meanwhile, no answer
//   fin-held           a FIN sent by shutdown() that is never acknowledged: FIN_WAIT_1, CLOSING or
//                      LAST_ACK
//   fin-orphan         the same for a FIN sent by close(), the socket having no owner any more
//   fin-wait-2         a closed socket in FIN_WAIT_2 whose peer never closes
//   time-wait          TIME_WAIT, from the last segment that restarted it
//   keepalive          probes on an idle connection that nobody answers
//
// Times include how late the timer wheel makes every timer (wheel.hpp); what the machine adds, a
// busy processor or a stalled harness, is the caller's to add.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/tcp/timer_promise.hpp"
#include "harness/timers/wheel.hpp"
#include "harness/util/error.hpp"

namespace faultline {

struct TimerInputs {
  int hz = 250;
  // By full name, "net.ipv4.tcp_syn_retries", with the value read back from the kernel. A key that
  // is not there is one that the kernel does not have: tcp_syn_linear_timeouts before 6.5,
  // tcp_rto_min_us before 6.11, tcp_rto_max_ms before 6.15 get the constants they replaced.
  std::map<std::string, std::string> sysctl;
  // As set on the socket (for SYN-ACKs: on the listener): TCP_SYNCNT, TCP_USER_TIMEOUT,
  // TCP_LINGER2, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_DEFER_ACCEPT, TCP_RTO_MAX_MS,
  // TCP_RTO_MIN_US, TCP_DELACK_MAX_US, TCP_THIN_LINEAR_TIMEOUTS; in the units of the option. Others
  // are ignored; SO_KEEPALIVE too: the model keepalive takes it to be on.
  std::map<std::string, int64_t> options;
  // Of the other end, for synack-lost; where no sysctl is there it is set as this one.
  std::map<std::string, std::string> peer_sysctl;
  std::map<std::string, int64_t> peer_options;
  // Bounds of every round trip that the end has measured. Linux rounds a measured one up to at
  // least a microsecond, so that the RTO of a fast network is 200 ms and one jiffy.
  Nanos rtt_low{1us}, rtt_high{1ms};
  // False where nothing was measured: the SYN was retransmitted and there are no timestamps.
  bool rtt_known = true;
  // SACK is in use on the connection: the tail loss probe needs it.
  bool sack = true;
  // Of a stack whose timers are not Linux's: how they tick, and what it promises; nothing of the above
  // then counts.
  std::optional<Ticks> ticks;
  std::vector<TimerPromise> promises;
  // One segment in flight. With more the tail loss probe comes after two round trips already.
  bool single_segment = true;
};

struct Count {
  int least = 0, most = 0;
  [[nodiscard]] bool contains(int n) const { return least <= n && n <= most; }
  [[nodiscard]] bool operator==(const Count&) const = default;
};

// Longer than anybody waits, and short enough to be added to.
inline constexpr Nanos never = std::chrono::years(100);

// Times count from the first transmission; for simultaneous-open from the SYN before it; for
// keepalive from the last segment received; for delayed-ack from the segment that it is about; for
// the zero-window models from when the first data that cannot be sent were handed over, or the
// window closed before such; for fin-wait-2 and time-wait from the beginning of the state.
// (FIN_WAIT_2 begins when the FIN is acknowledged; a Linux peer that does not close itself delays
// that by up to 44 ms.)
struct Prediction {
  // When each transmission leaves: SYNs, SYN-ACKs, data or FINs (the tail loss probe among them),
  // keepalive and window probes. There are `transmissions.most`; those from `transmissions.least`
  // on happen only where timers are late in a certain way. Empty for fin-wait-2, time-wait and
  // delayed-ack.
  std::vector<Bounds> sent;
  // From each transmission to the next; tighter than the differences of `sent`. The least is the
  // timer's own length: after one that a busy machine made late the next can be less late.
  std::vector<Bounds> gaps;
  // The end: an errno for the application, the socket gone, or what the model says above. `never`
  // where nothing ends it: `transmissions` is then 0 to the 32 that are told.
  Bounds gives_up;
  Count transmissions;  // counts the first
  // For people: "11 SYNs at 0, 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s; ETIMEDOUT after 131 s
  // (133.256 to 135.304 s, as timers fire late)".
  std::string sentence;
};

// What the stack promises itself, where it has promises. Errors: an unknown model (with a suggestion), a
// model that the stack promises nothing of, a sysctl that the model needs and that is missing
// or no number (named), an HZ or a round trip out of range.
[[nodiscard]] Result<Prediction> predict(std::string_view model, const TimerInputs& inputs);

[[nodiscard]] std::span<const std::string> model_names();

}  // namespace faultline
