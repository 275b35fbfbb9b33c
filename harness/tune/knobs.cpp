#include "harness/tune/knobs.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace faultline {
namespace {

constexpr int64_t week = 7 * 86'400;

std::vector<int64_t> from_to(int64_t least, int64_t most, int64_t step = 1) {
  std::vector<int64_t> values;
  for (int64_t value = least; value <= most; value += step) values.push_back(value);
  return values;
}

// Not from 61 to 119 s, where FIN_WAIT_2 lasts for less than what is asked for.
std::vector<int64_t> fin_timeouts() {
  std::vector<int64_t> values = from_to(1, 60);
  const std::vector<int64_t> longer = from_to(120, 3'600);
  values.insert(values.end(), longer.begin(), longer.end());
  return values;
}

const std::vector<Knob>& all() {
  static const std::vector<Knob> knobs{
      {.name = "tcp_syn_retries", .values = from_to(1, 127), .standard = 6},
      // From 2^tcp_syn_retries on they make the end come earlier again (tcp_timer.c,
      // tcp_write_timeout: time counts as well).
      {.name = "tcp_syn_linear_timeouts",
       .values = from_to(0, 16),
       .standard = 4,
       .is_monotone = false},
      // The kernel times no more than about 60 (harness/timers/plans_request.cpp).
      {.name = "tcp_synack_retries", .values = from_to(0, 48), .standard = 5},
      {.name = "tcp_retries2", .values = from_to(0, 255), .standard = 15},
      {.name = "tcp_orphan_retries", .values = from_to(1, 255), .standard = 8, .zero_is = 8},
      {.name = "tcp_fin_timeout", .values = fin_timeouts(), .standard = 60},
      {.name = "tcp_keepalive_time", .values = from_to(1, week), .standard = 7200},
      {.name = "tcp_keepalive_intvl", .values = from_to(1, 32'767), .standard = 75},
      // Not 1: a probe that is lost must not end a connection that lives.
      {.name = "tcp_keepalive_probes", .values = from_to(2, 127), .standard = 9},
      // The end comes with the first timeout after a time that depends on it as well.
      {.name = "tcp_rto_max_ms",
       .values = from_to(1'000, 120'000, 1'000),
       .standard = 120'000,
       .is_monotone = false},
  };
  return knobs;
}

}  // namespace

double Knob::distance(int64_t value) const {
  return std::abs(std::log2(static_cast<double>(value + 1) / static_cast<double>(standard + 1)));
}

std::vector<int64_t> Knob::round_values() const {
  constexpr size_t few = 128;
  std::vector<int64_t> chosen;
  if (values.size() <= few) {
    chosen = values;
  } else {
    constexpr std::array<int64_t, 12> steps{10, 12, 15, 18, 20, 25, 30, 40, 45, 50, 60, 75};
    for (int64_t value = 1; value < 10; ++value) chosen.push_back(value);
    for (int64_t scale = 1; scale <= values.back(); scale *= 10)
      for (const int64_t step : steps) chosen.push_back(step * scale);
    chosen.push_back(standard);
    std::erase_if(chosen,
                  [&](int64_t value) { return !std::ranges::binary_search(values, value); });
  }
  std::ranges::sort(chosen, {}, [&](int64_t value) { return std::pair(distance(value), value); });
  const auto again = std::ranges::unique(chosen);
  chosen.erase(again.begin(), again.end());
  return chosen;
}

const Knob* find_knob(std::string_view name) {
  const auto found = std::ranges::find(all(), name, &Knob::name);
  return found == all().end() ? nullptr : &*found;
}

}  // namespace faultline
