// The selected cases on one kernel.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/choose_kernel.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/plan.hpp"
#include "harness/cli/stacks.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/run/shard.hpp"
#include "harness/run/variant.hpp"
#include "reports/status_line.hpp"

namespace faultline {

// What is the same on every kernel of a run.
struct RunSetting {
  const RunArguments& arguments;
  std::map<std::string, std::string> overrides;
  std::vector<ChosenStack> stacks;
  std::filesystem::path driver;  // the Linux one
  uint64_t seed = 0;
  double timing_scale = 1;
  Shard shard;
  bool text_is_shown = true;  // false: standard output belongs to another format
};

class KernelRun {
 public:
  // `traces` is an existing folder when it is played. `several`: results name their kernel. All but
  // the kernel must outlive this.
  KernelRun(const RunSetting& setting, ChosenKernel kernel, const std::vector<Case>& cases,
            std::filesystem::path traces, bool several, Terminal& terminal);

  // Finds what is to be run. False where no case has the address family that was asked for; a shard
  // may be empty all the same.
  [[nodiscard]] bool plan();
  // What the results will be called.
  [[nodiscard]] std::vector<std::string> names() const;
  // Runs everything once, and tells of each result as it comes.
  void play();
  // Once more, to compare. REQUIRES: the kernel's time is virtual.
  void verify_determinism();

  [[nodiscard]] const std::vector<CaseResult>& results() const { return results_; }
  [[nodiscard]] const KernelInfo& kernel() const { return info_; }
  [[nodiscard]] const std::filesystem::path& traces() const { return traces_; }
  [[nodiscard]] Nanos wall() const { return wall_; }
  // The ids of cases that are too slow.
  [[nodiscard]] const std::vector<std::string>& left_out() const { return plan_.left_out; }
  [[nodiscard]] bool was_interrupted() const { return interrupted_; }
  // Why nothing can run here, or "".
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  // What left another trace the second time.
  [[nodiscard]] const std::vector<std::string>& differing() const { return differing_; }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] RunnerOptions runner_options() const;
  [[nodiscard]] size_t jobs() const;
  std::unique_ptr<CaseRunner> runner(RunnerCallbacks callbacks);
  // Leaves everything else out of what is to be run, by name without a repetition.
  void keep(const std::vector<std::string>& names);
  [[nodiscard]] std::string name_of(const Variant& variant) const;
  [[nodiscard]] std::string name_of(CaseResult not_run) const;
  void run_variants();
  void on_result(const Variant& variant, CaseResult result);
  void add(CaseResult result);  // shows it, too
  void show_status();
  // How long who waits for it will wait.
  [[nodiscard]] Nanos expected(const Variant& variant) const;
  void tick();

  const RunSetting& setting_;
  ChosenKernel kernel_;
  const std::vector<Case>& cases_;
  std::filesystem::path traces_;
  bool several_;
  Terminal& terminal_;
  KernelInfo info_;
  Plan plan_;
  std::vector<CaseResult> results_;
  Nanos wall_{};
  bool interrupted_ = false;
  std::string refusal_;
  std::vector<std::string> differing_;
  Progress progress_;
  std::map<std::string, Clock::time_point> began_;
  boost::asio::io_context context_{1};
  boost::asio::steady_timer ticker_{context_};
};

}  // namespace faultline
