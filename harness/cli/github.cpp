#include "harness/cli/github.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "harness/cli/exit_code.hpp"
#include "harness/cli/tell.hpp"
#include "harness/util/environment.hpp"
#include "reports/github.hpp"
#include "reports/markdown.hpp"

namespace faultline {
namespace {

// GitHub refuses a larger summary of a step whole.
constexpr size_t most_of_summary = size_t{1000} << 10;
// The table is worth showing in any case.
constexpr size_t least_of_summary = size_t{4} << 10;

void append_summary(const std::string& file, const RunInfo& info,
                    const std::vector<CaseResult>& results) {
  std::error_code error;
  const auto there = std::filesystem::file_size(file, error);
  const size_t used = error ? 0 : there;
  const size_t left = most_of_summary - std::min(used, most_of_summary);
  const std::string text = markdown_within(std::max(left, least_of_summary), info, results);
  std::ofstream out(file, std::ios::app | std::ios::binary);
  // A former step's last line may be without its end.
  out << (used > 0 ? "\n" : "") << text << std::flush;
  if (!out)
    complain(internal_error,
             fmt::format("the summary {} cannot be written: {}", file, std::strerror(errno)));
}

// A run may have been started anywhere below the workspace.
std::vector<CaseResult> with_whole_paths(std::vector<CaseResult> results,
                                         const std::string& folder) {
  for (CaseResult& result : results)
    result.file = (std::filesystem::path(folder) / result.file).lexically_normal();
  return results;
}

}  // namespace

bool in_github_actions() {
  return environment_variable("GITHUB_ACTIONS") == "true";
}

void tell_github(const RunInfo& info, const std::vector<CaseResult>& results,
                 bool stdout_is_a_report) {
  const std::string summary = environment_variable("GITHUB_STEP_SUMMARY");
  if (!summary.empty()) append_summary(summary, info, results);
  if (!in_github_actions()) return;
  const std::string workspace = environment_variable("GITHUB_WORKSPACE");
  std::FILE* const out = stdout_is_a_report ? stderr : stdout;
  fmt::print(out, "{}",
             github_annotations(with_whole_paths(results, info.folder),
                                workspace.empty() ? info.folder : workspace));
  std::fflush(out);
}

}  // namespace faultline
