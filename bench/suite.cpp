// All cases of the suite side by side.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/figures.hpp"
#include "bench/program.hpp"

namespace faultline::bench {

Result<void> measure_suite() {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("bench-{}", getpid());
  const auto report = folder / "suite.json";
  std::filesystem::create_directories(folder);
  const auto program =
      start_run({"--out", folder, fmt::format("--report=json={}", report.string())});
  if (!program) return std::unexpected(program.error());
  waitpid(*program, nullptr, 0);
  std::ifstream file(report);
  const auto results = nlohmann::json::parse(file, nullptr, false);
  std::filesystem::remove_all(folder);
  if (results.is_discarded()) return fail("the suite left no report");
  double longest = 0;
  for (const auto& result : results["results"])
    longest = std::max(longest, result["took_ns"].get<double>() / 1e9);
  const double wall = results["wall_ns"].get<double>() / 1e9;
  print_figure("the suite side by side",
               fmt::format("{:.1f} s for {} cases, the longest {:.1f} s: {:.1f} s more", wall,
                           results["results"].size(), longest, wall - longest),
               "at most 5 s more");
  print_figure("  its outcomes", results["summary"].dump());
  return {};
}

}  // namespace faultline::bench
