// One run, from what the user asked for to its reports.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/gate.hpp"
#include "harness/cli/kernel_run.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/run_folder.hpp"
#include "harness/cli/selecting.hpp"

namespace faultline {

struct PlannedVariant {
  std::string name;  // as its result will be called
  std::string case_id, file;
};

class RunCommand {
 public:
  RunCommand(RunArguments arguments, const Shard& shard);
  RunCommand(const RunCommand&) = delete;
  RunCommand& operator=(const RunCommand&) = delete;

  // All of it; the result is the exit code.
  [[nodiscard]] int run();

  // The same step by step, in this order. On an error it has been printed, and the result is the
  // exit code. Without folders it can be planned, not played.
  [[nodiscard]] std::expected<void, int> prepare();
  [[nodiscard]] std::expected<void, int> make_folders();
  [[nodiscard]] std::expected<void, int> plan();
  [[nodiscard]] std::expected<void, int> play_all();

  // Once it is planned.
  [[nodiscard]] std::vector<PlannedVariant> planned() const;
  [[nodiscard]] const std::vector<CaseResult>& results() const { return results_; }
  // The seed once it is prepared, whether it was interrupted once it is played.
  [[nodiscard]] const RunInfo& info() const { return info_; }
  // Prints no results.
  void show_nothing() { setting_.text_is_shown = false; }

 private:
  std::expected<void, int> choose_kernels();
  std::expected<void, int> choose_cases();
  std::expected<void, int> open_gate();
  void choose_timing_scale();
  [[nodiscard]] uint64_t drawn_seed() const;
  void describe_what_was_asked();
  void describe_run();
  std::expected<void, int> play(size_t kernel);
  void collect(const KernelRun& run);
  [[nodiscard]] bool write_host_facts(const KernelRun& run) const;
  [[nodiscard]] bool write_record() const;
  [[nodiscard]] bool traces_are_there() const;
  int conclude();

  RunArguments arguments_;
  RunSetting setting_;
  std::vector<ChosenKernel> kernels_;
  std::vector<Selected> cases_;                // of each kernel
  std::vector<std::filesystem::path> traces_;  // of each kernel
  std::vector<ReportTarget> reports_;
  RunFolders folders_;
  std::vector<std::unique_ptr<KernelRun>> runs_;
  std::vector<CaseResult> results_;
  RunInfo info_;
  Gate gate_;
  Terminal terminal_;
};

}  // namespace faultline
