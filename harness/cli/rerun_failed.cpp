#include "harness/cli/rerun_failed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/cli/outside_suite.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/read_record.hpp"
#include "harness/cli/seen_from_here.hpp"
#include "harness/cli/tell.hpp"
#include "reports/missing_parts.hpp"
#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

template <typename T>
void use_where_empty(T& mine, const T& of_the_run) {
  if (mine.empty()) mine = of_the_run;
}

// The case by its id, where the suite has it: the run may have been made on another machine.
std::string name_of_case(const CaseResult& result, const std::string& suite) {
  std::error_code ignored;
  if (is_outside_suite(result.case_id, result.file, suite) && fs::exists(result.file, ignored))
    return result.file;
  const auto folder = suite_folder(suite);
  const bool in_suite = folder && fs::exists(*folder / (result.case_id + ".toml"), ignored);
  return in_suite ? result.case_id : result.file;
}

// Of the kernels that failed each, as the user named it.
std::vector<std::string> kernels_of(const RunRecord& run, const std::vector<CaseResult>& failed) {
  if (run.info.kernels.empty()) {
    if (run.info.kernel_name.empty()) return {};
    return {run.info.kernel_name};
  }
  std::vector<std::string> kernels;
  for (const KernelInfo& kernel : run.info.kernels)
    if (std::ranges::find(failed, kernel.name, &CaseResult::kernel) != failed.end())
      kernels.push_back(kernel.name);
  return kernels;
}

std::vector<std::string> stacks_of(const RunRecord& run, const std::vector<CaseResult>& failed) {
  std::vector<std::string> stacks;
  for (const std::string& asked : run.info.asked.stacks)
    if (std::ranges::find(failed, stack_name(asked), &CaseResult::stack) != failed.end())
      stacks.push_back(asked);
  return stacks;
}

// What its results will be called on these kernels.
std::vector<std::string> names_on(const CaseResult& result, const RunArguments& arguments,
                                  bool other_kernels) {
  std::vector<std::string> names;
  CaseResult named = result;
  const bool several = arguments.kernels.size() > 1;
  for (const std::string& kernel : arguments.kernels) {
    if (!other_kernels && !result.kernel.empty() && result.kernel != kernel) continue;
    named.kernel = several ? kernel : "";
    names.push_back(without_repetition(named.variant()));
  }
  named.kernel.clear();
  if (arguments.kernels.empty()) names.push_back(without_repetition(named.variant()));
  return names;
}

void ask_for(const std::vector<CaseResult>& failed, const RunRecord& run, RunArguments& arguments) {
  const Asked& asked = run.info.asked;
  const bool other_kernels = !arguments.kernels.empty();
  use_where_empty(arguments.kernels, kernels_of(run, failed));
  use_where_empty(arguments.stacks, stacks_of(run, failed));
  use_where_empty(arguments.selection.suite, asked.suite);
  use_where_empty(arguments.remote, asked.remote);
  use_where_empty(arguments.remote_token, asked.remote_token);
  use_where_empty(arguments.remote_interface, asked.remote_interface);
  if (arguments.sysctls.empty())
    for (const auto& [name, value] : asked.sysctls) arguments.sysctls.push_back(name + "=" + value);
  if (!arguments.seed) arguments.seed = run.info.seed;
  if (!arguments.timing_scale) arguments.timing_scale = run.info.timing_scale;
  arguments.selection.slow = true;
  std::set<std::string> names, variants;
  for (const CaseResult& result : failed) {
    names.insert(name_of_case(result, arguments.selection.suite));
    for (std::string& name : names_on(result, arguments, other_kernels))
      variants.insert(std::move(name));
  }
  arguments.selection.names.assign(names.begin(), names.end());
  arguments.only.assign(variants.begin(), variants.end());
}

}  // namespace

std::expected<bool, int> ask_for_failed_again(RunArguments& arguments) {
  auto record = read_record(arguments.rerun_failed);
  if (!record) return refuse(bad_case_file, fmt::format("--rerun-failed: {}", record.error().what));
  const RunRecord run = seen_from_here(std::move(*record));
  std::vector<CaseResult> failed;
  std::ranges::copy_if(run.results, std::back_inserter(failed), is_bad, &CaseResult::outcome);
  tell(stderr, fmt::format("{}: {} of {} results failed or were undecided{}\n",
                           safe_text(arguments.rerun_failed), failed.size(), run.results.size(),
                           failed.empty() ? ": nothing to run again" : ""));
  const bool is_whole = missing_parts(run.info).empty();
  if (!is_whole)
    complain(nothing_failed_but_unsure,
             "that run is not whole: what it did not come to is not run again");
  if (failed.empty() && !is_whole) return std::unexpected(nothing_failed_but_unsure);
  if (failed.empty()) return false;
  ask_for(failed, run, arguments);
  return true;
}

}  // namespace faultline
