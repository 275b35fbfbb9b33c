#include "harness/run/guest_pool.hpp"

#include <fmt/ranges.h>

#include <boost/asio/post.hpp>
#include <sstream>
#include <utility>

#include "harness/kernel/guest_folder.hpp"
#include "harness/run/guest_plan.hpp"
#include "harness/run/shares.hpp"
#include "harness/trace/file.hpp"
#include "harness/trace/trace_json.hpp"

namespace faultline {
namespace {

std::string without_newline(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace

struct GuestPool::Guest {
  enum class Stage : uint8_t { waiting, begun, over };
  size_t key = 0;
  GuestFolder folder;
  std::vector<Variant> variants;
  std::vector<Stage> stages{};
  bool up = false;
  std::unique_ptr<GuestProcess> process{};
};

GuestPool::GuestPool(boost::asio::io_context& context, std::vector<Variant> variants,
                     RunnerOptions options, RunnerCallbacks callbacks, Machine machine)
    : context_(context),
      options_(std::move(options)),
      callbacks_(std::move(callbacks)),
      machine_(std::move(machine)) {
  for (auto& share : share_out(std::move(variants), options_.jobs))
    shares_.push_back(std::move(share));
}

GuestPool::~GuestPool() = default;

void GuestPool::start() {
  boost::asio::post(context_, [this] {
    if (machine_.lacks && !machine_.lacks->empty()) skip_all(*machine_.lacks);
    start_more();
  });
}

void GuestPool::start_more() {
  while (!stopped_ && !shares_.empty() && guests_.size() < options_.jobs) {
    auto share = std::move(shares_.front());
    shares_.pop_front();
    start(std::move(share));
  }
  finish_if_done();
}

void GuestPool::start(std::vector<Variant> share) {
  auto folder = GuestFolder::make();
  if (!folder) return refuse(folder.error().what);
  GuestPlan plan{.side_by_side = most_side_by_side, .try_options = !machine_.lacks};
  for (const Variant& variant : share) {
    Job job = job_of(variant, options_);
    job.driver.clear();
    job.virtual_time = true;
    job.free_computing = machine_.free_computing;
    plan.jobs.push_back({std::move(job), variant.longest});
  }
  const auto launch = machine_.launch(to_text(plan), folder->path());
  if (!launch) return refuse(launch.error().what);
  const size_t key = next_key_++;
  auto& guest = guests_[key];
  guest = std::make_unique<Guest>(Guest{key, std::move(*folder), std::move(share)});
  guest->stages.resize(guest->variants.size());
  guest->process = std::make_unique<GuestProcess>(
      context_, *launch, machine_.longest_silence,
      GuestProcess::Callbacks{
          .on_frame = [this, &guest = *guest](Frame frame) { on_frame(guest, std::move(frame)); },
          .on_end = [this, &guest = *guest](const GuestEnd& end) { on_end(guest, end); }});
}

void GuestPool::on_frame(Guest& guest, Frame frame) {
  using Kind = Frame::Kind;
  if (frame.kind == Kind::up) return on_up(guest, frame.body);
  if (frame.kind == Kind::done || frame.job >= guest.variants.size()) return;
  const Variant& variant = guest.variants[frame.job];
  if (frame.kind == Kind::began) {
    guest.stages[frame.job] = Guest::Stage::begun;
    callbacks_.on_start(variant);
  } else {
    report(guest, frame.job,
           frame.kind == Kind::trace
               ? result_of(guest, variant, frame.body)
               : error_result(variant, options_,
                              guest.folder.explained(without_newline(std::move(frame.body)))));
  }
}

void GuestPool::on_up(Guest& guest, const std::string& body) {
  guest.up = true;
  std::istringstream lines(body);
  std::string release;
  int hz = 0;
  if (lines >> release >> hz && callbacks_.on_kernel) callbacks_.on_kernel(release, hz);
  std::vector<std::string> lacks;
  for (std::string option; std::getline(lines >> std::ws, option);) lacks.push_back(option);
  if (!lacks.empty()) skip_all(lacks);
}

CaseResult GuestPool::result_of(const Guest& guest, const Variant& variant,
                                const std::string& text) const {
  const auto file = trace_path(variant, options_);
  if (auto saved = write_file(file, text); !saved)
    return error_result(variant, options_, saved.error().what);
  const auto trace = trace_from_json(text);
  if (!trace) return error_result(variant, options_, guest.folder.explained(trace.error().what));
  return judged_result(variant, options_, *trace, file);
}

void GuestPool::report(Guest& guest, size_t job, CaseResult result) {
  if (std::exchange(guest.stages[job], Guest::Stage::over) == Guest::Stage::over) return;
  const bool failed = result.outcome == Outcome::FAIL || result.outcome == Outcome::XPASS;
  callbacks_.on_result(guest.variants[job], std::move(result));
  if (failed && options_.fail_fast) shares_.clear();
}

void GuestPool::on_end(Guest& guest, const GuestEnd& end) {
  if (!guest.up && refusal_.empty())
    refuse(fmt::format("no case could be run: {}\n{}", guest.folder.explained(end.trouble),
                       without_newline(end.console)));
  else
    give_back(guest, end);
  // The guest's own callback is running: it is destroyed after this turn of the loop.
  boost::asio::post(context_, [this, key = guest.key] {
    guests_.erase(key);
    start_more();
  });
}

// What it had begun is lost, what it had not is for another.
void GuestPool::give_back(Guest& guest, const GuestEnd& end) {
  std::vector<Variant> left;
  for (size_t job = 0; job < guest.variants.size(); ++job) {
    if (guest.stages[job] == Guest::Stage::waiting) left.push_back(guest.variants[job]);
    if (guest.stages[job] != Guest::Stage::begun) continue;
    const std::string why = end.trouble.empty() ? "the guest forgot it" : end.trouble;
    CaseResult lost = error_result(guest.variants[job], options_, guest.folder.explained(why));
    std::istringstream console(end.console);
    for (std::string line; std::getline(console, line);)
      lost.story.push_back("console: " + without_newline(line));
    report(guest, job, std::move(lost));
  }
  if (!left.empty() && !stopped_) shares_.push_back(std::move(left));
}

void GuestPool::refuse(const std::string& why) {
  if (refusal_.empty()) refusal_ = why;
  interrupt();
}

void GuestPool::skip_all(const std::vector<std::string>& lacks) {
  const std::string why = fmt::format("the kernel lacks {}", fmt::join(lacks, ", "));
  for (const auto& [key, guest] : guests_)
    for (size_t job = 0; job < guest->variants.size(); ++job)
      report(*guest, job, skip_result(guest->variants[job], options_, why));
  for (const auto& share : shares_)
    for (const Variant& variant : share)
      callbacks_.on_result(variant, skip_result(variant, options_, why));
  interrupt();
}

void GuestPool::interrupt() {
  stopped_ = true;
  shares_.clear();
  boost::asio::post(context_, [this] {
    guests_.clear();
    finish_if_done();
  });
}

void GuestPool::finish_if_done() {
  if (done_ || !guests_.empty() || !shares_.empty()) return;
  done_ = true;
  callbacks_.on_done();
}

}  // namespace faultline
