#include "harness/run/patience.hpp"

#include <algorithm>

#include "harness/judge/window.hpp"
#include "harness/run/script.hpp"
#include "harness/run/sysctls.hpp"

namespace faultline {
namespace {

// The defaults of a new network namespace (net/ipv4/tcp_ipv4.c, tcp_sk_init) that the models read.
const std::map<std::string, std::string> kernel_defaults{
    {"net.ipv4.tcp_syn_retries", "6"},      {"net.ipv4.tcp_syn_linear_timeouts", "4"},
    {"net.ipv4.tcp_synack_retries", "5"},   {"net.ipv4.tcp_retries1", "3"},
    {"net.ipv4.tcp_retries2", "15"},        {"net.ipv4.tcp_orphan_retries", "0"},
    {"net.ipv4.tcp_fin_timeout", "60"},     {"net.ipv4.tcp_keepalive_time", "7200"},
    {"net.ipv4.tcp_keepalive_intvl", "75"}, {"net.ipv4.tcp_keepalive_probes", "9"},
    {"net.ipv4.tcp_early_retrans", "3"},    {"net.ipv4.tcp_sack", "1"},
    {"net.ipv4.tcp_timestamps", "1"},       {"net.ipv4.tcp_thin_linear_timeouts", "0"},
    {"net.ipv4.tcp_syncookies", "1"}};

Nanos expected(const CallStep& call, const TimerInputs& inputs) {
  return call.takes ? longest(*call.takes, inputs) : 0ns;
}

bool is_under_test(const Case& the_case, End end) {
  return the_case.about == About::both ||
         the_case.about == (end == End::client ? About::client : About::server);
}

std::map<std::string, std::string> expected_sysctls(const Case& the_case,
                                                    const Environment& environment, End end) {
  const auto& in_force = environment.ends[index(end)].sysctl;
  if (!in_force.empty()) return in_force;
  std::map<std::string, std::string> expected = kernel_defaults;
  for (const auto& [name, value] : the_case.setup(end).sysctl)
    expected[full_sysctl_name(name)] = value;
  if (is_under_test(the_case, end))
    for (const auto& [name, value] : environment.overrides) expected[name] = value;
  return expected;
}

}  // namespace

TimerInputs expected_inputs(const Case& the_case, const Environment& environment, End end) {
  return {.hz = environment.hz,
          .sysctl = expected_sysctls(the_case, environment, end),
          .options = the_case.setup(end).options,
          .peer_sysctl = expected_sysctls(the_case, environment, other(end)),
          .peer_options = the_case.setup(other(end)).options};
}

TimerInputs expected_inputs(const Case& the_case, const Environment& environment,
                            const CallStep& call) {
  TimerInputs inputs = expected_inputs(the_case, environment, call.end);
  for (const Step& step : the_case.steps) {
    const auto* set = std::get_if<CallStep>(&step.what);
    if (set && set->call == Call::setsockopt && set->end == call.end && set->socket == call.socket)
      inputs.options[set->option] = set->value;
  }
  return inputs;
}

Nanos patience(const CallStep& call, const TimerInputs& inputs) {
  if (call.takes) return expected(call, inputs) * 3 / 2 + 10s;
  return call.fails ? patience_with_failure : default_patience;
}

Nanos predicted_length(const Case& the_case, const Environment& environment) {
  Nanos total = settling;
  Nanos background{};
  for (const Step& step : the_case.steps) {
    if (const auto* call = std::get_if<CallStep>(&step.what)) {
      const Nanos length = expected(*call, expected_inputs(the_case, environment, *call));
      if (call->background)
        background = std::max(background, total + length);
      else
        total += length;
    } else if (const auto* wait = std::get_if<WaitStep>(&step.what)) {
      if (const auto* pause = std::get_if<Nanos>(&wait->until)) total += *pause;
      // A bound that is given is a guess at what it waits for, on the long side.
      else if (wait->within)
        total += *wait->within / 2;
    }
  }
  return std::max(total, background);
}

Nanos longest_length(const Case& the_case, const Environment& environment) {
  Nanos total = 30s;
  for (const Step& step : the_case.steps) {
    if (const auto* call = std::get_if<CallStep>(&step.what))
      total += patience(*call, expected_inputs(the_case, environment, *call));
    else if (const auto* wait = std::get_if<WaitStep>(&step.what)) {
      const auto* pause = std::get_if<Nanos>(&wait->until);
      total += pause ? *pause : wait->within.value_or(default_within);
    }
  }
  return total;
}

}  // namespace faultline
