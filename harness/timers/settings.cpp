#include "harness/timers/settings.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace faultline {
namespace {

constexpr int greatest_hz = 1'200;  // Alpha's; 1000 elsewhere
constexpr Nanos greatest_rtt = 60s;
constexpr Nanos least_rtt = 1us;           // srtt_us is at least 1 (tcp_input.c, tcp_rtt_estimator)
constexpr Nanos no_sample_rto = 3s;        // TCP_TIMEOUT_FALLBACK, include/net/tcp.h
constexpr Nanos no_sample_probe = 1s;      // TCP_TIMEOUT_INIT
constexpr Nanos least_probe_margin = 2ms;  // TCP_TIMEOUT_MIN_US
constexpr int64_t default_rto_min_us = 200'000;  // TCP_RTO_MIN
constexpr int64_t default_rto_max_ms = 120'000;  // TCP_RTO_MAX

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\n";
  const size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::optional<int64_t> number_in(std::string_view text, int64_t most) {
  const std::string_view digits = trimmed(text);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  if (value < 0 || value > most) return {};
  return value;
}

}  // namespace

Settings::Settings(const TimerInputs& inputs) : inputs_(inputs) {
  if (inputs.hz < 1 || inputs.hz > greatest_hz)
    refuse(fmt::format("HZ {} is out of range: it can be 1 to {}", inputs.hz, greatest_hz));
}

void Settings::check_round_trip() {
  if (inputs_.rtt_low >= Nanos(0) && inputs_.rtt_low <= inputs_.rtt_high &&
      inputs_.rtt_high <= greatest_rtt)
    return;
  refuse(fmt::format("a round trip of {} to {} is out of range: it can be up to {}",
                     format_duration(inputs_.rtt_low), format_duration(inputs_.rtt_high),
                     format_duration(greatest_rtt)));
}

void Settings::refuse(std::string what) {
  if (!error_) error_ = Error{std::move(what)};
}

int64_t Settings::sysctl(const std::string& name, int64_t most) {
  const std::string key = "net.ipv4." + name;
  const auto found = inputs_.sysctl.find(key);
  if (found == inputs_.sysctl.end()) {
    refuse(fmt::format("the kernel's {} is not known", key));
    return 0;
  }
  const std::optional<int64_t> value = number_in(found->second, most);
  if (!value)
    refuse(fmt::format("{} is '{}', not a number from 0 to {}", key, trimmed(found->second), most));
  return value.value_or(0);
}

bool Settings::has(const std::string& name) const {
  return inputs_.sysctl.contains("net.ipv4." + name);
}

int64_t Settings::sysctl_or(const std::string& name, int64_t most, int64_t fallback) {
  return has(name) ? sysctl(name, most) : fallback;
}

int64_t Settings::option(const std::string& name) const {
  const auto found = inputs_.options.find(name);
  return found == inputs_.options.end() ? 0 : found->second;
}

std::optional<Nanos> Settings::user_timeout() const {
  const int64_t ms = option("TCP_USER_TIMEOUT");
  if (ms <= 0) return {};
  return std::chrono::milliseconds(std::min<int64_t>(ms, std::numeric_limits<int32_t>::max()));
}

Nanos Settings::rto_min() {
  const int64_t own = option("TCP_RTO_MIN_US");
  constexpr int64_t most = 60'000'000;
  const int64_t us = sysctl_or("tcp_rto_min_us", most, default_rto_min_us);
  const std::chrono::microseconds least(own > 0 ? std::min(own, most) : us);
  return from_jiffies(jiffies(least), hz());
}

int64_t Settings::rto_max() {
  const int64_t own = option("TCP_RTO_MAX_MS");
  const int64_t ms = sysctl_or("tcp_rto_max_ms", default_rto_max_ms, default_rto_max_ms);
  constexpr int64_t least_ms = 1'000;
  return jiffies(
      std::chrono::milliseconds(std::clamp(own > 0 ? own : ms, least_ms, default_rto_max_ms)));
}

Interval Settings::rto() {
  check_round_trip();
  const int64_t most = rto_max();
  const Nanos floor = rto_min(), low = std::max(inputs_.rtt_low, least_rtt),
              high = std::max(inputs_.rtt_high, least_rtt);
  if (!inputs_.rtt_known) {
    const int64_t rto = std::min(jiffies(no_sample_rto), most);
    return {rto, rto};
  }
  // The first sample makes RTTVAR two round trips; each later one can lift it to four times its
  // distance from the mean.
  const Nanos variance = std::max({floor, 2 * high, 4 * (high - low)});
  return {std::min(jiffies(low + floor), most), std::min(jiffies(high + variance), most)};
}

Interval Settings::probe_timeout() {
  const Interval limit = rto();
  if (!inputs_.rtt_known) {
    const int64_t timeout = std::min(jiffies(no_sample_probe), limit.low);
    return {timeout, timeout};
  }
  const Nanos margin = rto_min();
  const Nanos least = inputs_.single_segment ? margin : std::min(margin, least_probe_margin);
  return {std::min(jiffies(2 * std::max(inputs_.rtt_low, least_rtt) + least), limit.low),
          std::min(jiffies(2 * inputs_.rtt_high + margin), limit.high)};
}

}  // namespace faultline
