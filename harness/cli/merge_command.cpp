// faultline merge: the shards of a run as one.
#include <fmt/format.h>

#include <filesystem>

#include "harness/cli/commands.hpp"
#include "harness/cli/gate.hpp"
#include "harness/cli/github.hpp"
#include "harness/cli/outside_suite.hpp"
#include "harness/cli/read_record.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/seen_from_here.hpp"
#include "harness/cli/tell.hpp"
#include "harness/cli/terminal.hpp"
#include "reports/merged.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// Where a trace is that may have been written on another machine: its path there ends as it does
// here, below the folder of the report. What stands at that very path may be another run's.
std::string found_trace(const fs::path& written, const fs::path& report) {
  std::error_code ignored;
  if (written.empty()) return "";
  const fs::path folder = fs::is_directory(report, ignored) ? report : report.parent_path();
  const fs::path way = written.relative_path();
  const std::vector<fs::path> parts(way.begin(), way.end());
  for (size_t from = 0; from < parts.size(); ++from) {
    fs::path here = folder;
    for (size_t i = from; i < parts.size(); ++i) here /= parts[i];
    if (fs::exists(here, ignored)) return fs::absolute(here).lexically_normal();
  }
  return written;
}

Result<RunRecord> read_and_merge(const std::vector<std::string>& files) {
  std::vector<NamedRecord> records;
  for (const std::string& file : files) {
    auto record = read_record(file);
    if (!record) return std::unexpected(record.error());
    for (CaseResult& result : record->results)
      result.trace_file = found_trace(result.trace_file, file);
    records.push_back({file, std::move(*record)});
  }
  // As each has them: shards of one run call the same files by the same names.
  auto all = merged(std::move(records));
  if (all) *all = seen_from_here(std::move(*all));
  return all;
}

// A baseline knows a case file outside of the suite by where it is, and names of several folders do
// not say where.
Result<void> check_names(const MergeArguments& arguments, const RunRecord& run) {
  if (arguments.baseline.empty() && arguments.write_baseline.empty()) return {};
  if (!run.info.folder.empty()) return {};
  for (const CaseResult& result : run.results)
    if (is_outside_suite(result.case_id, result.file, run.info.asked.suite))
      return fail(
          "the shards were run in different folders, so a baseline cannot tell which file {} is; "
          "start all of them in the same one",
          result.file);
  return {};
}

}  // namespace

int merge_command(const MergeArguments& arguments) {
  std::vector<TakenFile> taken{{"--baseline", arguments.baseline},
                               {"--write-baseline", arguments.write_baseline}};
  for (const std::string& file : arguments.files) taken.push_back({"a run to merge", file});
  auto reports = report_targets(arguments.reports, arguments.out, taken);
  if (!reports) return complain(usage_error, reports.error().what);
  auto gate = Gate::open(arguments.baseline, arguments.write_baseline);
  if (!gate) return gate.error();
  auto run = read_and_merge(arguments.files);
  if (!run) return complain(bad_case_file, run.error().what);
  if (const auto good = check_names(arguments, *run); !good)
    return complain(bad_case_file, good.error().what);
  RunFolders folders(MergeArguments().out, arguments.force);
  if (const auto claimed = claim_folders(*reports, folders); !claimed)
    return complain(usage_error, claimed.error().what);
  auto& [info, results] = *run;
  gate->compare(info, results);
  Terminal terminal;
  TextStyle style = terminal.style();
  style.verbose = arguments.verbose;
  bool stdout_is_taken = false, written = true;
  for (const ReportTarget& target : *reports) {
    if (target.is_stdout() && target.is_text()) continue;
    stdout_is_taken = stdout_is_taken || target.is_stdout();
    const auto done = write_report(target, info, results);
    if (!done) written = complain(internal_error, done.error().what) == 0;
  }
  if (!stdout_is_taken) terminal.print(text_report(info, results, style));
  tell_github(info, results, stdout_is_taken);
  written = gate->write(info, results) && written;
  return written ? gate->exit_code(info, results) : internal_error;
}

}  // namespace faultline
