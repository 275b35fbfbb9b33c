// The worker process: one case in namespaces of its own (DESIGN D1). Reads a job from standard
// input, says "ready EPOCH" on standard output once the run begins
// (CLOCK_MONOTONIC in nanoseconds), leaves the trace in the job's file.
#pragma once

#include <functional>

#include "harness/run/job.hpp"
#include "harness/util/time.hpp"

namespace faultline {

// Exit codes: 0 the trace is there; 70 it is not, standard error says why; 77 the kernel refused the
// namespaces, standard error says what to do. `parent` is the process that started this one.
[[nodiscard]] int run_worker(int parent);

// The same once it is isolated, and of a job that is at hand: 0 or 70. `on_ready` as run_case's.
[[nodiscard]] int play_job(const Job& job, const std::function<void(Nanos epoch)>& on_ready = {});

}  // namespace faultline
