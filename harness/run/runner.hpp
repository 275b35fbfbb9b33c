// Many cases side by side on the machine's own kernel, each in a worker process of its own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <vector>

#include "harness/run/pause_watch.hpp"
#include "harness/run/variant.hpp"
#include "harness/run/worker_process.hpp"

namespace faultline {

class Runner final : public CaseRunner {
 public:
  // Runs `variants` in this order, the longest of a repetition first. Everything must outlive this.
  Runner(boost::asio::io_context& context, std::vector<Variant> variants, RunnerOptions options,
        RunnerCallbacks callbacks);

  void start() override;
  void interrupt() override;
  [[nodiscard]] const std::string& refusal() const override { return refusal_; }

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
  RunnerCallbacks callbacks_;
  PauseWatch pauses_;
  std::map<size_t, Running> running_;
  size_t next_key_ = 0;
  size_t setting_up_ = 0;
  bool stopped_ = false, done_ = false;
  std::string refusal_;
};

}  // namespace faultline
