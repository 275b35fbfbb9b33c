// faultline run.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>
#include <tuple>

#include "harness/cli/choose_kernel.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/outcome_code.hpp"
#include "harness/cli/overrides.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/selecting.hpp"
#include "harness/cli/stacks.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/run/case_run.hpp"
#include "harness/run/patience.hpp"
#include "harness/run/runner.hpp"
#include "harness/stack/applies.hpp"
#include "harness/trace/file.hpp"
#include "harness/trace/trace_json.hpp"
#include "harness/world/probe.hpp"
#include "reports/status_line.hpp"

namespace faultline {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<Family> families_of(const Case& the_case, const RunArguments& arguments) {
  std::vector<Family> families;
  for (const Family family : the_case.families) {
    const bool asked = family == Family::ipv4 ? arguments.ipv4 : arguments.ipv6;
    if (asked || arguments.ipv4 == arguments.ipv6) families.push_back(family);
  }
  return families;
}

// Where the stack under test stands. Two of the reference's stack stand at both ends at once.
std::vector<End> ends_of(const Case& the_case, const ChosenStack& stack) {
  if (the_case.about == About::client) return {End::client};
  if (the_case.about == About::server) return {End::server};
  if (stack.foreign) return {End::client, End::server};
  return {End::client};
}

class RunCommand {
 public:
  explicit RunCommand(const RunArguments& arguments) : arguments_(arguments) {}
  int run();

 private:
  std::expected<void, int> prepare();
  std::vector<Variant> variants();
  void add_variants(Variant variant, const Stack& stack, std::vector<Variant>& all);
  RunnerOptions runner_options();
  size_t jobs() const;
  std::string stack_argument(const ForeignStack& stack) const;
  std::unique_ptr<CaseRunner> runner(std::vector<Variant> variants, RunnerCallbacks callbacks);
  std::string rerun(const Variant& variant) const;
  void play(std::vector<Variant> variants);
  void on_result(const Variant& variant, CaseResult result);
  void add(CaseResult result);  // shows it, too
  void show_status();
  void tick();
  void play_again(const std::vector<Variant>& variants);
  bool write_host_facts();
  int tell_differences() const;
  int conclude();

  const RunArguments& arguments_;
  ChosenKernel kernel_;
  std::vector<Case> cases_;
  std::vector<ChosenStack> stacks_;
  std::map<std::string, std::string> overrides_;
  std::vector<ReportTarget> reports_;
  std::vector<CaseResult> results_;
  RunInfo info_;
  Terminal terminal_;
  std::filesystem::path driver_;
  Progress progress_;
  std::map<std::string, Clock::time_point> began_;
  boost::asio::io_context context_{1};
  boost::asio::steady_timer ticker_{context_};
  std::string refusal_;
  std::vector<std::string> differing_;  // traces that are not the same when run again
  bool text_is_shown_ = true;  // false: standard output belongs to another format
};

int fail_with(int code, const std::string& why) {
  fmt::print(stderr, "faultline: {}\n", why);
  return code;
}

std::expected<void, int> RunCommand::prepare() {
  auto overrides = parse_overrides(arguments_.sysctls);
  if (!overrides) return std::unexpected(fail_with(usage_error, overrides.error().what));
  overrides_ = std::move(*overrides);
  auto reports = report_targets(arguments_.reports);
  if (!reports) return std::unexpected(fail_with(usage_error, reports.error().what));
  reports_ = std::move(*reports);
  for (const ReportTarget& target : reports_)
    if (target.file.empty() && target.format->name != "text") text_is_shown_ = false;
  auto kernel = choose_kernel(arguments_.kernel, arguments_.modules);
  if (!kernel) return std::unexpected(kernel.error());
  kernel_ = std::move(*kernel);
  if (arguments_.verify_determinism && !kernel_.is_virtual())
    return std::unexpected(fail_with(
        usage_error, "--verify-determinism needs a kernel whose time is virtual, --kernel uml-6.12"));
  Selection selection = arguments_.selection;
  if (kernel_.is_virtual()) selection.slow = true;
  auto selected = select_cases(selection);
  if (!selected) return std::unexpected(selected.error());
  cases_ = std::move(selected->cases);
  info_.slow_left_out = selected->slow_left_out;
  auto stacks = choose_stacks(arguments_.stacks);
  if (!stacks) return std::unexpected(stacks.error());
  stacks_ = std::move(*stacks);
  const auto driver = linux_driver();
  if (!driver) return std::unexpected(fail_with(internal_error, driver.error().what));
  driver_ = *driver;
  std::error_code error;
  std::filesystem::create_directories(arguments_.out, error);
  if (error || access(arguments_.out.c_str(), W_OK) != 0)
    return std::unexpected(fail_with(
        usage_error, fmt::format("the folder for traces, {}, cannot be written; name another "
                                 "with --out",
                                 arguments_.out)));
  info_.version = FAULTLINE_VERSION;
  utsname name{};
  uname(&name);
  info_.kernel_name = kernel_.name;
  info_.virtual_time = kernel_.is_virtual();
  info_.kernel = kernel_.is_virtual() ? "" : name.release;
  info_.hostname = name.nodename;
  info_.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  info_.hz = kernel_.is_virtual() ? KernelName::default_hz : kernel_hz();
  info_.seed = arguments_.seed.value_or(std::random_device{}());
  info_.timing_scale = arguments_.timing_scale;
  return {};
}

std::vector<Variant> RunCommand::variants() {
  const Environment environment{.hz = info_.hz, .overrides = overrides_};
  std::vector<Variant> all;
  for (const Case& the_case : cases_) {
    if (predicted_length(the_case, environment) > kernel_.longest_ordinary &&
        !arguments_.selection.slow) {
      ++info_.slow_left_out;
      continue;
    }
    for (const ChosenStack& stack : stacks_)
      for (const Family family : families_of(the_case, arguments_))
        for (const End end : ends_of(the_case, stack))
          add_variants({.the_case = &the_case,
                        .family = family,
                        .predicted = predicted_length(the_case, environment),
                        .longest = longest_length(the_case, environment),
                        .stack = stack.foreign ? &*stack.foreign : nullptr,
                        .at = end},
                       stack.stack, all);
  }
  return all;
}

void RunCommand::add_variants(Variant variant, const Stack& stack, std::vector<Variant>& all) {
  const Case& the_case = *variant.the_case;
  if (const std::string skip = skip_reason(the_case, overrides_); !skip.empty())
    return add(skip_result(variant, runner_options(), skip));
  std::string why = unsupported_reason(the_case, stack, variant.at);
  if (std::ranges::find(stack.families, variant.family) == stack.families.end())
    why = fmt::format("{} has no {}", stack.name, to_string(variant.family));
  if (!why.empty()) return add(unsupported_result(variant, runner_options(), why));
  for (variant.repetition = 1; variant.repetition <= arguments_.repeat; ++variant.repetition)
    all.push_back(variant);
}

std::string RunCommand::rerun(const Variant& variant) const {
  const Case& the_case = *variant.the_case;
  const auto suite = suite_folder();
  std::error_code ignored;
  const bool in_suite = suite && is_below(the_case.file, *suite) &&
                        std::filesystem::equivalent(*suite / (the_case.id + ".toml"),
                                                    the_case.file, ignored);
  std::string command = fmt::format("faultline run --kernel {} {}", kernel_.name,
                                    in_suite ? the_case.id : the_case.file);
  if (variant.stack) command += fmt::format(" --stack {}", stack_argument(*variant.stack));
  command += fmt::format(" --{} --seed {}", to_string(variant.family), info_.seed);
  for (const auto& [name, value] : overrides_)
    command += fmt::format(" --sysctl '{}={}'", name, value);
  if (info_.timing_scale != 1) command += fmt::format(" --timing-scale {}", info_.timing_scale);
  return command;
}

// As it was given: a name, or a folder.
std::string RunCommand::stack_argument(const ForeignStack& stack) const {
  for (const std::string& given : arguments_.stacks)
    if (std::filesystem::path(given).filename() == stack.name) return given;
  return stack.name;
}

size_t RunCommand::jobs() const {
  if (arguments_.jobs != 0) return arguments_.jobs;
  return kernel_.is_virtual() ? std::max(std::thread::hardware_concurrency(), 1U) : 128;
}

RunnerOptions RunCommand::runner_options() {
  return {.jobs = jobs(),
          .seed = info_.seed,
          .timing_scale = arguments_.timing_scale,
          .overrides = overrides_,
          .program = this_program(),
          .driver = {driver_},
          .traces = arguments_.out,
          .fail_fast = arguments_.fail_fast,
          .known = known_of(stacks_),
          .rerun = [this](const Variant& variant) { return rerun(variant); }};
}

void RunCommand::on_result(const Variant& variant, CaseResult result) {
  ++progress_.done;
  if (result.outcome == Outcome::FAIL || result.outcome == Outcome::XPASS) ++progress_.failed;
  std::erase_if(progress_.running,
                [&](const RunningVariant& running) { return running.name == variant.name(); });
  add(std::move(result));
  show_status();
}

void RunCommand::add(CaseResult result) {
  TextStyle style = terminal_.style();
  style.verbose = arguments_.verbose;
  if (text_is_shown_) terminal_.print(text_result(result, style));
  results_.push_back(std::move(result));
}

void RunCommand::show_status() {
  if (!terminal_.rewrites() || !text_is_shown_) return;
  for (RunningVariant& running : progress_.running)
    running.elapsed = Clock::now() - began_.at(running.name);
  terminal_.status(status_line(progress_, terminal_.width()));
}

void RunCommand::tick() {
  ticker_.expires_after(500ms);
  ticker_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    show_status();
    tick();
  });
}

std::unique_ptr<CaseRunner> RunCommand::runner(std::vector<Variant> variants,
                                               RunnerCallbacks callbacks) {
  if (!kernel_.is_virtual())
    return std::make_unique<Runner>(context_, std::move(variants), runner_options(),
                                    std::move(callbacks));
  return std::make_unique<GuestPool>(context_, std::move(variants), runner_options(),
                                     std::move(callbacks), kernel_.machine);
}

void RunCommand::play(std::vector<Variant> variants) {
  progress_.total = variants.size();
  progress_.jobs = jobs();
  for (const Variant& variant : variants) progress_.queued.push_back(variant.predicted);
  std::ranges::sort(progress_.queued, std::greater{});
  boost::asio::signal_set signals(context_, SIGINT, SIGTERM, SIGHUP);
  const auto runner = this->runner(
      std::move(variants),
      {.on_start =
           [this](const Variant& variant) {
             began_[variant.name()] = Clock::now();
             progress_.running.push_back({variant.name(), variant.predicted, 0ns});
             const auto queued = std::ranges::find(progress_.queued, variant.predicted);
             progress_.queued.erase(queued);
           },
       .on_result = [this](const Variant& v, CaseResult r) { on_result(v, std::move(r)); },
       .on_done =
           [this, &signals] {
             ticker_.cancel();
             signals.cancel();
           },
       .on_kernel =
           [this](const std::string& release, int hz) {
             info_.kernel = release;
             info_.hz = hz;
           }});
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    info_.interrupted = true;
    runner->interrupt();
  });
  if (terminal_.rewrites()) tick();
  runner->start();
  context_.run();
  refusal_ = runner->refusal();
}

int RunCommand::conclude() {
  std::ranges::stable_sort(results_, {}, [](const CaseResult& result) {
    return std::tuple(result.case_id, result.stack, result.sut, result.family, result.repetition);
  });
  TextStyle style = terminal_.style();
  style.verbose = arguments_.verbose;
  if (text_is_shown_) terminal_.print(text_summary(info_, results_, style));
  bool written = true;
  for (const ReportTarget& target : reports_) {
    const bool shown_already = target.file.empty() && target.format->name == "text";
    if (shown_already) continue;
    const auto done = write_report(target, info_, results_);
    if (!done) written = fail_with(internal_error, done.error().what) == 0;
  }
  if (!write_host_facts() || !written) return internal_error;
  if (!differing_.empty()) return tell_differences();
  if (info_.interrupted) return interrupted;
  return exit_code_of(results_);
}

// What of a run in virtual time is not the same the next time stands apart.
bool RunCommand::write_host_facts() {
  if (!kernel_.is_virtual()) return true;
  const nlohmann::ordered_json facts{{"started", info_.started},
                                     {"hostname", info_.hostname},
                                     {"wall_ns", info_.wall.count()}};
  const auto done =
      write_file(std::filesystem::path(arguments_.out) / "host.json", facts.dump(2) + "\n");
  return done || fail_with(internal_error, done.error().what) == 0;
}

// Everything once more, into a folder of its own; what differs is told at the end.
void RunCommand::play_again(const std::vector<Variant>& variants) {
  const std::filesystem::path first = arguments_.out, second = first / ".again";
  terminal_.print("once more, to see whether the traces are the same\n");
  const RunnerOptions before = runner_options();
  RunnerOptions options = before;
  options.traces = second;
  GuestPool pool(context_, variants, options,
                 {.on_start = [](const Variant&) {},
                  .on_result =
                      [&](const Variant& variant, const CaseResult& result) {
                        if (result.outcome == Outcome::SKIP) return;
                        const auto was = read_file(trace_path(variant, before),
                                                   trace_size_limit);
                        const auto is = read_file(trace_path(variant, options), trace_size_limit);
                        if (!was || !is || *was != *is) differing_.push_back(variant.name());
                      },
                  .on_done = [] {}},
                 kernel_.machine);
  context_.restart();
  pool.start();
  context_.run();
  std::error_code ignored;
  if (differing_.empty()) std::filesystem::remove_all(second, ignored);
}

int RunCommand::tell_differences() const {
  fmt::print(stderr,
             "faultline: {} of the traces are not the same the second time; compare {} with {}:\n",
             differing_.size(), arguments_.out,
             (std::filesystem::path(arguments_.out) / ".again").string());
  for (const std::string& name : differing_) fmt::print(stderr, "  {}\n", name);
  return something_failed;
}

int RunCommand::run() {
  if (const auto ready = prepare(); !ready) return ready.error();
  auto variants = this->variants();
  if (variants.empty() && results_.empty())
    return fail_with(nothing_selected, "none of the selected cases has that address family");
  const auto began = Clock::now();
  play(variants);
  info_.wall = Clock::now() - began;
  if (arguments_.verify_determinism && refusal_.empty() && !info_.interrupted)
    play_again(variants);
  if (!refusal_.empty())
    return fail_with(no_privilege, refusal_ + "\n'faultline doctor' says more about this machine");
  return conclude();
}

}  // namespace

int run_command(const RunArguments& arguments) {
  return RunCommand(arguments).run();
}

}  // namespace faultline
