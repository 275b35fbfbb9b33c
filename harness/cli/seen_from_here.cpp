#include "harness/cli/seen_from_here.hpp"

#include <filesystem>
#include <map>
#include <utility>

#include "harness/cli/outside_suite.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

std::string path_from_here(const std::string& path, const std::string& folder) {
  const fs::path there = fs::path(folder) / path;
  std::error_code ignored;
  const bool is_relative = !path.empty() && fs::path(path).is_relative();
  return is_relative && fs::exists(there, ignored) ? there.lexically_normal().string() : path;
}

// Of what may be a name: a path has a slash in it.
void see_name_from_here(std::string& name, const std::string& folder) {
  if (name.find('/') != name.npos) name = path_from_here(name, folder);
}

// The new ids of cases by their old ones.
std::map<std::string, std::string> see_results_from_here(RunRecord& run) {
  std::map<std::string, std::string> ids;
  for (CaseResult& result : run.results) {
    see_name_from_here(result.kernel, run.info.folder);
    const std::string given =
        std::exchange(result.file, path_from_here(result.file, run.info.folder));
    const std::string path = fs::path(result.file).replace_extension().generic_string();
    if (given == result.file || result.case_id + ".toml" != given ||
        !is_outside_suite(path, result.file, run.info.asked.suite))
      continue;
    ids.emplace(std::exchange(result.case_id, path), path);
  }
  return ids;
}

}  // namespace

RunRecord seen_from_here(RunRecord run) {
  RunInfo& info = run.info;
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (error || info.folder.empty() || info.folder == here) return run;
  Asked& asked = info.asked;
  asked.suite = path_from_here(asked.suite, info.folder);
  asked.remote_token = path_from_here(asked.remote_token, info.folder);
  for (std::string& stack : asked.stacks) see_name_from_here(stack, info.folder);
  see_name_from_here(info.kernel_name, info.folder);
  for (KernelInfo& kernel : info.kernels) see_name_from_here(kernel.name, info.folder);
  const auto ids = see_results_from_here(run);
  for (std::string& id : asked.cases)
    if (const auto found = ids.find(id); found != ids.end()) id = found->second;
  info.folder = here;
  return run;
}

}  // namespace faultline
