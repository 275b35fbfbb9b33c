// faultline run.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "harness/cli/determinism.hpp"
#include "harness/cli/github.hpp"
#include "harness/cli/kernel_run.hpp"
#include "harness/cli/outcome_code.hpp"
#include "harness/cli/overrides.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/read_record.hpp"
#include "harness/cli/remote_target.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/rerun_failed.hpp"
#include "harness/cli/run_command.hpp"
#include "harness/cli/run_folder.hpp"
#include "harness/cli/selecting.hpp"
#include "harness/cli/sharding.hpp"
#include "harness/cli/tell.hpp"
#include "harness/trace/file.hpp"
#include "harness/util/environment.hpp"
#include "reports/json.hpp"
#include "reports/merged.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// What a kernel's traces are below where there are several: its name without what a folder's name
// cannot hold or should not begin with.
std::string folder_name(const std::string& kernel) {
  std::string name = kernel;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && !std::strchr("-_.@:+", c)) c = '_';
  if (name.starts_with('.')) name.front() = '_';
  return name;
}

}  // namespace

std::expected<void, int> RunCommand::choose_kernels() {
  // Across a network time is real.
  const bool remote = names_remote(arguments_.stacks);
  const std::vector<std::string> usual{remote ? "host" : ""};
  for (const std::string& name : arguments_.kernels.empty() ? usual : arguments_.kernels) {
    auto kernel = choose_kernel(name, arguments_.modules);
    if (!kernel) return std::unexpected(kernel.error());
    for (const ChosenKernel& one : kernels_)
      if (folder_name(one.name) == folder_name(kernel->name))
        return refuse(usage_error, fmt::format("--kernel {} is named twice", kernel->name));
    if (arguments_.verify_determinism && !kernel->is_virtual())
      return refuse(usage_error,
                    "--verify-determinism needs a kernel whose time is virtual, --kernel uml-6.12");
    if (remote && kernel->is_virtual())
      return refuse(usage_error,
                    "--stack remote runs in real time, on this machine's kernel: --kernel host");
    kernels_.push_back(std::move(*kernel));
  }
  return {};
}

std::expected<void, int> RunCommand::choose_cases() {
  for (const ChosenKernel& kernel : kernels_) {
    Selection selection = arguments_.selection;
    if (kernel.is_virtual()) selection.slow = true;
    auto selected = select_cases(selection);
    if (!selected) return std::unexpected(selected.error());
    cases_.push_back(std::move(*selected));
  }
  return {};
}

std::expected<void, int> RunCommand::make_folders() {
  using enum RunFolders::Results;
  auto claimed = folders_.claim(arguments_.out, traces, "--out");
  if (claimed) claimed = claim_folders(reports_, folders_);
  for (const ChosenKernel& kernel : kernels_) {
    fs::path folder = arguments_.out;
    if (kernels_.size() > 1) folder /= folder_name(kernel.name);
    if (claimed && kernels_.size() > 1) claimed = folders_.claim(folder, traces, "--out");
    traces_.push_back(std::move(folder));
  }
  if (!claimed) return refuse(usage_error, claimed.error().what);
  // Of the run before: were this one killed, they would be taken for its own.
  std::error_code error;
  fs::remove(fs::path(arguments_.out) / results_file, error);
  return {};
}

RunCommand::RunCommand(RunArguments arguments, const Shard& shard)
    : arguments_(std::move(arguments)),
      setting_{.arguments = arguments_, .shard = shard},
      folders_(RunArguments().out, arguments_.force) {}

// A slow machine's tests are given more time, as the kernel's own selftests are.
void RunCommand::choose_timing_scale() {
  constexpr double of_a_slow_machine = 4;
  const bool slow = !environment_variable("KSFT_MACHINE_SLOW").empty();
  info_.machine_slow = !arguments_.timing_scale && slow;
  setting_.timing_scale =
      arguments_.timing_scale.value_or(info_.machine_slow ? of_a_slow_machine : 1);
  info_.timing_scale = setting_.timing_scale;
}

// The parts of a run must be parts of the same run.
uint64_t RunCommand::drawn_seed() const {
  return setting_.shard.of > 1 ? 1 : std::random_device{}();
}

void RunCommand::describe_what_was_asked() {
  info_.asked = {.suite = arguments_.selection.suite,
                 .cases = {},
                 .exclude = arguments_.selection.exclude,
                 .only = arguments_.only,
                 .ipv4 = arguments_.ipv4,
                 .ipv6 = arguments_.ipv6,
                 .kernels = arguments_.kernels,
                 .stacks = arguments_.stacks,
                 .remote = arguments_.remote,
                 .remote_token = arguments_.remote_token,
                 .remote_interface = arguments_.remote_interface,
                 .sysctls = setting_.overrides,
                 .shard = setting_.shard.index,
                 .shards = setting_.shard.of};
  std::set<std::string> left_out;
  for (const Selected& selected : cases_) {
    info_.asked.cases = selected.asked;
    left_out.insert(selected.left_out.begin(), selected.left_out.end());
  }
  info_.asked.left_out.assign(left_out.begin(), left_out.end());
}

void RunCommand::describe_run() {
  info_.version = FAULTLINE_VERSION;
  utsname name{};
  uname(&name);
  info_.hostname = name.nodename;
  std::error_code error;
  info_.folder = fs::current_path(error);
  info_.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  info_.seed = setting_.seed = arguments_.seed ? *arguments_.seed : drawn_seed();
  describe_what_was_asked();
  info_.virtual_time = std::ranges::all_of(kernels_, &ChosenKernel::is_virtual);
  for (const ChosenStack& stack : setting_.stacks)
    for (const ChosenKernel& kernel : kernels_)
      info_.columns.push_back(
          CaseResult{.stack = stack.stack.name, .kernel = kernels_.size() > 1 ? kernel.name : ""}
              .column());
}

std::expected<void, int> RunCommand::open_gate() {
  const bool gated = !arguments_.baseline.empty() || !arguments_.write_baseline.empty();
  if (gated && arguments_.fail_fast)
    return refuse(usage_error, "--fail-fast leaves out what a baseline is there to compare");
  auto gate = Gate::open(arguments_.baseline, arguments_.write_baseline);
  if (!gate) return std::unexpected(gate.error());
  gate_ = std::move(*gate);
  return {};
}

std::expected<void, int> RunCommand::prepare() {
  if (const auto opened = open_gate(); !opened) return opened;
  choose_timing_scale();
  auto overrides = parse_overrides(arguments_.sysctls);
  if (!overrides) return refuse(usage_error, overrides.error().what);
  setting_.overrides = std::move(*overrides);
  const std::array<TakenFile, 3> taken{{{"--baseline", arguments_.baseline},
                                        {"--write-baseline", arguments_.write_baseline},
                                        {"--rerun-failed", arguments_.rerun_failed}}};
  auto reports = report_targets(arguments_.reports, arguments_.out, taken);
  if (!reports) return refuse(usage_error, reports.error().what);
  reports_ = std::move(*reports);
  for (const ReportTarget& target : reports_)
    if (target.is_stdout() && !target.is_text()) setting_.text_is_shown = false;
  if (const auto chosen = choose_kernels(); !chosen) return chosen;
  if (const auto chosen = choose_cases(); !chosen) return chosen;
  auto stacks = choose_stacks(arguments_.stacks);
  if (!stacks) return std::unexpected(stacks.error());
  setting_.stacks = std::move(*stacks);
  if (const auto found = find_remote(arguments_, setting_.stacks); !found) return found;
  const auto driver = linux_driver();
  if (!driver) return refuse(internal_error, driver.error().what);
  setting_.driver = *driver;
  describe_run();
  return {};
}

std::expected<void, int> RunCommand::plan() {
  bool any = false;
  for (size_t i = 0; i < kernels_.size(); ++i) {
    auto& run = *runs_.emplace_back(std::make_unique<KernelRun>(
        setting_, kernels_[i], cases_[i].cases, traces_.empty() ? fs::path() : traces_[i],
        kernels_.size() > 1, terminal_));
    any = run.plan() || any;
  }
  if (any) return {};
  return refuse(nothing_selected, arguments_.only.empty()
                                      ? "none of the selected cases has that address family"
                                      : "none of the variants that are asked for is there");
}

std::vector<PlannedVariant> RunCommand::planned() const {
  std::vector<PlannedVariant> all;
  for (size_t i = 0; i < runs_.size(); ++i) {
    std::map<std::string, std::string> files;
    for (const Case& one : cases_[i].cases) files[one.id] = one.file;
    for (const std::string& name : runs_[i]->names())
      if (const auto parts = parse_variant_name(name))
        all.push_back({name, parts->case_id, files[parts->case_id]});
  }
  return all;
}

std::expected<void, int> RunCommand::play(size_t kernel) {
  KernelRun& run = *runs_[kernel];
  run.play();
  if (arguments_.verify_determinism && run.refusal().empty() && !run.was_interrupted())
    run.verify_determinism();
  if (!run.refusal().empty())
    return refuse(no_privilege,
                  run.refusal() + "\n'faultline doctor' says more about this machine");
  info_.slow_left_out += cases_[kernel].left_out.size();
  collect(run);
  return {};
}

void RunCommand::collect(const KernelRun& run) {
  results_.insert(results_.end(), run.results().begin(), run.results().end());
  info_.wall += run.wall();
  info_.slow_left_out += run.left_out().size();
  for (const std::string& id : run.left_out())
    if (std::ranges::find(info_.asked.left_out, id) == info_.asked.left_out.end())
      info_.asked.left_out.push_back(id);
  info_.interrupted = info_.interrupted || run.was_interrupted();
  if (kernels_.size() > 1) return info_.kernels.push_back(run.kernel());
  info_.kernel_name = run.kernel().name;
  info_.kernel = run.kernel().release;
  info_.hz = run.kernel().hz;
}

// What of a run in virtual time is not the same the next time stands apart.
bool RunCommand::write_host_facts(const KernelRun& run) const {
  if (!run.kernel().virtual_time) return true;
  const nlohmann::ordered_json facts{
      {"started", info_.started}, {"hostname", info_.hostname}, {"wall_ns", run.wall().count()}};
  const auto done = write_file(run.traces() / "host.json", facts.dump(2) + "\n");
  return done || complain(internal_error, done.error().what) == 0;
}

// What `--rerun-failed` reads.
bool RunCommand::write_record() const {
  const fs::path file = fs::path(arguments_.out) / results_file;
  const auto done = write_file(file, json_report(info_, results_));
  return done || complain(internal_error, done.error().what) == 0;
}

// Somebody may have cleared the folder while cases went on to be written into it.
bool RunCommand::traces_are_there() const {
  std::error_code error;
  const auto gone = std::ranges::count_if(results_, [&](const CaseResult& result) {
    return !result.trace_file.empty() && !fs::exists(result.trace_file, error);
  });
  if (gone == 0) return true;
  complain(
      internal_error,
      fmt::format("{} of the {} traces that were written are gone from {}: something has removed "
                  "them while the run went on",
                  gone, results_.size(), arguments_.out));
  return false;
}

int RunCommand::conclude() {
  put_in_order(results_);
  gate_.compare(info_, results_);
  TextStyle style = terminal_.style();
  style.verbose = arguments_.verbose;
  if (setting_.text_is_shown) terminal_.print(text_summary(info_, results_, style));
  bool written = traces_are_there();
  for (const ReportTarget& target : reports_) {
    if (target.is_stdout() && target.is_text()) continue;  // it has been shown
    const auto done = write_report(target, info_, results_);
    if (!done) written = complain(internal_error, done.error().what) == 0;
  }
  tell_github(info_, results_, !setting_.text_is_shown);
  bool differs = false;
  for (const auto& run : runs_) written = write_host_facts(*run) && written;
  written = write_record() && written;
  written = gate_.write(info_, results_) && written;
  if (!written) return internal_error;
  for (const auto& run : runs_)
    if (!run->differing().empty()) {
      tell_differences(run->differing(), run->traces());
      differs = true;
    }
  if (differs) return something_failed;
  return gate_.exit_code(info_, results_);
}

std::expected<void, int> RunCommand::play_all() {
  const auto is_over = [&] {
    const bool failed = exit_code_of(results_) == something_failed;
    return info_.interrupted || (arguments_.fail_fast && failed);
  };
  for (size_t kernel = 0; kernel < kernels_.size() && !is_over(); ++kernel)
    if (const auto played = play(kernel); !played) return played;
  return {};
}

int RunCommand::run() {
  for (const auto step :
       {&RunCommand::prepare, &RunCommand::make_folders, &RunCommand::plan, &RunCommand::play_all})
    if (const auto done = (this->*step)(); !done) return done.error();
  if (results_.empty() && setting_.text_is_shown)
    terminal_.print(info_.interrupted
                        ? "interrupted before anything was over\n"
                        : fmt::format("shard {}/{} has nothing to run\n", setting_.shard.index,
                                      setting_.shard.of));
  return conclude();
}

int run_command(const RunArguments& arguments) {
  RunArguments chosen = arguments;
  if (!arguments.rerun_failed.empty()) {
    const auto any = ask_for_failed_again(chosen);
    if (!any) return any.error();
    if (!*any) return all_as_expected;
  }
  const auto shard = chosen_shard(arguments.shard);
  if (!shard) return complain(usage_error, shard.error().what);
  return RunCommand(chosen, *shard).run();
}

}  // namespace faultline
