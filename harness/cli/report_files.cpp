#include "harness/cli/report_files.hpp"

#include <fmt/ranges.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "harness/cli/tell.hpp"
#include "harness/trace/file.hpp"
#include "harness/trace/trace_json.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

Result<void> may_write(const fs::path& path, int mode) {
  if (access(path.c_str(), mode) == 0) return {};
  return fail_errno("{}", path.string());
}

// It is there, or what is there of the way to it lets it be made.
Result<void> check_folder(const fs::path& folder) {
  fs::path there = fs::absolute(folder).lexically_normal();
  std::error_code error;
  while (!fs::exists(fs::symlink_status(there, error)) && there.has_relative_path())
    there = there.parent_path();
  if (!fs::is_directory(there, error)) return fail("{} is no folder", there.string());
  return may_write(there, W_OK | X_OK);
}

bool are_same(const fs::path& a, const fs::path& b) {
  const auto plain = [](const fs::path& any) {
    std::error_code error;
    const fs::path found = fs::weakly_canonical(fs::absolute(any), error);
    return error ? fs::absolute(any).lexically_normal() : found;
  };
  return plain(a) == plain(b);
}

// Or a pipe: what is written there goes on, and is not in anything's place.
bool is_device(const fs::path& file) {
  std::error_code error;
  const fs::file_status there = fs::status(file, error);
  return fs::exists(there) && !fs::is_regular_file(there) && !fs::is_directory(there);
}

bool is_named_twice(const std::vector<FormatAndFile>& targets, const fs::path& file) {
  return !is_device(file) && std::ranges::any_of(targets, [&](const FormatAndFile& target) {
    return !target.file.empty() && are_same(target.file, file);
  });
}

class Arguments {
 public:
  Arguments(std::span<const std::string> formats, const FolderNames& folders)
      : formats_(formats), folders_(folders) {}

  Result<void> take(const std::string& argument) {
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const bool is_folder = holds(folders_.formats, name);
    if (!is_folder && !holds(formats_, name)) return unknown(argument, name);
    std::string file = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (equals != std::string::npos && file.empty())
      return fail("--report {}: name a {} after '='", argument, is_folder ? "folder" : "file");
    if (!is_folder && descriptor_of(file) == STDOUT_FILENO) file.clear();
    if (file.empty() && is_folder) file = fs::path(folders_.below) / name;
    if (file.empty() && ++on_stdout_ > 1)
      return fail("--report {}: only one report fits standard output; write FORMAT=FILE", argument);
    if (!file.empty())
      if (const auto good = check(argument, file, is_folder); !good) return good;
    targets.push_back({name, file});
    return {};
  }

  std::vector<FormatAndFile> targets;

 private:
  static bool holds(std::span<const std::string> names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  }

  [[nodiscard]] Result<void> check(const std::string& argument, const fs::path& file,
                                   bool is_folder) const {
    const std::string_view noun = is_folder ? "folder" : "file";
    if (const auto good = is_folder ? check_folder(file) : check_file(file); !good)
      return fail("--report {}: that {} cannot be written: {}", argument, noun, good.error().what);
    if (is_named_twice(targets, file))
      return fail("--report {}: another report goes to that {}", argument, noun);
    return {};
  }

  [[nodiscard]] Result<void> unknown(const std::string& argument, const std::string& name) const {
    std::vector<std::string> all(formats_.begin(), formats_.end());
    all.insert(all.end(), folders_.formats.begin(), folders_.formats.end());
    return fail("--report {}: there is no format '{}'{}; there are {}", argument, name,
                did_you_mean(name, all), fmt::join(all, ", "));
  }

  std::span<const std::string> formats_;
  const FolderNames& folders_;
  int on_stdout_ = 0;
};

// Files below `folder`, each with the folders that it needs.
FileSink files_below(const fs::path& folder) {
  return [folder](const std::string& path, std::string_view content) -> Result<void> {
    const fs::path file = folder / path;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) return fail("making {}: {}", file.parent_path().string(), error.message());
    return write_file(file, content);
  };
}

Result<Trace> saved_trace(const CaseResult& result) {
  if (result.trace_file.empty()) return fail("it left no trace");
  return load_trace(result.trace_file);
}

}  // namespace

Result<void> check_file(const std::string& file) {
  std::error_code error;
  const fs::file_status there = fs::status(file, error);
  if (fs::is_directory(there)) return fail("it is a folder");
  if (is_device(file)) return may_write(file, W_OK);
  const fs::path target = fs::canonical(file, error);
  return may_write((error ? fs::absolute(file) : target).parent_path(), W_OK | X_OK);
}

Result<std::vector<FormatAndFile>> formats_and_files(const std::vector<std::string>& arguments,
                                                     std::span<const std::string> formats,
                                                     const FolderNames& folders) {
  Arguments all(formats, folders);
  for (const std::string& argument : arguments)
    if (const auto taken = all.take(argument); !taken) return std::unexpected(taken.error());
  return std::move(all.targets);
}

Result<void> write_text(const FormatAndFile& where, const std::string& text) {
  if (!where.file.empty()) return write_file(where.file, text);
  // These are for people, the others are data.
  const bool is_read = where.format == "text" || where.format == "markdown";
  const std::string written = is_read ? without_orders(text) : text;
  if (std::fwrite(written.data(), 1, written.size(), stdout) != written.size() ||
      std::fflush(stdout) != 0)
    return fail_errno("writing the {} report to standard output", where.format);
  return {};
}

Result<std::vector<ReportTarget>> report_targets(const std::vector<std::string>& arguments,
                                                 const std::string& out,
                                                 std::span<const TakenFile> taken) {
  std::vector<std::string> names, folders;
  for (const ReportFormat& format : report_formats()) names.emplace_back(format.name);
  for (const FolderFormat& format : folder_formats()) folders.emplace_back(format.name);
  const auto found = formats_and_files(arguments, names, {folders, out});
  if (!found) return std::unexpected(found.error());
  std::vector<ReportTarget> targets;
  for (const auto& [format, file] : *found) {
    for (const TakenFile& other : taken)
      if (!file.empty() && !other.file.empty() && are_same(file, other.file))
        return fail("--report {}={}: that is the file of {}", format, file, other.option);
    targets.push_back({find_format(format), find_folder_format(format), file});
  }
  return targets;
}

Result<void> claim_folders(const std::vector<ReportTarget>& targets, RunFolders& folders) {
  for (const ReportTarget& target : targets) {
    if (!target.folder_format) continue;
    const std::string option = fmt::format("--report {}=DIR", target.folder_format->name);
    if (auto claimed = folders.claim(target.file, RunFolders::Results::anything, option); !claimed)
      return claimed;
  }
  return {};
}

Result<void> write_report(const ReportTarget& target, const RunInfo& info,
                          const std::vector<CaseResult>& results) {
  if (target.folder_format)
    return target.folder_format->write(info, results, saved_trace, files_below(target.file));
  return write_text({std::string(target.format->name), target.file},
                    target.format->write(info, results));
}

}  // namespace faultline
