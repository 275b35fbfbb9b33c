// A Linux 6.18 as it comes, on a fast network.
#pragma once

#include "harness/timers/models.hpp"

namespace faultline {

inline TimerInputs linux_inputs(int hz = 250) {
  TimerInputs inputs{.hz = hz};
  inputs.sysctl = {
      {"net.ipv4.tcp_syn_retries", "6"},          {"net.ipv4.tcp_syn_linear_timeouts", "4"},
      {"net.ipv4.tcp_synack_retries", "5"},       {"net.ipv4.tcp_retries2", "15"},
      {"net.ipv4.tcp_orphan_retries", "0"},       {"net.ipv4.tcp_early_retrans", "3"},
      {"net.ipv4.tcp_fin_timeout", "60"},         {"net.ipv4.tcp_keepalive_time", "7200"},
      {"net.ipv4.tcp_keepalive_intvl", "75"},     {"net.ipv4.tcp_keepalive_probes", "9"},
      {"net.ipv4.tcp_rto_min_us", "200000"},      {"net.ipv4.tcp_rto_max_ms", "120000"},
      {"net.ipv4.tcp_thin_linear_timeouts", "0"}, {"net.ipv4.tcp_syncookies", "1"}};
  return inputs;
}

// "tcp_syn_retries=5 TCP_SYNCNT=2 sack=0 peer:tcp_syn_retries=1": what is different.
TimerInputs inputs_with(int hz, std::string_view changes);

// Throws where there is an error.
Prediction must_predict(std::string_view model, const TimerInputs& inputs);
std::string error_of(std::string_view model, const TimerInputs& inputs);

}  // namespace faultline
