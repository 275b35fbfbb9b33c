// The memory of one world: its worker (the process that waits, and the one that plays the case) and
// its two drivers, as the share of each in the pages that it uses (PSS), while many are up.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <thread>

#include "bench/apart.hpp"
#include "bench/figures.hpp"
#include "bench/program.hpp"

namespace faultline::bench {
namespace {

constexpr int worlds = 40;
constexpr int processes_of_a_world = 4;
constexpr auto long_case = "handshake/syn-lost-63s";

// By parent. What is between the last ')' and the parent's number is the process's state.
std::multimap<pid_t, pid_t> children_of_all() {
  std::multimap<pid_t, pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::string stat;
    std::ifstream file(entry.path() / "stat");
    std::getline(file, stat);
    const size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) continue;
    children.emplace(std::stoi(stat.substr(name_end + 4)), std::stoi(name));
  }
  return children;
}

std::vector<pid_t> with_descendants(pid_t root, const std::multimap<pid_t, pid_t>& children) {
  std::vector<pid_t> all{root};
  for (size_t i = 0; i < all.size(); ++i)
    for (auto [one, end] = children.equal_range(all[i]); one != end; ++one)
      all.push_back(one->second);
  return all;
}

double pss_megabytes(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/smaps_rollup", pid));
  std::string word;
  double kilobytes = 0;
  while (file >> word)
    if (word == "Pss:") file >> kilobytes;
  return kilobytes / 1024;
}

// Of each world that is complete.
Figures sizes_of_worlds(pid_t program) {
  const auto children = children_of_all();
  Figures sizes;
  for (auto [worker, end] = children.equal_range(program); worker != end; ++worker) {
    const auto processes = with_descendants(worker->second, children);
    if (processes.size() != processes_of_a_world) continue;
    double size = 0;
    for (const pid_t process : processes) size += pss_megabytes(process);
    sizes.push_back(size);
  }
  return sizes;
}

}  // namespace

Result<void> measure_memory() {
  const auto traces = std::filesystem::temp_directory_path() / fmt::format("bench-{}", getpid());
  const auto program = start_run({"--ipv4", "--repeat", std::to_string(worlds), "-j",
                                  std::to_string(worlds), "--out", traces, long_case});
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
  std::filesystem::remove_all(traces);
  if (sizes.size() < worlds) return fail("only {} of {} worlds came up", sizes.size(), worlds);
  print_figure(fmt::format("a world's processes, of {} side by side", worlds).c_str(),
               fmt::format("median {:.1f} MB, most {:.1f} MB (PSS)", percentile(sizes, 0.5),
                           percentile(sizes, 1)),
               "at most 12 MB");
  return {};
}

}  // namespace faultline::bench
