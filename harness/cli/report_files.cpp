#include "harness/cli/report_files.hpp"

#include <fmt/ranges.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "harness/trace/file.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

bool can_be_written(const fs::path& file) {
  const fs::path folder = fs::absolute(file).parent_path();
  return !fs::is_directory(file) && access(folder.c_str(), W_OK) == 0;
}

bool is_named_twice(const std::vector<ReportTarget>& targets, const fs::path& file) {
  const auto plain = [](const fs::path& any) { return fs::weakly_canonical(fs::absolute(any)); };
  return std::ranges::any_of(targets, [&](const ReportTarget& target) {
    return !target.file.empty() && plain(target.file) == plain(file);
  });
}

}  // namespace

Result<std::vector<ReportTarget>> report_targets(const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const ReportFormat& format : report_formats()) names.emplace_back(format.name);
  std::vector<ReportTarget> targets;
  int on_stdout = 0;
  for (const std::string& argument : arguments) {
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const ReportFormat* format = find_format(name);
    if (!format)
      return fail("--report {}: there is no format '{}'{}; there are {}", argument, name,
                  did_you_mean(name, names), fmt::join(names, ", "));
    const std::string file = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (equals != std::string::npos && file.empty())
      return fail("--report {}: name a file after '='", argument);
    if (file.empty() && ++on_stdout > 1)
      return fail("--report {}: only one report fits standard output; write FORMAT=FILE", argument);
    if (!file.empty() && !can_be_written(file))
      return fail("--report {}: that file cannot be written", argument);
    if (!file.empty() && is_named_twice(targets, file))
      return fail("--report {}: another report goes to that file", argument);
    targets.push_back({format, file});
  }
  return targets;
}

Result<void> write_report(const ReportTarget& target, const RunInfo& info,
                          const std::vector<CaseResult>& results) {
  const std::string text = target.format->write(info, results);
  if (!target.file.empty()) return write_file(target.file, text);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return fail_errno("writing the {} report to standard output", target.format->name);
  return {};
}

}  // namespace faultline
