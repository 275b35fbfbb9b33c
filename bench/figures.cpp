#include "bench/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace faultline::bench {

void print_figure(const std::string& name, const std::string& value, const std::string& target) {
  fmt::print("{:<42} {}{}\n", name, value, target.empty() ? "" : "  [target: " + target + "]");
  std::fflush(stdout);
}

int measure(std::string_view program, std::span<const Measurement> measurements,
            const std::vector<std::string_view>& names) {
  for (const std::string_view name : names) {
    if (std::ranges::find(measurements, name, &Measurement::name) != measurements.end()) continue;
    fmt::print(stderr, "usage: {}", program);
    for (const Measurement& one : measurements) fmt::print(stderr, " [{}]", one.name);
    fmt::print(stderr, "\n");
    return 64;
  }
  bool good = true;
  for (const auto& [name, run] : measurements) {
    if (!names.empty() && std::ranges::find(names, name) == names.end()) continue;
    if (const auto done = run(); !done) {
      fmt::print(stderr, "{}: {}\n", name, done.error().what);
      good = false;
    }
  }
  return good ? 0 : 70;
}

}  // namespace faultline::bench
