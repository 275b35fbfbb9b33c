// --report FORMAT[=FILE] and, of the formats that are a folder, FORMAT[=DIR].
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/cli/run_folder.hpp"
#include "harness/util/error.hpp"
#include "reports/folder_format.hpp"
#include "reports/formats.hpp"

namespace faultline {

struct FormatAndFile {
  std::string format;  // one of those there are
  std::string file;    // "": standard output; of a folder format its folder
};

// The formats that are a folder; where none is named it is the format's name below `below`.
struct FolderNames {
  std::span<const std::string> formats;
  std::string below;
};

// Unknown formats, more than one for standard output, and files and folders that cannot be written
// are refused.
[[nodiscard]] Result<std::vector<FormatAndFile>> formats_and_files(
    const std::vector<std::string>& arguments, std::span<const std::string> formats,
    const FolderNames& folders = {});

// Whether it can be written, as far as that shows before there is anything to write. A file is
// replaced in the folder that it is in; what is none (a device, a pipe) is written itself.
[[nodiscard]] Result<void> check_file(const std::string& file);

// A file is written whole or not at all.
[[nodiscard]] Result<void> write_text(const FormatAndFile& where, const std::string& text);

// The same of the formats of a run. One of the two formats is there.
struct ReportTarget {
  const ReportFormat* format = nullptr;
  const FolderFormat* folder_format = nullptr;
  std::string file;  // "": standard output; of a folder format its folder

  [[nodiscard]] bool is_stdout() const { return file.empty(); }
  [[nodiscard]] bool is_text() const { return format && format->name == "text"; }
};

// A file that is written for another purpose, and the option that names it.
struct TakenFile {
  std::string option, file;  // "": there is none
};

// `out`: the folder for traces. Nothing is made yet.
[[nodiscard]] Result<std::vector<ReportTarget>> report_targets(
    const std::vector<std::string>& arguments, const std::string& out,
    std::span<const TakenFile> taken);

// Makes and locks the folders among them, which may hold nothing yet.
[[nodiscard]] Result<void> claim_folders(const std::vector<ReportTarget>& targets,
                                         RunFolders& folders);

[[nodiscard]] Result<void> write_report(const ReportTarget& target, const RunInfo& info,
                                        const std::vector<CaseResult>& results);

}  // namespace faultline
