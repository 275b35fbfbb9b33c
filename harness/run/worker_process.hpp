// A worker as a child process: given its job, watched, killed when it is stuck.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "harness/drive/spawn.hpp"
#include "harness/run/job.hpp"

namespace faultline {

// How a worker ended. The trace is there when `exit_code` is 0.
struct WorkerEnd {
  int exit_code = 70;      // as run_worker's; 128 + signal; 124 when it was stuck and killed
  std::string complaint;   // its last words on standard error, or why it could not be started
  std::optional<Nanos> epoch;  // CLOCK_MONOTONIC when the run began, if it did
};

class WorkerProcess {
 public:
  using OnReady = std::function<void()>;
  using OnEnd = std::function<void(WorkerEnd)>;

  // `program`: this program. Killed after `longest`. The destructor kills and reaps; no callback
  // comes after it. `on_ready` comes at most once, `on_end` exactly once and last.
  WorkerProcess(boost::asio::io_context& context, const std::string& program, const Job& job,
                Nanos longest, OnReady on_ready, OnEnd on_end);
  ~WorkerProcess();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace faultline
