// bench_reports [FOLDER]: what reports of 1,000 results cost, in every format there is: one that is
// a file is made in memory, one that is a folder is written to one. The results are those of the
// traces in FOLDER, where none is named of a run of the suite on uml-6.12, taken again and again as
// repetitions. The program `faultline` is beside this one.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>

#include "bench/figures.hpp"
#include "bench/program.hpp"
#include "harness/case/reader.hpp"
#include "harness/judge/judge.hpp"
#include "harness/run/rules.hpp"
#include "harness/trace/file.hpp"
#include "harness/trace/trace_json.hpp"
#include "harness/util/clock.hpp"
#include "reports/folder_format.hpp"
#include "reports/formats.hpp"

namespace faultline::bench {
namespace {

namespace fs = std::filesystem;

constexpr size_t results_wanted = 1000;

Result<CaseResult> judged(const fs::path& file) {
  const auto trace = load_trace(file);
  if (!trace) return std::unexpected(trace.error());
  const auto the_case =
      read_case(trace->case_text, trace->case_file, trace->case_id, known_faults());
  if (!the_case) return fail("{}: {}", file.string(), to_string(the_case.error()));
  CaseResult result = judge(*the_case, *trace, {});
  result.stack = trace->environment.ends[result.sut == "server" ? 1 : 0].stack;
  result.trace_file = file;
  return result;
}

Result<std::vector<CaseResult>> results_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (is_trace(entry.path())) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<CaseResult> results;
  for (const fs::path& file : files) {
    auto result = judged(file);
    if (!result) return std::unexpected(result.error());
    results.push_back(std::move(*result));
  }
  if (results.empty()) return fail("there is no trace in {}", folder.string());
  for (size_t i = 0; results.size() < results_wanted; ++i) {
    results.push_back(results[i]);
    ++results.back().repetition;
  }
  results.resize(results_wanted);
  return results;
}

long most_memory_kb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

FileSink sink_into(const fs::path& folder, size_t& bytes) {
  return [folder, &bytes](const std::string& path, std::string_view content) -> Result<void> {
    bytes += content.size();
    fs::create_directories((folder / path).parent_path());
    return write_file(folder / path, content);
  };
}

Result<void> measure_formats(const std::vector<CaseResult>& results) {
  const RunInfo info{.version = "0", .kernel_name = "uml-6.12", .virtual_time = true};
  Nanos all{};
  const auto print = [&](std::string_view name, Nanos took, size_t bytes) {
    all += took;
    print_figure(fmt::format("{} of {} results", name, results.size()),
                 fmt::format("{:.2f} s, {:.1f} MB", std::chrono::duration<double>(took).count(),
                             static_cast<double>(bytes) / 1e6));
  };
  for (const ReportFormat& format : report_formats()) {
    const Nanos began = monotonic_now();
    const size_t bytes = format.write(info, results).size();
    print(format.name, monotonic_now() - began, bytes);
  }
  for (const FolderFormat& format : folder_formats()) {
    const TemporaryFolder folder;
    size_t bytes = 0;
    const Nanos began = monotonic_now();
    const auto done = format.write(
        info, results, [](const CaseResult& result) { return load_trace(result.trace_file); },
        sink_into(folder.path(), bytes));
    if (!done) return done;
    print(format.name, monotonic_now() - began, bytes);
  }
  print_figure("all formats", fmt::format("{:.2f} s", std::chrono::duration<double>(all).count()),
               "at most 5 s");
  print_figure("memory at most", fmt::format("{} MB", most_memory_kb() / 1024), "at most 300 MB");
  return {};
}

Result<void> measure_reports(const fs::path& traces) {
  const auto results = results_of(traces);
  if (!results) return std::unexpected(results.error());
  return measure_formats(*results);
}

Result<void> measure_reports_of_suite() {
  const TemporaryFolder traces;
  const auto program = start_run({"--kernel", "uml-6.12", "--out", traces.path()});
  if (!program) return std::unexpected(program.error());
  waitpid(*program, nullptr, 0);
  return measure_reports(traces.path());
}

}  // namespace
}  // namespace faultline::bench

int main(int count, char** words) {
  using namespace faultline::bench;
  const auto done = count > 1 ? measure_reports(words[1]) : measure_reports_of_suite();
  if (done) return 0;
  fmt::print(stderr, "bench_reports: {}\n", done.error().what);
  return 70;
}
