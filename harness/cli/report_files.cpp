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

bool is_named_twice(const std::vector<FormatAndFile>& targets, const fs::path& file) {
  const auto plain = [](const fs::path& any) { return fs::weakly_canonical(fs::absolute(any)); };
  return std::ranges::any_of(targets, [&](const FormatAndFile& target) {
    return !target.file.empty() && plain(target.file) == plain(file);
  });
}

}  // namespace

Result<std::vector<FormatAndFile>> formats_and_files(const std::vector<std::string>& arguments,
                                                     std::span<const std::string> formats) {
  std::vector<FormatAndFile> targets;
  int on_stdout = 0;
  for (const std::string& argument : arguments) {
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    if (std::ranges::find(formats, name) == formats.end())
      return fail("--report {}: there is no format '{}'{}; there are {}", argument, name,
                  did_you_mean(name, formats), fmt::join(formats, ", "));
    const std::string file = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (equals != std::string::npos && file.empty())
      return fail("--report {}: name a file after '='", argument);
    if (file.empty() && ++on_stdout > 1)
      return fail("--report {}: only one report fits standard output; write FORMAT=FILE", argument);
    if (!file.empty() && !can_be_written(file))
      return fail("--report {}: that file cannot be written", argument);
    if (!file.empty() && is_named_twice(targets, file))
      return fail("--report {}: another report goes to that file", argument);
    targets.push_back({name, file});
  }
  return targets;
}

Result<void> write_text(const FormatAndFile& where, const std::string& text) {
  if (!where.file.empty()) return write_file(where.file, text);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return fail_errno("writing the {} report to standard output", where.format);
  return {};
}

Result<std::vector<ReportTarget>> report_targets(const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const ReportFormat& format : report_formats()) names.emplace_back(format.name);
  const auto found = formats_and_files(arguments, names);
  if (!found) return std::unexpected(found.error());
  std::vector<ReportTarget> targets;
  for (const auto& [format, file] : *found) targets.push_back({find_format(format), file});
  return targets;
}

Result<void> write_report(const ReportTarget& target, const RunInfo& info,
                          const std::vector<CaseResult>& results) {
  return write_text({std::string(target.format->name), target.file},
                    target.format->write(info, results));
}

}  // namespace faultline
