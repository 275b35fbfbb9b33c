#include "harness/cli/compare_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "harness/case/reader.hpp"
#include "harness/cli/places.hpp"
#include "harness/judge/judge.hpp"
#include "harness/judge/variant_name.hpp"
#include "harness/run/rules.hpp"
#include "harness/stack/known.hpp"
#include "harness/trace/file.hpp"
#include "harness/trace/trace_json.hpp"
#include "harness/util/glob.hpp"
#include "reports/json_reader.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

bool is_wanted(const std::string& id, const std::vector<std::string>& cases) {
  return cases.empty() || any_glob_matches(cases, id);
}

// Of the file "close/four-way[ipv4]#2.json"; nothing where it is no trace's name.
std::optional<VariantName> variant_of_file(const fs::path& relative) {
  if (relative.extension() != ".json") return {};
  return parse_variant_name((relative.parent_path() / relative.stem()).string());
}

// What of a trace's place below the run's folder is not the case's name: the kernel's folder.
std::string kernel_of(const std::string& id_in_path, const std::string& case_id) {
  if (!id_in_path.ends_with("/" + case_id)) return "";
  return id_in_path.substr(0, id_in_path.size() - case_id.size() - 1);
}

About about_of(const std::string& sut) {
  return sut == "client" ? About::client : sut == "server" ? About::server : About::both;
}

std::string stack_of(const Trace& trace) {
  return trace.environment
      .ends[index(about_of(trace.sut) == About::server ? End::server : End::client)]
      .stack;
}

// "linux, kernel 6.12.117, 250 Hz, net.ipv4.tcp_retries2=3"
std::string setup_of(const Trace& trace, const std::string& column) {
  const Environment& in = trace.environment;
  std::string text = fmt::format("{}, kernel {}, {} Hz", column, in.kernel, in.hz);
  for (const auto& [name, value] : in.overrides) text += fmt::format(", {}={}", name, value);
  return text;
}

class Reader {
 public:
  Reader(std::string path, const std::vector<std::string>& cases) : path_(path), cases_(cases) {
    side_.name = std::move(path);
  }

  Result<ComparedSide> read() {
    std::error_code error;
    const auto done = fs::is_directory(path_, error) ? folder() : report();
    if (!done) return std::unexpected(done.error());
    if (!any_) return fail("{} holds no trace of a run", path_);
    std::ranges::stable_sort(side_.runs, {}, [](const ComparedRun& run) {
      const Identity& one = run.identity;
      return std::tuple(one.case_id, one.column, one.sut, one.family, one.repetition);
    });
    return std::move(side_);
  }

 private:
  Result<void> folder() {
    side_.traces_only = true;
    std::error_code error;
    std::vector<fs::path> files;
    for (auto at = fs::recursive_directory_iterator(path_, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
      const std::string name = at->path().filename();
      if (name.starts_with('.') && at->is_directory()) at.disable_recursion_pending();
      if (at->is_regular_file() && variant_of_file(at->path().lexically_relative(path_)))
        files.push_back(at->path());
    }
    if (error) return fail("reading {}: {}", path_, error.message());
    std::ranges::sort(files);
    any_ = !files.empty();
    for (const fs::path& file : files)
      if (const auto done = trace(file); !done) return done;
    return {};
  }

  // Whether a file can be of a case that is wanted, before it is read: a kernel's folder may stand
  // before the case's name.
  [[nodiscard]] bool may_be_wanted(const std::string& id_in_path) const {
    if (is_wanted(id_in_path, cases_)) return true;
    for (size_t slash = id_in_path.find('/'); slash != id_in_path.npos;
         slash = id_in_path.find('/', slash + 1))
      if (is_wanted(id_in_path.substr(slash + 1), cases_)) return true;
    return is_wanted("/" + id_in_path, cases_);
  }

  Result<void> trace(const fs::path& file) {
    const VariantName named = *variant_of_file(file.lexically_relative(path_));
    const std::string& id_in_path = named.case_id;
    if (!may_be_wanted(id_in_path)) return {};
    const auto trace = load_trace(file);
    if (!trace) return std::unexpected(trace.error());
    if (!is_wanted(trace->case_id, cases_)) return {};
    const auto the_case =
        read_case(trace->case_text, trace->case_file, trace->case_id, known_faults());
    if (!the_case) return fail("{}: {}", file.string(), to_string(the_case.error()));
    const std::string stack = stack_of(*trace), kernel = kernel_of(id_in_path, trace->case_id);
    const CaseResult result = judge(*the_case, *trace, known(stack));
    ComparedRun run{.identity = {.case_id = trace->case_id,
                                 .family = trace->family == "ipv6" ? Family::ipv6 : Family::ipv4,
                                 .sut = about_of(trace->sut),
                                 .repetition = named.repetition,
                                 .column = kernel.empty() ? stack : stack + "@" + kernel},
                    .outcome = result.outcome,
                    .reason = result.reason,
                    .trace_file = file};
    add(std::move(run), *the_case, *trace);
    return {};
  }

  void add(ComparedRun run, const Case& the_case, const Trace& trace) {
    const Timeline timeline(the_case, trace);
    run.at_either_end = the_case.about == About::both && run.identity.sut != About::both;
    run.case_text = trace.case_text;
    run.conduct = {conduct_of(timeline, End::client), conduct_of(timeline, End::server)};
    side_.setups[run.identity.column].insert(setup_of(trace, run.identity.column));
    side_.runs.push_back(std::move(run));
  }

  // Nothing is known of stacks from elsewhere.
  const std::vector<KnownDeviation>& known(const std::string& stack) {
    const auto [place, is_new] = known_.emplace(stack, std::vector<KnownDeviation>{});
    if (!is_new) return place->second;
    const auto folder = stack_folder(stack);
    const bool there = folder && fs::exists(*folder / "known.toml");
    if (auto read =
            there ? read_known(*folder / "known.toml") : Result<std::vector<KnownDeviation>>{})
      place->second = std::move(*read);
    return place->second;
  }

  Result<void> report() {
    const auto text = read_file(path_, json_report_size_limit);
    if (!text) return std::unexpected(text.error());
    auto record = read_json_report(*text);
    if (!record)
      return fail("{} is neither a folder of traces nor a report that can be read: {}", path_,
                  record.error().what);
    for (CaseResult& result : record->results) add(std::move(result), record->info.seed);
    any_ = any_ || !record->results.empty();
    return {};
  }

  void add(CaseResult result, uint64_t seed) {
    ComparedRun run{.identity = {.case_id = result.case_id,
                                 .family = result.family,
                                 .sut = about_of(result.sut),
                                 .repetition = result.repetition,
                                 .column = result.column()},
                    .at_either_end = result.at_either_end,
                    .outcome = result.outcome,
                    .reason = std::move(result.reason),
                    .trace_file = std::move(result.trace_file)};
    if (!is_wanted(run.identity.case_id, cases_)) return;
    if (const auto trace = trace_of(run, seed)) {
      const auto the_case =
          read_case(trace->case_text, trace->case_file, trace->case_id, known_faults());
      if (the_case) return add(std::move(run), *the_case, *trace);
    }
    side_.runs.push_back(std::move(run));
  }

  // Nothing where it is gone, or a later run has put another in its place.
  static std::optional<Trace> trace_of(const ComparedRun& run, uint64_t seed) {
    if (run.trace_file.empty()) return {};
    auto trace = load_trace(run.trace_file);
    const bool same =
        trace && trace->environment.seed == seed && trace->case_id == run.identity.case_id;
    return same ? std::optional(std::move(*trace)) : std::nullopt;
  }

  std::string path_;
  const std::vector<std::string>& cases_;
  ComparedSide side_;
  bool any_ = false;
  std::map<std::string, std::vector<KnownDeviation>> known_;
};

}  // namespace

Result<ComparedSide> read_run(const std::string& path, const std::vector<std::string>& cases) {
  return Reader(path, cases).read();
}

}  // namespace faultline
