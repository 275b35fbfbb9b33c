// The memory of one world: its worker (the process that waits, and the one that plays the case) and
// its two drivers, as the share of each in the pages that it uses (PSS), while many are up.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <thread>

#include "bench/apart.hpp"
#include "bench/figures.hpp"
#include "bench/processes.hpp"
#include "bench/program.hpp"

namespace faultline::bench {
namespace {

constexpr int worlds = 40;
constexpr int processes_of_a_world = 4;
constexpr auto long_case = "handshake/syn-lost-63s";

// Of each world that is complete.
Figures sizes_of_worlds(pid_t program) {
  const auto children = children_of_all();
  Figures sizes;
  for (auto [worker, end] = children.equal_range(program); worker != end; ++worker) {
    const auto processes = with_descendants(worker->second, children);
    if (processes.size() != processes_of_a_world) continue;
    sizes.push_back(pss_megabytes(processes));
  }
  return sizes;
}

}  // namespace

Result<void> measure_memory() {
  const TemporaryFolder traces;
  const auto program = start_run({"--kernel", "host", "--ipv4", "--repeat", std::to_string(worlds),
                                  "-j", std::to_string(worlds), "--out", traces.path(), long_case});
  if (!program) return std::unexpected(program.error());
  // They are up when all have their drivers; the case itself takes a minute.
  Figures sizes;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (sizes.size() < worlds && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    sizes = sizes_of_worlds(*program);
  }
  kill(*program, SIGINT);
  waitpid(*program, nullptr, 0);
  if (sizes.size() < worlds) return fail("only {} of {} worlds came up", sizes.size(), worlds);
  print_figure(fmt::format("a world's processes, of {} side by side", worlds).c_str(),
               fmt::format("median {:.1f} MB, most {:.1f} MB (PSS)", percentile(sizes, 0.5),
                           percentile(sizes, 1)),
               "at most 12 MB");
  return {};
}

}  // namespace faultline::bench
