#include "harness/cli/kernel_run.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <set>
#include <thread>

#include "harness/cli/determinism.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/remote_target.hpp"
#include "harness/cli/rerun.hpp"
#include "harness/cli/sharding.hpp"
#include "harness/run/guest_pool.hpp"
#include "harness/run/runner.hpp"
#include "harness/run/shares.hpp"
#include "harness/world/probe.hpp"

namespace faultline {
namespace {

std::string release_of_this_machine() {
  utsname name{};
  uname(&name);
  return name.release;
}

}  // namespace

KernelRun::KernelRun(const RunSetting& setting, ChosenKernel kernel, const std::vector<Case>& cases,
                     std::filesystem::path traces, bool several, Terminal& terminal)
    : setting_(setting),
      kernel_(std::move(kernel)),
      cases_(cases),
      traces_(std::move(traces)),
      several_(several),
      terminal_(terminal) {
  const bool is_virtual = kernel_.is_virtual();
  info_ = {.name = kernel_.name,
           .release = is_virtual ? "" : release_of_this_machine(),
           .hz = is_virtual ? KernelName::default_hz : kernel_hz(),
           .virtual_time = is_virtual};
}

bool KernelRun::plan() {
  plan_ = plan_variants(cases_, setting_.stacks, setting_.arguments, runner_options(),
                        {.hz = info_.hz, .longest_ordinary = kernel_.longest_ordinary});
  if (!setting_.arguments.only.empty()) keep(setting_.arguments.only);
  if (plan_.variants.empty() && plan_.not_run.empty()) return false;
  keep_shard(plan_, setting_.shard, kernel_.is_virtual(), setting_.overrides);
  return true;
}

std::string KernelRun::name_of(const Variant& variant) const {
  return name_of(skip_result(variant, runner_options(), ""));
}

std::string KernelRun::name_of(CaseResult not_run) const {
  if (several_) not_run.kernel = kernel_.name;
  return not_run.variant();
}

std::vector<std::string> KernelRun::names() const {
  std::vector<std::string> all;
  for (const CaseResult& result : plan_.not_run) all.push_back(name_of(result));
  for (const Variant& variant : plan_.variants) all.push_back(name_of(variant));
  return all;
}

void KernelRun::keep(const std::vector<std::string>& names) {
  const std::set<std::string> kept(names.begin(), names.end());
  const auto is_other = [&](const auto& one) {
    return !kept.contains(without_repetition(name_of(one)));
  };
  std::erase_if(plan_.variants, is_other);
  std::erase_if(plan_.not_run, is_other);
}

void KernelRun::play() {
  for (CaseResult& result : plan_.not_run) add(std::move(result));
  const auto began = Clock::now();
  if (!plan_.variants.empty()) run_variants();
  wall_ = Clock::now() - began;
}

void KernelRun::verify_determinism() {
  terminal_.print("once more, to see whether the traces are the same\n");
  differing_ = play_again(plan_.variants, runner_options(), kernel_.machine);
}

size_t KernelRun::jobs() const {
  // The driver across the network serves one case at a time.
  if (names_remote(setting_.arguments.stacks)) return 1;
  if (setting_.arguments.jobs != 0) return setting_.arguments.jobs;
  return kernel_.is_virtual() ? std::max(std::thread::hardware_concurrency(), 1U) : 128;
}

RunnerOptions KernelRun::runner_options() const {
  return {.jobs = jobs(),
          .seed = setting_.seed,
          .timing_scale = setting_.timing_scale,
          .overrides = setting_.overrides,
          .program = this_program(),
          .driver = {setting_.driver},
          .traces = traces_,
          .fail_fast = setting_.arguments.fail_fast,
          .known = known_of(setting_.stacks),
          .rerun = [this](const Variant& variant) {
            return rerun_command(variant, kernel_.name, setting_);
          }};
}

void KernelRun::on_result(const Variant& variant, CaseResult result) {
  ++progress_.done;
  if (result.outcome == Outcome::FAIL || result.outcome == Outcome::XPASS) ++progress_.failed;
  std::erase_if(progress_.running,
                [&](const RunningVariant& running) { return running.name == variant.name(); });
  add(std::move(result));
  show_status();
}

void KernelRun::add(CaseResult result) {
  if (several_) result.kernel = kernel_.name;
  TextStyle style = terminal_.style();
  style.verbose = setting_.arguments.verbose;
  if (setting_.text_is_shown) terminal_.print(text_result(result, style));
  results_.push_back(std::move(result));
}

void KernelRun::show_status() {
  if (!terminal_.rewrites() || !setting_.text_is_shown) return;
  for (RunningVariant& running : progress_.running)
    running.elapsed = Clock::now() - began_.at(running.name);
  terminal_.status(status_line(progress_, terminal_.width()));
}

void KernelRun::tick() {
  ticker_.expires_after(500ms);
  ticker_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    show_status();
    tick();
  });
}

std::unique_ptr<CaseRunner> KernelRun::runner(RunnerCallbacks callbacks) {
  if (!kernel_.is_virtual())
    return std::make_unique<Runner>(context_, plan_.variants, runner_options(),
                                    std::move(callbacks));
  return std::make_unique<GuestPool>(context_, plan_.variants, runner_options(),
                                     std::move(callbacks), kernel_.machine);
}

Nanos KernelRun::expected(const Variant& variant) const {
  return kernel_.is_virtual() ? predicted_cost(variant) : variant.predicted;
}

void KernelRun::run_variants() {
  progress_.total = plan_.variants.size();
  progress_.jobs = jobs();
  for (const Variant& variant : plan_.variants) progress_.queued.push_back(expected(variant));
  std::ranges::sort(progress_.queued, std::greater{});
  boost::asio::signal_set signals(context_, SIGINT, SIGTERM, SIGHUP);
  std::unique_ptr<CaseRunner> runner;
  const auto stop = [&] {
    interrupted_ = true;
    runner->interrupt();
  };
  RunnerCallbacks callbacks;
  callbacks.on_start = [this](const Variant& variant) {
    began_[variant.name()] = Clock::now();
    progress_.running.push_back({variant.name(), expected(variant), 0ns});
    progress_.queued.erase(std::ranges::find(progress_.queued, expected(variant)));
  };
  callbacks.on_result = [this, &stop](const Variant& variant, CaseResult result) {
    on_result(variant, std::move(result));
    if (!terminal_.is_heard()) boost::asio::post(context_, stop);
  };
  callbacks.on_done = [this, &signals] {
    ticker_.cancel();
    signals.cancel();
  };
  callbacks.on_kernel = [this](const std::string& release, int hz) {
    info_.release = release;
    info_.hz = hz;
  };
  runner = this->runner(std::move(callbacks));
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) stop();
  });
  if (terminal_.rewrites()) tick();
  runner->start();
  context_.run();
  refusal_ = runner->refusal();
}

}  // namespace faultline
