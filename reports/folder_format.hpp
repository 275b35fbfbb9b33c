// Reports of many files: a page or a capture for each result. A new one is one file and one line in
// folder_format.cpp.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/result.hpp"
#include "harness/trace/trace.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// Takes a file as soon as it is made, so that no more than one trace is in memory. `path` is
// relative to the report's folder, with '/' between folders; it never leads out of it.
using FileSink = std::function<Result<void>(const std::string& path, std::string_view content)>;

// Reads `result.trace_file`; the report itself opens nothing.
using TraceSource = std::function<Result<Trace>(const CaseResult& result)>;

struct FolderFormat {
  std::string_view name;
  // A result without a readable trace is reported all the same, with the reason in its picture's
  // place. An error is the sink's, as it came.
  Result<void> (*write)(const RunInfo& info, const std::vector<CaseResult>& results,
                        const TraceSource& trace_of, const FileSink& sink);
};

[[nodiscard]] std::span<const FolderFormat> folder_formats();

// None where the name is unknown.
[[nodiscard]] const FolderFormat* find_folder_format(std::string_view name);

}  // namespace faultline
