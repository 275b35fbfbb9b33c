// bench_wire [throughput] [delay] [memory] [suite]: what the harness itself costs. All of them
// where none is named. For an idle machine; the program `faultline` is beside this one.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/figures.hpp"

namespace faultline::bench {

void print_figure(const char* name, const std::string& value, const std::string& target) {
  fmt::print("{:<42} {}{}\n", name, value, target.empty() ? "" : "  [target: " + target + "]");
  std::fflush(stdout);
}

namespace {

using Measurement = std::pair<std::string_view, Result<void> (*)()>;
constexpr std::array<Measurement, 4> measurements{{{"throughput", measure_throughput},
                                                   {"delay", measure_delay},
                                                   {"memory", measure_memory},
                                                   {"suite", measure_suite}}};

int measure(const std::vector<std::string_view>& names) {
  for (const std::string_view name : names) {
    if (std::ranges::find(measurements, name, &Measurement::first) != measurements.end()) continue;
    fmt::print(stderr, "usage: bench_wire [throughput] [delay] [memory] [suite]\n");
    return 64;
  }
  bool good = true;
  for (const auto& [name, run] : measurements) {
    if (!names.empty() && std::ranges::find(names, name) == names.end()) continue;
    if (const auto done = run(); !done) {
      fmt::print(stderr, "bench_wire: {}: {}\n", name, done.error().what);
      good = false;
    }
  }
  return good ? 0 : 70;
}

}  // namespace
}  // namespace faultline::bench

int main(int count, char** words) {
  return faultline::bench::measure({words + 1, words + count});
}
