#include "harness/run/guest_plan.hpp"

#include <fmt/format.h>

#include <sstream>

namespace faultline {

std::string to_text(const GuestPlan& plan) {
  std::string text =
      fmt::format("{} {:d} {}\n", plan.side_by_side, plan.try_options, plan.jobs.size());
  for (const GuestJob& one : plan.jobs)
    text += fmt::format("{} {}\n", one.longest.count(), to_json(one.job));
  return text;
}

Result<GuestPlan> plan_from_text(const std::string& text) {
  std::istringstream lines(text);
  GuestPlan plan;
  size_t count = 0;
  std::string job_text;
  if (!(lines >> plan.side_by_side >> plan.try_options >> count) || plan.side_by_side == 0)
    return fail("the guest was given no plan");
  for (Nanos::rep longest = 0; lines >> longest && std::getline(lines, job_text);) {
    auto job = job_from_json(job_text);
    if (!job) return std::unexpected(job.error());
    plan.jobs.push_back({std::move(*job), Nanos(longest)});
  }
  if (plan.jobs.size() != count)
    return fail("the guest's plan has {} jobs instead of {}", plan.jobs.size(), count);
  return plan;
}

}  // namespace faultline
