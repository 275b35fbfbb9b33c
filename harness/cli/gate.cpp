#include "harness/cli/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/cli/baseline_keys.hpp"
#include "harness/cli/outcome_code.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/tell.hpp"
#include "harness/trace/file.hpp"
#include "reports/baseline_file.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

constexpr size_t baseline_size_limit = size_t{16} << 20;

std::expected<Baseline, int> load(const std::string& file, std::string_view option) {
  const auto text = read_file(file, baseline_size_limit);
  auto baseline = text ? read_baseline(*text, file) : std::unexpected(text.error());
  if (baseline) return std::move(*baseline);
  return refuse(bad_case_file, fmt::format("{}: {}", option, baseline.error().what));
}

// By the names of the run.
Baseline accepted(const Baseline& before, const RunInfo& info,
                  const std::vector<CaseResult>& results) {
  const BaselineKeys keys(before.file, info, results);
  return updated(keys.named_as_in_run(before), info, results);
}

}  // namespace

std::expected<Gate, int> Gate::open(const std::string& baseline, const std::string& written) {
  Gate gate;
  if (!baseline.empty()) {
    auto read = load(baseline, "--baseline");
    if (!read) return std::unexpected(read.error());
    gate.baseline_ = std::move(*read);
  }
  if (written.empty()) return gate;
  if (const auto good = check_file(written); !good)
    return refuse(usage_error, fmt::format("--write-baseline {}: that file cannot be written: {}",
                                           written, good.error().what));
  gate.written_ = Baseline{.file = written, .outcomes = {}};
  std::error_code error;
  if (!std::filesystem::exists(written, error)) return gate;
  auto read = load(written, "--write-baseline");
  if (!read) return std::unexpected(read.error());
  gate.written_ = std::move(*read);
  return gate;
}

void Gate::compare(RunInfo& info, const std::vector<CaseResult>& results) const {
  if (!baseline_) return;
  const BaselineKeys keys(baseline_->file, info, results);
  info.baseline = compare_with(keys.named_as_in_run(*baseline_), info, results);
}

bool Gate::write(const RunInfo& info, const std::vector<CaseResult>& results) const {
  if (!written_) return true;
  if (info.interrupted) {
    complain(interrupted, fmt::format("interrupted: {} stays as it was", written_->file));
    return true;
  }
  const BaselineKeys keys(written_->file, info, results);
  const Baseline now = keys.as_written(accepted(*written_, info, results), *written_);
  if (const auto done = write_file(written_->file, baseline_text(now)); !done) {
    complain(internal_error, fmt::format("--write-baseline: {}", done.error().what));
    return false;
  }
  fmt::print(stderr, "baseline {}: {} outcomes", safe_text(written_->file), now.outcomes.size());
  const auto undecided = std::ranges::count_if(
      results, [](const CaseResult& result) { return is_undecided(result.outcome); });
  if (undecided > 0) fmt::print(stderr, "; {} undecided results are not accepted", undecided);
  fmt::print(stderr, "\n");
  return true;
}

ExitCode Gate::exit_code(const RunInfo& info, const std::vector<CaseResult>& results) const {
  if (baseline_ || !written_) return exit_code_of(info, results);
  RunInfo against = info;
  against.baseline = compare_with(accepted(*written_, info, results), info, results);
  return exit_code_of(against, results);
}

}  // namespace faultline
