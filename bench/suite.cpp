// All cases of the suite side by side on the machine's own kernel, in real time.
#include <fmt/format.h>

#include <algorithm>

#include "bench/figures.hpp"
#include "bench/program.hpp"

namespace faultline::bench {

Result<void> measure_suite() {
  const auto run = run_to_end({"--kernel", "host"});
  if (!run) return std::unexpected(run.error());
  double longest = 0;
  for (const auto& result : run->report["results"])
    longest = std::max(longest, result["took_ns"].get<double>() / 1e9);
  const double wall = run->report["wall_ns"].get<double>() / 1e9;
  print_figure("the suite side by side",
               fmt::format("{:.1f} s for {} cases, the longest {:.1f} s: {:.1f} s more", wall,
                           run->report["results"].size(), longest, wall - longest),
               "at most 5 s more");
  print_figure("  its outcomes", run->report["summary"].dump());
  return {};
}

}  // namespace faultline::bench
