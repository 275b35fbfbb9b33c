// Models of passive opens: the SYN-ACKs of a request that waits in SYN_RECV.
#include <algorithm>
#include <array>
#include <bit>

#include "harness/timers/limits.hpp"
#include "harness/timers/plans.hpp"
#include "harness/timers/synack_lost.hpp"

namespace faultline {
namespace {

constexpr Nanos longest_rto = 120s;  // TCP_RTO_MAX, include/net/tcp.h
constexpr Nanos cookie_slot = 60s;   // TCP_SYNCOOKIE_PERIOD, include/net/tcp.h

// The timeout of 1 s, in jiffies, is shifted by the number of timeouts in 64 bits
// (include/net/inet_connection_sock.h, reqsk_timeout): from some number on nothing is left of it.
// (Seen on 6.12 at 250 Hz: 63 gaps as they should be, one of 0, and from there on 1, 2, 4 … s once
// more.)
int64_t most_timeouts(int hz) {
  return 63 - std::countr_zero(static_cast<unsigned>(hz));
}

int64_t synack_retries(Settings& s, int64_t more) {
  const int64_t own = s.option("TCP_SYNCNT");
  const int64_t retries =
      own > 0 ? std::min(own, most_syns) : s.sysctl("tcp_synack_retries", most_retries) + more;
  if (const int64_t most = most_timeouts(s.hz()); retries > most)
    s.refuse(
        fmt::format("{} retransmissions of a SYN-ACK are more than the kernel can time: beyond "
                    "{} it shifts the timeout out of its 64 bits",
                    retries, most));
  return retries;
}

// tcp_rto_max_ms was there before requests heeded it: they do (include/net/tcp.h,
// tcp_reqsk_timeout) since the release that brought tcp_comp_sack_rtt_percent. Before, the gaps may
// grow to TCP_RTO_MAX.
int64_t greatest_gap(Settings& s) {
  return s.has("tcp_comp_sack_rtt_percent") ? s.rto_max() : s.jiffies(longest_rto);
}

Backoff request(Settings& s, int64_t retries, int64_t rto_max) {
  const int64_t rto = std::min(s.jiffies(initial_rto), rto_max);
  return {.hz = s.hz(), .rto = rto, .rto_max = rto_max, .max_retransmits = retries};
}

Plan synacks(const Backoff& series, std::string end) {
  return {
      .noun = "SYN-ACK", .end = std::move(end), .series = series, .rtos = {series.rto, series.rto}};
}

// inet_connection_sock.c, reqsk_timer_handler.
Plan synack(Settings& s) {
  return synacks(request(s, synack_retries(s, 0), greatest_gap(s)), "the request is dropped");
}

// tcp_timer.c, tcp_fastopen_synack_timer: the child of a Fast Open sends one more.
Plan synack_fast_open(Settings& s) {
  return synacks(request(s, synack_retries(s, 1), s.rto_max()), "ETIMEDOUT");
}

// tcp_minisocks.c, tcp_check_req: a SYN that comes again is answered once more, and the timer that
// is running begins anew.
Plan synack_lost(Settings& s) {
  TimerInputs peer = s.inputs();
  if (!peer.peer_sysctl.empty()) {
    peer.sysctl = std::move(peer.peer_sysctl);
    peer.options = std::move(peer.peer_options);
  }
  Settings client(peer);
  const Plan connect = connect_plan(client);
  if (client.error()) s.refuse(client.error()->what);
  const int64_t retries = synack_retries(s, 0);
  if (s.error()) return {};
  const Result<Series> syns = simulate(*connect.series);
  if (!syns) return {};
  return {
      .noun = "SYN-ACK",
      .end = "the request is dropped",
      .told = synacks_with_syns(request(s, retries, greatest_gap(s)), *syns, s.inputs().rtt_high)};
}

// tcp.c, secs_to_retrans: the number of timeouts of 1, 2, 4 … 120 s that so many seconds reach
// into.
int64_t timeouts_within(int64_t seconds) {
  constexpr int64_t longest = 120, most = 255;
  int64_t timeouts = seconds > 0 ? 1 : 0;
  for (int64_t timeout = 1, period = 1; seconds > period && timeouts < most; ++timeouts) {
    timeout = std::min(2 * timeout, longest);
    period += timeout;
  }
  return timeouts;
}

// tcp_minisocks.c, tcp_check_req, drops bare ACKs meanwhile; inet_connection_sock.c,
// syn_ack_recalc, sends the SYN-ACK again only when the last of the timeouts is over.
Plan defer_accept(Settings& s) {
  const int64_t timeouts = timeouts_within(s.option("TCP_DEFER_ACCEPT"));
  if (timeouts == 0) return {.end = "TCP_DEFER_ACCEPT is not set: the third segment is accepted"};
  const Result<Series> series = simulate(request(s, timeouts - 1, greatest_gap(s)));
  if (!series) return {};
  return {.noun = "SYN-ACK",
          .end = "accepted without data",
          .told = Series{.sent = {Bounds{}, series->gives_up},
                         .gaps = {series->gives_up},
                         .gives_up = series->gives_up,
                         .transmissions = {2, 2},
                         .nominal = {Nanos(0), series->nominal_end.low},
                         .nominal_end = series->nominal_end}};
}

// syncookies.c, check_tcp_syn_cookie: a cookie is good in the slot of 60 s that it was made in and
// in the next. Slots are counted from the boot on.
Plan syncookie(Settings& s) {
  if (s.sysctl("tcp_syncookies", 2) == 0) return {.end = "tcp_syncookies is 0: no cookie is sent"};
  return {.noun = "SYN-ACK",
          .end = "the cookie expires",
          .told = Series{.sent = {Bounds{}},
                         .gives_up = {cookie_slot, 2 * cookie_slot},
                         .transmissions = {1, 1},
                         .nominal = {Nanos(0)},
                         .nominal_end = {cookie_slot, 2 * cookie_slot}}};
}

const std::array<NamedModel, 5> models{{{"synack", synack},
                                        {"synack-lost", synack_lost},
                                        {"synack-fast-open", synack_fast_open},
                                        {"defer-accept", defer_accept},
                                        {"syncookie", syncookie}}};

}  // namespace

std::span<const NamedModel> request_models() {
  return models;
}

}  // namespace faultline
