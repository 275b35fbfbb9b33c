// Models of data in ESTABLISHED: what is never acknowledged, what is lost once, and when it is
// acknowledged at the latest.
#include <algorithm>
#include <array>
#include <limits>

#include "harness/timers/limits.hpp"
#include "harness/timers/unacknowledged.hpp"

namespace faultline {
namespace {

constexpr int64_t thin_linear_retries = 6;  // TCP_THIN_LINEAR_RETRIES, include/net/tcp.h

Plan data(Settings& s) {
  return held(s, "transmission", thin_linear_timeouts(s, thin_linear_retries));
}

// tcp_output.c, tcp_schedule_loss_probe and tcp_send_loss_probe; where there is no probe it is the
// retransmission timeout that repairs the tail.
Plan tail_loss_probe(Settings& s) {
  const auto probe = loss_probe(s);
  const Interval timeout = probe.value_or(s.rto());
  const Bounds bounds = hull(timer_bounds(from_jiffies(timeout.low, s.hz()), s.hz()),
                             timer_bounds(from_jiffies(timeout.high, s.hz()), s.hz()));
  const Nanos nominal = from_jiffies(timeout.low, s.hz());
  return {
      .noun = "transmission",
      .end = probe ? "the loss probe leaves" : "the retransmission leaves, without a loss probe,",
      .told = Series{.sent = {Bounds{}, bounds},
                     .gaps = {bounds},
                     .gives_up = bounds,
                     .transmissions = {2, 2},
                     .nominal = {Nanos(0), nominal},
                     .nominal_end = {nominal, nominal}}};
}

// TCP_ATO_MIN and TCP_DELACK_MIN, TCP_DELACK_MAX: include/net/tcp.h.
int64_t least_delay(int hz) {
  return hz >= 100 ? hz / 25 : 4;
}

// tcp_output.c, tcp_delack_max: what an ACK may be held back at most, always less than an RTO of
// the peer's. Before tcp_rto_min_us the RTO did not count.
int64_t greatest_delay(Settings& s) {
  const auto own =
      std::min<int64_t>(s.option("TCP_DELACK_MAX_US"), std::numeric_limits<int32_t>::max());
  const int64_t most = std::max(s.hz() / 5, 1);
  const int64_t limit = own > 0 ? std::min(s.jiffies(std::chrono::microseconds(own)), most) : most;
  if (!s.has("tcp_rto_min_us")) return limit;
  return std::min(limit, std::max<int64_t>(s.jiffies(s.rto_min()), 2) - 1);
}

// tcp_output.c, tcp_send_delayed_ack. It begins at its least (tcp_input.c, tcp_event_data_recv),
// and what it may grow to is bounded by the round trip. ACKs that are not held back, those of the
// first segments and of every second full one among them, are no matter of a timer.
Plan delayed_ack(Settings& s) {
  const int64_t least = least_delay(s.hz()), limit = greatest_delay(s);
  const int64_t round_trip =
      s.inputs().rtt_known ? s.jiffies(s.inputs().rtt_high) : greatest_delay(s);
  return {.end = "the ACK leaves",
          .least_waits = {std::min(least, limit)},
          .most_waits = {std::min(std::max(least, round_trip), limit)}};
}

const std::array<NamedModel, 3> models{
    {{"data", data}, {"tail-loss-probe", tail_loss_probe}, {"delayed-ack", delayed_ack}}};

}  // namespace

std::span<const NamedModel> data_models() {
  return models;
}

}  // namespace faultline
