// One case from start to end, inside its own namespaces: builds the world, starts the drivers, plays
// the script, and gives back the trace.
#pragma once

#include <functional>

#include "harness/run/job.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

// REQUIRES: the calling process is isolated (harness/world/isolation.hpp). What goes wrong in the
// set-up is in the trace as a TroubleEvent, so that there is one for every run.
// `on_ready`, where there is one, is called once the world stands and the drivers have said hello, with
// CLOCK_MONOTONIC at the beginning of the run.
[[nodiscard]] Trace run_case(const Case& the_case, const Job& job,
                             const std::function<void(Nanos epoch)>& on_ready);

}  // namespace faultline
