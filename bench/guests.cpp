// Guests with virtual time, seen from outside: the whole program, of which they are children.
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <thread>

#include "bench/apart.hpp"
#include "bench/figures.hpp"
#include "bench/processes.hpp"
#include "bench/program.hpp"
#include "harness/util/clock.hpp"

namespace faultline::bench {
namespace {

namespace fs = std::filesystem;

// Nothing is lost and nobody waits in it.
constexpr auto short_case = "handshake/three-way";
constexpr int most_in_guest = 48;

double seconds(Nanos time) {
  return std::chrono::duration<double>(time).count();
}

// The median of what `one`, called so many times, gives.
Result<double> median_of(int times, const std::function<Result<double>()>& one) {
  Figures figures;
  for (int i = 0; i < times; ++i) {
    const auto figure = one();
    if (!figure) return figure;
    figures.push_back(*figure);
  }
  return percentile(figures, 0.5);
}

double virtual_seconds(const nlohmann::json& report) {
  double sum = 0;
  for (const auto& result : report["results"]) sum += result["took_ns"].get<double>() / 1e9;
  return sum;
}

// Whether a guest whose files are below this folder has begun a case (harness/kernel/frames.hpp).
bool has_begun(const fs::path& folder) {
  std::error_code error;
  for (const auto& guest : fs::directory_iterator(folder, error)) {
    std::ifstream channel(guest.path() / "channel");
    const std::string frames{std::istreambuf_iterator<char>(channel), {}};
    if (frames.find("began ") != frames.npos) return true;
  }
  return false;
}

Result<double> time_to_first_case(const std::string& kernel) {
  const TemporaryFolder guests, traces;
  setenv("TMPDIR", guests.path().c_str(), 1);
  const Nanos began = monotonic_now();
  const auto program =
      start_run({"--kernel", kernel, "--ipv4", "-j", "1", "--out", traces.path(), short_case});
  unsetenv("TMPDIR");
  if (!program) return std::unexpected(program.error());
  while (!has_begun(guests.path())) {
    if (waitpid(*program, nullptr, WNOHANG) != 0) return fail("the run ended without a case");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const double took = seconds(monotonic_now() - began);
  waitpid(*program, nullptr, 0);
  return took;
}

// Of so many of it, side by side in one guest.
Result<double> cpu_of_cases(const std::string& kernel, int number) {
  const auto run = run_to_end(
      {"--kernel", kernel, "--ipv4", "-j", "1", "--repeat", std::to_string(number), short_case});
  if (!run) return std::unexpected(run.error());
  return seconds(run->cpu);
}

// Of each of the program's children with its descendants.
void look_at_guests(pid_t program, std::map<pid_t, Figures>& sizes) {
  const auto children = children_of_all();
  for (auto [guest, end] = children.equal_range(program); guest != end; ++guest)
    sizes[guest->second].push_back(pss_megabytes(with_descendants(guest->second, children)));
}

}  // namespace

Result<void> measure_guest_suite(const std::string& kernel) {
  nlohmann::json report;
  const auto wall = median_of(3, [&]() -> Result<double> {
    auto run = run_to_end({"--kernel", kernel});
    if (!run) return std::unexpected(run.error());
    report = std::move(run->report);
    return seconds(run->wall);
  });
  if (!wall) return std::unexpected(wall.error());
  const double lived = virtual_seconds(report);
  print_figure(
      "the suite on " + kernel,
      fmt::format("{:.1f} s for {} results, boots included", *wall, report["results"].size()),
      "at most 15 s on 2 cores");
  print_figure("  its virtual time",
               fmt::format("{:.0f} s, {:.0f} times as much", lived, lived / *wall),
               "over 1000 times");
  print_figure("  its outcomes", report["summary"].dump(), "none INCONCLUSIVE");
  return {};
}

Result<void> measure_guest_boot(const std::string& kernel) {
  const auto took = median_of(5, [&] { return time_to_first_case(kernel); });
  if (!took) return std::unexpected(took.error());
  print_figure("from the start to the first case", fmt::format("{:.2f} s", *took),
               "at most 0.5 s (UML), 15 s (QEMU)");
  return {};
}

Result<void> measure_guest_case(const std::string& kernel) {
  const auto took = median_of(5, [&]() -> Result<double> {
    const auto half = cpu_of_cases(kernel, most_in_guest / 2);
    const auto full = half ? cpu_of_cases(kernel, most_in_guest) : half;
    if (!full) return full;
    return (*full - *half) / (most_in_guest - most_in_guest / 2);
  });
  if (!took) return std::unexpected(took.error());
  print_figure("one more short case in a guest",
               fmt::format("{:.1f} ms of the processor ({})", *took * 1e3, short_case),
               "at most 30 ms");
  return {};
}

Result<void> measure_guest_memory(const std::string& kernel) {
  const TemporaryFolder traces;
  const auto program = start_run({"--kernel", kernel, "--out", traces.path()});
  if (!program) return std::unexpected(program.error());
  std::map<pid_t, Figures> looks;
  while (waitpid(*program, nullptr, WNOHANG) == 0) {
    look_at_guests(*program, looks);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  Figures sizes;
  for (const auto& [guest, seen] : looks)
    if (seen.size() > 1) sizes.push_back(std::ranges::max(seen));  // else a child of a moment
  if (sizes.empty()) return fail("no guest was seen");
  print_figure("a guest's processes at their greatest",
               fmt::format("median {:.0f} MB, most {:.0f} MB (PSS) of {} guests",
                           percentile(sizes, 0.5), percentile(sizes, 1), sizes.size()),
               "at most 512 MB");
  return {};
}

Result<void> measure_guest_idle(const std::string& kernel) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "idle.toml";
  std::ofstream(file) << R"(title = "A connection is idle for 24 days"
about = "client"
level = "must"
spec  = ["RFC 9293 3.8.4"]
[[step]]
client = "connect"
[[step]]
server = "accept"
[[step]]
wait = "24d"
[expect]
final.client = "ESTABLISHED"
final.server = "ESTABLISHED"
)";
  const auto run = run_to_end({"--kernel", kernel, "--slow", "--ipv4", file});
  if (!run) return std::unexpected(run.error());
  print_figure("24 idle days",
               fmt::format("{:.1f} s, boot included; {}", seconds(run->wall),
                           run->report["results"][0]["outcome"].get<std::string>()));
  return {};
}

}  // namespace faultline::bench
