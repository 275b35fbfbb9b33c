// One case in one variant, to be run once, and what comes of it.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/judge/judge.hpp"
#include "harness/run/job.hpp"

namespace faultline {

struct Variant {
  const Case* the_case = nullptr;
  Family family = Family::ipv4;
  int repetition = 1;
  Nanos predicted{}, longest{};
  const ForeignStack* stack = nullptr;  // nothing: the reference's, at both ends
  End at = End::client;                 // where that one stands

  // "close/four-way[ipv4]", from the 2nd repetition "…#2"; of another stack than the reference's
  // "close/four-way[ipv4,lwip]", "…[ipv4,lwip,server]" where it could stand at either end.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] About sut() const;
  [[nodiscard]] bool at_either_end() const { return stack && the_case->about == About::both; }
};

struct RunnerOptions {
  size_t jobs = 128;  // how many cases, or guests with cases, run at the same time
  uint64_t seed = 0;
  double timing_scale = 1;
  std::map<std::string, std::string> overrides;
  std::string program;              // this program, for the workers
  std::vector<std::string> driver;  // argv of the Linux driver
  std::filesystem::path traces;     // an existing folder
  bool fail_fast = false;           // start no more once one failed
  std::map<std::string, std::vector<KnownDeviation>> known;  // by the stack's name
  std::function<std::string(const Variant&)> rerun;  // the command that reruns exactly this
};

struct RunnerCallbacks {
  std::function<void(const Variant&)> on_start;
  std::function<void(const Variant&, CaseResult)> on_result;
  std::function<void()> on_done;  // all have ended, or no more will be
  // What the cases run on, once it is known: uname's release, and its HZ.
  std::function<void(const std::string& release, int hz)> on_kernel = {};
};

// Runs variants. Everything that it was given must outlive it.
class CaseRunner {
 public:
  virtual ~CaseRunner() = default;
  virtual void start() = 0;
  // Kills what runs and starts no more; `on_done` follows.
  virtual void interrupt() = 0;
  // Why nothing can run here (the kernel refused the namespaces; a guest did not start), or "".
  [[nodiscard]] virtual const std::string& refusal() const = 0;
};

[[nodiscard]] Job job_of(const Variant& variant, const RunnerOptions& options);

// Where its trace is kept; the folder is made. A case from outside of the suite has its path for a
// name; its trace is below the folder for traces all the same.
[[nodiscard]] std::filesystem::path trace_path(const Variant& variant,
                                               const RunnerOptions& options);

// It was not run.
[[nodiscard]] CaseResult skip_result(const Variant& variant, const RunnerOptions& options,
                                     std::string reason);
// The stack cannot do what the case asks for.
[[nodiscard]] CaseResult unsupported_result(const Variant& variant, const RunnerOptions& options,
                                            std::string reason);
// It ended without a trace.
[[nodiscard]] CaseResult error_result(const Variant& variant, const RunnerOptions& options,
                                      std::string reason);
// Judges its trace, which is in this file.
[[nodiscard]] CaseResult judged_result(const Variant& variant, const RunnerOptions& options,
                                       const Trace& trace, const std::filesystem::path& file);

}  // namespace faultline
