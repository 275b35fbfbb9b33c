// What a worker process is told: one case in one variant. It travels as JSON on the worker's
// standard input.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/tcp/segment.hpp"
#include "harness/tcp/timer_promise.hpp"
#include "harness/util/error.hpp"
#include "harness/world/attach.hpp"

namespace faultline {

// Where a stack across a network is.
struct RemoteStack {
  Address here, there;          // this machine's address and its own, of one version
  uint16_t first_port = 0, last_port = 0;  // of which a case takes a few
  uint16_t driver_port = 0;     // there; 0: there is none, only a service
  uint16_t service_port = 0;    // there; the other ports are then this machine's
  std::string token_file;
};

// The stack under test, where it is not the reference's.
struct ForeignStack {
  std::string name;
  std::vector<std::string> start;  // argv of its driver
  Attach attach = Attach::kernel;
  bool tells_states = false;  // its driver does
  std::optional<Ticks> ticks;
  std::vector<TimerPromise> promises;
  std::optional<RemoteStack> remote;  // it is across a network; this machine is the reference
};

struct Job {
  std::string case_id, case_file, case_text;
  Family family = Family::ipv4;
  About sut = About::client;  // where the stack under test stands
  uint64_t seed = 0;
  double timing_scale = 1;
  std::map<std::string, std::string> overrides;  // --sysctl, full names
  std::vector<std::string> driver;               // argv of the Linux driver; empty: a fork drives
  std::optional<ForeignStack> stack;             // `sut` is then one end
  bool virtual_time = false;                     // the clock of the kernel it runs on
  bool free_computing = false;                   // where nothing but waiting takes time
  std::string trace_file;                        // where the worker leaves its trace
};

[[nodiscard]] std::string to_json(const Job& job);
[[nodiscard]] Result<Job> job_from_json(const std::string& text);

}  // namespace faultline
