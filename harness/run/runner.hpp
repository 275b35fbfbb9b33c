// Many cases side by side, each in a worker process of its own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "harness/judge/judge.hpp"
#include "harness/run/pause_watch.hpp"
#include "harness/run/worker_process.hpp"

namespace faultline {

// One case in one variant, to be run once.
struct Variant {
  const Case* the_case = nullptr;
  Family family = Family::ipv4;
  int repetition = 1;
  Nanos predicted{}, longest{};

  [[nodiscard]] std::string name() const;  // "close/four-way[ipv4]", from the 2nd repetition "…#2"
};

struct RunnerOptions {
  size_t jobs = 128;          // how many run at the same time
  uint64_t seed = 0;
  double timing_scale = 1;
  std::map<std::string, std::string> overrides;
  std::string program;              // this program, for the workers
  std::vector<std::string> driver;  // argv of the Linux driver
  std::filesystem::path traces;     // an existing folder
  bool fail_fast = false;           // start no more once one failed
  std::vector<KnownDeviation> known;
  std::function<std::string(const Variant&)> rerun;  // the command that reruns exactly this
};

class Runner {
 public:
  struct Callbacks {
    std::function<void(const Variant&)> on_start;
    std::function<void(const Variant&, CaseResult)> on_result;
    std::function<void()> on_done;  // all have ended, or no more will be
  };

  // Runs `variants` in this order, the longest of a repetition first. Everything must outlive this.
  Runner(boost::asio::io_context& context, std::vector<Variant> variants, RunnerOptions options,
        Callbacks callbacks);

  void start();
  // Kills what runs and starts no more; `on_done` follows.
  void interrupt();
  // Why nothing can run on this machine (the kernel refused the namespaces), or "".
  [[nodiscard]] const std::string& refusal() const { return refusal_; }

 private:
  struct Running {
    Variant variant;
    Job job;
    std::unique_ptr<WorkerProcess> process;
    bool ready = false;
  };

  void start_more();
  void start(Variant variant);
  void ended(size_t key, WorkerEnd end);
  [[nodiscard]] CaseResult result_of(const Running& run, const WorkerEnd& end);
  void add_pauses(Trace& trace, Nanos epoch) const;
  void finish_if_done();

  boost::asio::io_context& context_;
  std::vector<Variant> queue_;  // the next at the end
  RunnerOptions options_;
  Callbacks callbacks_;
  PauseWatch pauses_;
  std::map<size_t, Running> running_;
  size_t next_key_ = 0;
  size_t setting_up_ = 0;
  bool stopped_ = false, done_ = false;
  std::string refusal_;
};

}  // namespace faultline
