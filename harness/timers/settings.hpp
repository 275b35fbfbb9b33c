// What the models read of their inputs, each with the default of a kernel that has no such setting.
#pragma once

#include <optional>
#include <string>

#include "harness/timers/models.hpp"

namespace faultline {

// The first error sticks; what is read after it is of no use. `inputs` must outlive this.
class Settings {
 public:
  explicit Settings(const TimerInputs& inputs);

  // Below "net.ipv4.", a whole number of at least 0. Missing is an error unless there is a
  // fallback.
  int64_t sysctl(const std::string& name, int64_t most);
  int64_t sysctl_or(const std::string& name, int64_t most, int64_t fallback);
  // Whether the kernel has it.
  [[nodiscard]] bool has(const std::string& name) const;
  // 0, which every option uses for "not set", where it was not set.
  [[nodiscard]] int64_t option(const std::string& name) const;
  [[nodiscard]] std::optional<Nanos> user_timeout() const;

  // The bounds of the RTO without backoff: SRTT + max(RTTVAR, rto_min) (tcp_input.c, tcp_set_rto
  // and tcp_rtt_estimator), or 3 s where no round trip was measured (tcp_metrics.c,
  // tcp_init_metrics).
  Interval rto();
  // The tail loss probe's timeout (tcp_output.c, tcp_schedule_loss_probe).
  Interval probe_timeout();
  int64_t rto_max();
  // Kept in whole jiffies (tcp.c, tcp_init_sock; include/net/tcp.h, tcp_rto_min_us).
  Nanos rto_min();

  [[nodiscard]] int64_t jiffies(Nanos interval) const { return to_jiffies(interval, hz()); }
  [[nodiscard]] int hz() const { return inputs_.hz; }
  [[nodiscard]] const TimerInputs& inputs() const { return inputs_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  void refuse(std::string what);

 private:
  void check_round_trip();

  const TimerInputs& inputs_;
  std::optional<Error> error_;
};

}  // namespace faultline
