// The delay injector: small segments, each to leave 50 ms later; from the kernel's stamp of its
// arrival to the call that sends it on.
#include <fmt/format.h>

#include <map>

#include "bench/apart.hpp"
#include "bench/figures.hpp"
#include "bench/traffic.hpp"
#include "tests/wire/wire_scene.hpp"

namespace faultline::bench {
namespace {

constexpr Nanos asked = 50ms, lasting = 5s;

double milliseconds(Nanos time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

Figures errors() {
  std::vector<EngineRule> rules;
  rules.push_back(test::rule({{"from", "client"}, {"payload", true}}, "delay", "50ms"));
  test::WireScene scene(std::move(rules));
  start_trickle(scene.world());
  scene.run_for(lasting);
  std::map<SegmentId, Nanos> came;
  for (const auto& segment : scene.all<SegmentEvent>()) came[segment.id] = segment.time;
  Figures late;
  for (const auto& sent : scene.all<EmissionEvent>())
    late.push_back(milliseconds(sent.time - came.at(sent.of) - asked));
  return late;
}

}  // namespace

Result<void> measure_delay() {
  const auto late = measure_apart(errors);
  if (!late) return std::unexpected(late.error());
  print_figure("delay injector, how late (50 ms asked)",
               fmt::format("50th {:.3f} ms, 99th {:.3f} ms, most {:.3f} ms, least {:.3f} ms; "
                           "{} segments",
                           percentile(*late, 0.5), percentile(*late, 0.99), percentile(*late, 1),
                           percentile(*late, 0), late->size()),
               "99th at most 2 ms");
  return {};
}

}  // namespace faultline::bench
