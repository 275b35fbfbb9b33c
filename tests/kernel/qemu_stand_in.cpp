// The first process of a QEMU guest in qemu_boot_test: does what its plan's first word says and
// tells the channel.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

#include "harness/kernel/qemu_guest.hpp"
#include "harness/trace/file.hpp"
#include "harness/util/fd.hpp"
#include "harness/world/probe.hpp"

namespace faultline {
namespace {

void say(const Fd& channel, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(channel.get(), text.data(), text.size());
    if (put <= 0) return;
    text.remove_prefix(static_cast<size_t>(put));
  }
}

// Everything that could differ between two runs.
std::string circumstances() {
  uint64_t dice = 0;
  if (getrandom(&dice, sizeof dice, 0) != sizeof dice) return "no randomness";
  timespec wall{};
  clock_gettime(CLOCK_REALTIME, &wall);
  return fmt::format("{} {} {}.{} {}\n",
                     std::chrono::steady_clock::now().time_since_epoch().count(), dice, wall.tv_sec,
                     wall.tv_nsec, static_cast<const void*>(&wall));
}

void probe(const Fd& channel) {
  say(channel, circumstances());
  for (const Probe& one : probe_all())
    say(channel, fmt::format("{} {}: {}\n", one.ok ? "ok" : "bad", one.name, one.detail));
  sleep(3600);
  say(channel, circumstances());
}

int run(const std::string& plan_file, const std::string& channel_path) {
  if (const auto done = prepare_qemu_guest(channel_path); !done) {
    fmt::print("stand-in: {}\n", done.error().what);
    return 1;
  }
  mount("proc", "/proc", "proc", 0, nullptr);
  const auto plan = read_file(plan_file, 1 << 20);
  const Fd channel(open(channel_path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!plan || !channel) return 1;
  if (*plan == "die") return 1;
  if (*plan == "probe") probe(channel);
  if (*plan == "pour")
    for (int i = 0; i < 640; ++i) say(channel, std::string(65536, static_cast<char>('a' + i % 26)));
  say(channel, "end\n");
  reboot(RB_POWER_OFF);
  return 1;
}

}  // namespace
}  // namespace faultline

int main(int argc, char** argv) {
  if (argc != 4 || getpid() != 1) return 64;
  return faultline::run(argv[2], argv[3]);
}
