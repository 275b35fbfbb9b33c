#include "harness/tune/behaviours.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace faultline {
namespace {

const std::array all{
    Behaviour{.name = "connect",
              .model = "connect",
              .says = "A connect() to a host that drops packets fails with ETIMEDOUT after {}.",
              .sysctls = {"tcp_syn_retries", "tcp_syn_linear_timeouts", "tcp_rto_max_ms"}},
    Behaviour{.name = "synack",
              .model = "synack",
              .says = "A half-open connection whose client falls silent is forgotten by the server "
                      "after {}.",
              .sysctls = {"tcp_synack_retries"}},
    Behaviour{.name = "tail-loss",
              .model = "tail-loss-probe",
              .says = "The last segment of all, once lost, is sent again after {}.",
              .sysctls = {"tcp_rto_min_us"}},
    Behaviour{.name = "delayed-ack",
              .model = "delayed-ack",
              .says = "An ACK that could ride on an answer is held back for {}.",
              .sysctls = {"tcp_rto_min_us"}},
    Behaviour{
        .name = "dead-peer",
        .model = "data",
        .says = "A connection that sends to a peer that is gone fails with ETIMEDOUT after {}.",
        .sysctls = {"tcp_retries2", "tcp_rto_max_ms", "tcp_rto_min_us", "tcp_early_retrans",
                    "tcp_thin_linear_timeouts", "tcp_sack"}},
    Behaviour{.name = "closed-window",
              .model = "zero-window-dead",
              .says = "A connection whose peer has closed its window and is gone fails with "
                      "ETIMEDOUT after {}.",
              .sysctls = {"tcp_retries2", "tcp_rto_max_ms", "tcp_rto_min_us"}},
    Behaviour{.name = "half-close",
              .model = "fin-held",
              .says =
                  "A connection that is shut down, not closed, towards a peer that is gone fails "
                  "with ETIMEDOUT after {}.",
              .sysctls = {"tcp_retries2", "tcp_rto_max_ms", "tcp_rto_min_us", "tcp_early_retrans",
                          "tcp_sack"}},
    Behaviour{
        .name = "orphan",
        .model = "fin-orphan",
        .says = "A socket that was closed towards a peer that is gone takes up memory for {}.",
        .sysctls = {"tcp_orphan_retries", "tcp_rto_max_ms", "tcp_rto_min_us", "tcp_early_retrans",
                    "tcp_sack"}},
    Behaviour{
        .name = "orphan-closed-window",
        .model = "zero-window-orphan-dead",
        .says = "A socket that was closed with unsent data towards a peer that has closed its "
                "window and is gone takes up memory for {}.",
        .sysctls = {"tcp_orphan_retries", "tcp_retries2", "tcp_rto_max_ms", "tcp_rto_min_us"}},
    Behaviour{
        .name = "fin-wait-2",
        .model = "fin-wait-2",
        .says = "A closed socket whose peer does not close as well stays in FIN_WAIT_2 for {}.",
        .sysctls = {"tcp_fin_timeout"}},
    Behaviour{.name = "time-wait",
              .model = "time-wait",
              .says =
                  "The end that closes first keeps the connection's ports in TIME_WAIT for {}; no "
                  "sysctl changes that.",
              .sysctls = {}},
    Behaviour{.name = "keepalive",
              .model = "keepalive",
              .says = "An idle connection with SO_KEEPALIVE to a peer that is gone fails with "
                      "ETIMEDOUT after {}.",
              .sysctls = {"tcp_keepalive_time", "tcp_keepalive_intvl", "tcp_keepalive_probes"}},
};

std::string three_digits(double value) {
  const int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

struct Spoken {
  std::string number, unit;
};

// In the unit that suits `scale`, so that both ends of a range have the same.
Spoken spoken_like(Nanos time, Nanos scale) {
  if (scale < 1s) return {three_digits(static_cast<double>(time.count()) / 1e6), " ms"};
  if (scale < 10min) return {three_digits(static_cast<double>(time.count()) / 1e9), " s"};
  return {format_duration(std::chrono::round<std::chrono::seconds>(time)), ""};
}

}  // namespace

std::string measuring_case(const Behaviour& behaviour) {
  return "tuning/" + behaviour.model;
}

std::span<const Behaviour> behaviours() {
  return all;
}

const Behaviour* find_behaviour(std::string_view name) {
  const auto found = std::ranges::find(all, name, &Behaviour::name);
  return found == all.end() ? nullptr : &*found;
}

std::span<const std::string> behaviour_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Behaviour& behaviour : all) list.push_back(behaviour.name);
    return list;
  }();
  return names;
}

bool governs(std::string_view key, const Behaviour& behaviour) {
  return std::ranges::any_of(behaviour.sysctls, [&](const std::string& name) {
    return key == fmt::format("net.ipv4.{}", name);
  });
}

TimerInputs tuning_inputs(std::map<std::string, std::string> sysctls, const TuneKernel& kernel) {
  TimerInputs inputs{.hz = kernel.hz,
                     .sysctl = std::move(sysctls),
                     .rtt_low = kernel.rtt.low,
                     .rtt_high = kernel.rtt.high};
  const auto sack = inputs.sysctl.find("net.ipv4.tcp_sack");
  inputs.sack = sack == inputs.sysctl.end() || sack->second != "0";
  return inputs;
}

Result<Bounds> predict_end(const Behaviour& behaviour, const TimerInputs& inputs) {
  const auto prediction = predict(behaviour.model, inputs);
  if (!prediction) return std::unexpected(prediction.error());
  return prediction->gives_up;
}

std::string spoken(Bounds time) {
  if (time.low >= never) return "ever";
  const Spoken low = spoken_like(time.low, time.high), high = spoken_like(time.high, time.high);
  if (low.number == high.number) return high.number + high.unit;
  return fmt::format("{} to {}{}", low.number, high.number, high.unit);
}

std::string spoken(Nanos time) {
  return spoken(Bounds{time, time});
}

std::string sentence(const Behaviour& behaviour, Bounds time) {
  return fmt::format(fmt::runtime(behaviour.says), spoken(time));
}

}  // namespace faultline
