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
#include <tuple>

#include "harness/cli/commands.hpp"
#include "harness/cli/determinism.hpp"
#include "harness/cli/github.hpp"
#include "harness/cli/kernel_run.hpp"
#include "harness/cli/outcome_code.hpp"
#include "harness/cli/overrides.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/remote_target.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/run_folder.hpp"
#include "harness/cli/selecting.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

int fail_with(int code, const std::string& why) {
  fmt::print(stderr, "faultline: {}\n", why);
  return code;
}

// What a kernel's traces are below where there are several: its name without what a folder's name
// cannot hold or should not begin with.
std::string folder_name(const std::string& kernel) {
  std::string name = kernel;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && !std::strchr("-_.@:+", c)) c = '_';
  if (name.starts_with('.')) name.front() = '_';
  return name;
}

class RunCommand {
 public:
  explicit RunCommand(const RunArguments& arguments)
      : arguments_(arguments),
        setting_{.arguments = arguments},
        folders_(RunArguments().out, arguments.force) {}
  int run();

 private:
  std::expected<void, int> prepare();
  std::expected<void, int> choose_kernels();
  std::expected<void, int> choose_cases();
  std::expected<void, int> make_folders();
  void describe_run();
  std::expected<void, int> play(size_t kernel);
  void collect(const KernelRun& run);
  bool write_host_facts(const KernelRun& run) const;
  int conclude();

  const RunArguments& arguments_;
  RunSetting setting_;
  std::vector<ChosenKernel> kernels_;
  std::vector<Selected> cases_;   // of each kernel
  std::vector<fs::path> traces_;  // of each kernel
  std::vector<ReportTarget> reports_;
  RunFolders folders_;
  std::vector<std::unique_ptr<KernelRun>> runs_;
  std::vector<CaseResult> results_;
  RunInfo info_;
  Terminal terminal_;
};

std::expected<void, int> RunCommand::choose_kernels() {
  // Across a network time is real.
  const bool remote = names_remote(arguments_.stacks);
  const std::vector<std::string> usual{remote ? "host" : ""};
  for (const std::string& name : arguments_.kernels.empty() ? usual : arguments_.kernels) {
    auto kernel = choose_kernel(name, arguments_.modules);
    if (!kernel) return std::unexpected(kernel.error());
    for (const ChosenKernel& one : kernels_)
      if (folder_name(one.name) == folder_name(kernel->name))
        return std::unexpected(
            fail_with(usage_error, fmt::format("--kernel {} is named twice", kernel->name)));
    if (arguments_.verify_determinism && !kernel->is_virtual())
      return std::unexpected(fail_with(
          usage_error,
          "--verify-determinism needs a kernel whose time is virtual, --kernel uml-6.12"));
    if (remote && kernel->is_virtual())
      return std::unexpected(fail_with(
          usage_error, "--stack remote runs in real time, on this machine's kernel: --kernel host"));
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
  for (const ReportTarget& target : reports_)
    if (claimed && target.folder_format)
      claimed = folders_.claim(target.file, anything,
                               fmt::format("--report {}=DIR", target.folder_format->name));
  for (const ChosenKernel& kernel : kernels_) {
    fs::path folder = arguments_.out;
    if (kernels_.size() > 1) folder /= folder_name(kernel.name);
    if (claimed && kernels_.size() > 1) claimed = folders_.claim(folder, traces, "--out");
    traces_.push_back(std::move(folder));
  }
  if (!claimed) return std::unexpected(fail_with(usage_error, claimed.error().what));
  return {};
}

void RunCommand::describe_run() {
  info_.version = FAULTLINE_VERSION;
  utsname name{};
  uname(&name);
  info_.hostname = name.nodename;
  std::error_code error;
  info_.folder = fs::current_path(error);
  info_.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  info_.seed = setting_.seed = arguments_.seed.value_or(std::random_device{}());
  info_.timing_scale = arguments_.timing_scale;
  info_.virtual_time = std::ranges::all_of(kernels_, &ChosenKernel::is_virtual);
  for (const ChosenStack& stack : setting_.stacks)
    for (const ChosenKernel& kernel : kernels_)
      info_.columns.push_back(CaseResult{.stack = stack.stack.name,
                                         .kernel = kernels_.size() > 1 ? kernel.name : ""}
                                  .column());
}

std::expected<void, int> RunCommand::prepare() {
  auto overrides = parse_overrides(arguments_.sysctls);
  if (!overrides) return std::unexpected(fail_with(usage_error, overrides.error().what));
  setting_.overrides = std::move(*overrides);
  auto reports = report_targets(arguments_.reports, arguments_.out);
  if (!reports) return std::unexpected(fail_with(usage_error, reports.error().what));
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
  if (!driver) return std::unexpected(fail_with(internal_error, driver.error().what));
  setting_.driver = *driver;
  if (const auto made = make_folders(); !made) return made;
  describe_run();
  return {};
}

std::expected<void, int> RunCommand::play(size_t kernel) {
  auto& run = *runs_.emplace_back(std::make_unique<KernelRun>(
      setting_, kernels_[kernel], cases_[kernel].cases, traces_[kernel], kernels_.size() > 1,
      terminal_));
  if (!run.play())
    return std::unexpected(
        fail_with(nothing_selected, "none of the selected cases has that address family"));
  if (arguments_.verify_determinism && run.refusal().empty() && !run.was_interrupted())
    run.verify_determinism();
  if (!run.refusal().empty())
    return std::unexpected(fail_with(
        no_privilege, run.refusal() + "\n'faultline doctor' says more about this machine"));
  info_.slow_left_out += cases_[kernel].slow_left_out;
  collect(run);
  return {};
}

void RunCommand::collect(const KernelRun& run) {
  results_.insert(results_.end(), run.results().begin(), run.results().end());
  info_.wall += run.wall();
  info_.slow_left_out += run.slow_left_out();
  info_.interrupted = info_.interrupted || run.was_interrupted();
  if (kernels_.size() > 1) return info_.kernels.push_back(run.kernel());
  info_.kernel_name = run.kernel().name;
  info_.kernel = run.kernel().release;
  info_.hz = run.kernel().hz;
}

// What of a run in virtual time is not the same the next time stands apart.
bool RunCommand::write_host_facts(const KernelRun& run) const {
  if (!run.kernel().virtual_time) return true;
  const nlohmann::ordered_json facts{{"started", info_.started},
                                     {"hostname", info_.hostname},
                                     {"wall_ns", run.wall().count()}};
  const auto done = write_file(run.traces() / "host.json", facts.dump(2) + "\n");
  return done || fail_with(internal_error, done.error().what) == 0;
}

int RunCommand::conclude() {
  std::ranges::stable_sort(results_, {}, [](const CaseResult& result) {
    return std::tuple(result.case_id, result.stack, result.sut, result.family, result.repetition);
  });
  TextStyle style = terminal_.style();
  style.verbose = arguments_.verbose;
  if (setting_.text_is_shown) terminal_.print(text_summary(info_, results_, style));
  bool written = true;
  for (const ReportTarget& target : reports_) {
    if (target.is_stdout() && target.is_text()) continue;  // it has been shown
    const auto done = write_report(target, info_, results_);
    if (!done) written = fail_with(internal_error, done.error().what) == 0;
  }
  tell_github(info_, results_, !setting_.text_is_shown);
  bool differs = false;
  for (const auto& run : runs_) written = write_host_facts(*run) && written;
  if (!written) return internal_error;
  for (const auto& run : runs_)
    if (!run->differing().empty()) {
      tell_differences(run->differing(), run->traces());
      differs = true;
    }
  if (differs) return something_failed;
  if (info_.interrupted) return interrupted;
  return exit_code_of(results_);
}

int RunCommand::run() {
  if (const auto ready = prepare(); !ready) return ready.error();
  const auto is_over = [&] {
    const bool failed = exit_code_of(results_) == something_failed;
    return info_.interrupted || (arguments_.fail_fast && failed);
  };
  for (size_t kernel = 0; kernel < kernels_.size() && !is_over(); ++kernel)
    if (const auto played = play(kernel); !played) return played.error();
  return conclude();
}

}  // namespace

int run_command(const RunArguments& arguments) {
  return RunCommand(arguments).run();
}

}  // namespace faultline
