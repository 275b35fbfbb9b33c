// What a guest is to do: the jobs, in this order. It travels as a file: a line of three numbers, then
// a line for each job.
#pragma once

#include <string>
#include <vector>

#include "harness/run/job.hpp"
#include "harness/util/time.hpp"

namespace faultline {

struct GuestJob {
  Job job;
  Nanos longest{};  // by the guest's clock, from the case's beginning; then it is stuck
};

struct GuestPlan {
  std::vector<GuestJob> jobs;
  size_t side_by_side = 64;  // workers at the same time, 1 or more
  bool try_options = false;  // whether the kernel has all that cases need is not known
};

[[nodiscard]] std::string to_text(const GuestPlan& plan);
[[nodiscard]] Result<GuestPlan> plan_from_text(const std::string& text);

}  // namespace faultline
