#include "harness/run/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "harness/trace/trace_json.hpp"

namespace faultline {
namespace {

// More worlds being built at the same time would only make each other late.
constexpr size_t most_setting_up = 4;
constexpr int no_privilege = 77;

}  // namespace

Runner::Runner(boost::asio::io_context& context, std::vector<Variant> variants,
               RunnerOptions options, RunnerCallbacks callbacks)
    : context_(context),
      queue_(std::move(variants)),
      options_(std::move(options)),
      callbacks_(std::move(callbacks)) {
  std::ranges::stable_sort(queue_, [](const Variant& a, const Variant& b) {
    if (a.repetition != b.repetition) return a.repetition > b.repetition;
    return a.predicted < b.predicted;
  });
}

void Runner::start() {
  boost::asio::post(context_, [this] { start_more(); });
}

void Runner::start_more() {
  while (!stopped_ && !queue_.empty() && running_.size() < options_.jobs &&
         setting_up_ < most_setting_up) {
    Variant next = std::move(queue_.back());
    queue_.pop_back();
    start(std::move(next));
  }
  finish_if_done();
}

void Runner::start(Variant variant) {
  Job job = job_of(variant, options_);
  job.trace_file = trace_path(variant, options_);
  callbacks_.on_start(variant);
  const size_t key = next_key_++;
  const Nanos longest = variant.longest;
  Running& run = running_[key];
  run.variant = std::move(variant);
  run.job = std::move(job);
  ++setting_up_;
  run.process = std::make_unique<WorkerProcess>(
      context_, options_.program, run.job, longest,
      [this, key] {
        running_.at(key).ready = true;
        --setting_up_;
        start_more();
      },
      [this, key](WorkerEnd end) { ended(key, std::move(end)); });
}

void Runner::ended(size_t key, WorkerEnd end) {
  const auto found = running_.find(key);
  Running run = std::move(found->second);
  running_.erase(found);
  if (!run.ready) --setting_up_;
  if (end.exit_code == no_privilege && refusal_.empty()) {
    refusal_ = end.complaint;
    interrupt();
  }
  if (refusal_.empty()) {
    CaseResult result = result_of(run, end);
    const bool failed = result.outcome == Outcome::FAIL || result.outcome == Outcome::XPASS;
    callbacks_.on_result(run.variant, std::move(result));
    if (failed && options_.fail_fast) queue_.clear();
  }
  // The worker's own callback is running: it is destroyed after this turn of the loop.
  boost::asio::post(context_, [process = std::shared_ptr(std::move(run.process))] {});
  start_more();
}

CaseResult Runner::result_of(const Running& run, const WorkerEnd& end) {
  const auto error = [&](std::string why) {
    return error_result(run.variant, options_, std::move(why));
  };
  if (end.exit_code == 124)
    return error(fmt::format("stuck: killed after {}", format_duration(run.variant.longest)));
  if (end.exit_code != 0)
    return error(end.complaint.empty() ? fmt::format("the worker ended with {}", end.exit_code)
                                       : end.complaint);
  auto trace = load_trace(run.job.trace_file);
  if (!trace) return error(trace.error().what);
  if (end.epoch) add_pauses(*trace, *end.epoch);
  if (auto saved = save_trace(*trace, run.job.trace_file); !saved) return error(saved.error().what);
  return judged_result(run.variant, options_, *trace, run.job.trace_file);
}

void Runner::add_pauses(Trace& trace, Nanos epoch) const {
  const auto pauses = pauses_.between(epoch, epoch + trace.length);
  for (const Pause& pause : pauses)
    trace.events.emplace_back(StallEvent{std::max(pause.end - epoch, Nanos(0)), pause.length});
  if (!pauses.empty()) std::ranges::stable_sort(trace.events, {}, time_of);
}

void Runner::interrupt() {
  stopped_ = true;
  queue_.clear();
  running_.clear();
  setting_up_ = 0;
  boost::asio::post(context_, [this] { finish_if_done(); });
}

void Runner::finish_if_done() {
  if (done_ || !running_.empty() || !queue_.empty()) return;
  done_ = true;
  callbacks_.on_done();
}

}  // namespace faultline
