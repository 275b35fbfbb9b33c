// What this machine can do, found by doing it: for `faultline doctor` and for the words that go
// with exit code 77.
#pragma once

#include <string>
#include <vector>

namespace faultline {

struct Probe {
  std::string name;    // "network namespaces"
  bool ok = false;     // a run can do without trouble
  std::string detail;  // what was found
  std::string advice;  // what to do about it; "" when all is well
};

// Each tries in a forked child of its own and leaves nothing behind.
// REQUIRES: this process has one thread.
[[nodiscard]] Probe probe_namespaces();
[[nodiscard]] Probe probe_queue();         // nft queue or xtables NFQUEUE
[[nodiscard]] Probe probe_sock_diag();     // tcp_diag: without it no states
[[nodiscard]] Probe probe_sock_destroy();  // without it namespaces linger
[[nodiscard]] Probe probe_congestion_controls();
[[nodiscard]] Probe probe_hz();
// All of these, in this order.
[[nodiscard]] std::vector<Probe> probe_all();

// Timer interrupts a second (CONFIG_HZ), from the resolution of CLOCK_MONOTONIC_COARSE, which is
// one tick (kernel/time/posix-timers.c, posix_get_coarse_res). It is that of the kernel that runs,
// where a configuration file might be another one's.
[[nodiscard]] int kernel_hz();

}  // namespace faultline
