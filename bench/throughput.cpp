// Segments a second of a bulk transfer, both directions counted. The variants take turns, each time
// in a new world. Each is compared with the bare loop of the same turn, so that what else the
// machine does weighs on both; the median of these ratios is the result.
#include <fmt/format.h>

#include <array>
#include <chrono>

#include "bench/apart.hpp"
#include "bench/bare_loop.hpp"
#include "bench/figures.hpp"
#include "bench/many_rules.hpp"
#include "bench/traffic.hpp"
#include "harness/world/queue_rule.hpp"
#include "tests/wire/wire_scene.hpp"

namespace faultline::bench {
namespace {

constexpr size_t rounds = 15, rules = 50;
constexpr Nanos warm_up = 150ms, measured = 350ms;

// Calls `run_for`, which returns how many segments there were ever, twice.
Figures rate(const std::function<uint64_t(Nanos)>& run_for) {
  const uint64_t before = run_for(warm_up);
  const auto start = std::chrono::steady_clock::now();
  const uint64_t count = run_for(measured) - before;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {static_cast<double>(count) / took.count()};
}

Figures bare() {
  const auto world = World::build();
  if (!world) throw std::runtime_error(world.error().what);
  if (const auto method = add_queue_rules(); !method) throw std::runtime_error(method.error().what);
  const BareLoop loop;
  start_bulk_transfer(*world);
  uint64_t total = 0;
  return rate([&](Nanos time) { return total += loop.run_for(time); });
}

Figures wire(size_t count, bool states) {
  test::WireScene scene(many_rules(count), {.states = states});
  start_bulk_transfer(scene.world());
  return rate([&](Nanos time) {
    scene.run_for(time);
    return scene.segments();
  });
}

struct Variant {
  const char* name;
  std::function<Figures()> run;
  std::string target;
  Figures rates;
};

void print(const Variant& variant, const Figures& bare_rates) {
  Figures ratios;
  for (size_t round = 0; round < rounds; ++round)
    ratios.push_back(variant.rates[round] / bare_rates[round]);
  print_figure(
      variant.name,
      fmt::format("{:7.0f} segments/s, {:.2f} of bare (half of all turns: {:.2f} to {:.2f})",
                  percentile(variant.rates, 0.5), percentile(ratios, 0.5), percentile(ratios, 0.25),
                  percentile(ratios, 0.75)),
      variant.target);
}

}  // namespace

Result<void> measure_throughput() {
  std::array<Variant, 4> variants{
      Variant{"bare accept-everything loop", bare, "", {}},
      Variant{"wire, no rule", [] { return wire(0, false); }, "", {}},
      Variant{"wire, 50 rules that select nothing",
              [] { return wire(rules, false); },
              "at least 0.80",
              {}},
      Variant{"the same, states observed", [] { return wire(rules, true); }, "about 0.35", {}}};
  for (size_t round = 0; round < rounds; ++round) {
    for (Variant& variant : variants) {
      const auto figures = measure_apart(variant.run);
      if (!figures) return std::unexpected(figures.error());
      variant.rates.push_back(figures->front());
    }
  }
  for (const Variant& variant : variants) print(variant, variants[0].rates);
  return {};
}

}  // namespace faultline::bench
