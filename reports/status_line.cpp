#include "reports/status_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <queue>

#include "reports/safe_text.hpp"

namespace faultline {
namespace {

// Fewer columns of names than these say nothing; then the line as a whole is elided.
constexpr int fewest_name_columns = 8;

std::string left(const Progress& progress) {
  if (progress.done >= progress.total) return "";
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time_left(progress));
  if (seconds < 1s) return " · any moment";
  if (seconds < 10min) return fmt::format(" · about {} left", format_duration(seconds));
  return fmt::format(" · about {} left",
                     format_duration(std::chrono::ceil<std::chrono::minutes>(seconds)));
}

std::string names(const Progress& progress) {
  std::vector<std::string> safe;
  for (const RunningVariant& variant : progress.running) safe.push_back(safe_text(variant.name));
  return fmt::format("{}", fmt::join(safe, ", "));
}

}  // namespace

Nanos time_left(const Progress& progress) {
  std::priority_queue<Nanos, std::vector<Nanos>, std::greater<>> free_at;
  Nanos last{};
  const auto add = [&](Nanos when) {
    free_at.push(when);
    last = std::max(last, when);
  };
  for (const RunningVariant& variant : progress.running)
    add(std::max(variant.predicted - variant.elapsed, Nanos{}));
  const size_t jobs = std::max<size_t>(progress.jobs, 1);
  while (free_at.size() < jobs) add(Nanos{});
  while (free_at.size() > jobs) free_at.pop();
  for (const Nanos prediction : progress.queued) {
    const Nanos start = free_at.top();
    free_at.pop();
    add(start + prediction);
  }
  return last;
}

std::string status_line(const Progress& progress, int width) {
  std::string head = fmt::format("[{}/{}]", progress.done, progress.total);
  if (progress.failed > 0) head += fmt::format(" {} failed", progress.failed);
  const std::string tail = left(progress);
  if (progress.running.empty()) return elide_middle(head + tail, width);
  head += progress.failed > 0 ? " · " : " ";
  const int room = std::max(width - columns(head) - columns(tail), fewest_name_columns);
  return elide_middle(head + elide_middle(names(progress), room) + tail, width);
}

}  // namespace faultline
