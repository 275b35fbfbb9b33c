// faultline tune.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

#include "harness/cli/commands.hpp"
#include "harness/cli/report_files.hpp"
#include "harness/cli/tell.hpp"
#include "harness/cli/tune_measure.hpp"
#include "harness/trace/file.hpp"
#include "harness/tune/solve.hpp"
#include "harness/util/suggest.hpp"
#include "reports/tune_formats.hpp"
#include "reports/tune_text.hpp"

namespace faultline {
namespace {

constexpr size_t most_of_a_file = size_t{1} << 20;
constexpr Nanos longest_rtt = 60s;

Result<std::string> standard_input() {
  std::string text;
  std::array<char, 65536> chunk{};
  ssize_t size = 0;
  while ((size = read(STDIN_FILENO, chunk.data(), chunk.size())) > 0) {
    text.append(chunk.data(), static_cast<size_t>(size));
    if (text.size() > most_of_a_file)
      return fail("standard input is longer than {} bytes", most_of_a_file);
  }
  if (size < 0) return fail_errno("reading standard input");
  return text;
}

std::expected<std::vector<NamedText>, int> texts_of(const std::vector<std::string>& files) {
  std::vector<NamedText> texts;
  for (const std::string& file : files) {
    auto text = file == "-" ? standard_input() : read_file(file, most_of_a_file);
    if (!text) return refuse(bad_case_file, text.error().what);
    texts.push_back({file, std::move(*text)});
  }
  return texts;
}

// --solve takes all that follows.
std::string_view hint(const std::string& text) {
  std::error_code ignored;
  return std::filesystem::exists(text, ignored) ? "; files stand before --solve" : "";
}

std::expected<std::vector<Requirement>, int> parsed(const std::vector<std::string>& texts,
                                                    std::string_view option) {
  std::vector<Requirement> all;
  for (const std::string& text : texts) {
    auto one = parse_requirement(text);
    if (!one)
      return refuse(usage_error, fmt::format("{} {}{}", option, one.error().what, hint(text)));
    all.push_back(std::move(*one));
  }
  return all;
}

class TuneCommand {
 public:
  explicit TuneCommand(const TuneArguments& arguments) : arguments_(arguments) {}

  int run() {
    for (const auto step : {&TuneCommand::read_words, &TuneCommand::choose_kernels,
                            &TuneCommand::read_files, &TuneCommand::solve_goals})
      if (const auto done = (this->*step)(); !done) return done.error();
    assess_all();
    if (!arguments_.predict)
      if (const auto done = measure_all(); !done) return done.error();
    return conclude();
  }

 private:
  using Done = std::expected<void, int>;

  Done read_words() {
    auto requirements = parsed(arguments_.requirements, "--require");
    if (!requirements) return std::unexpected(requirements.error());
    auto goals = parsed(arguments_.goals, "--solve");
    if (!goals) return std::unexpected(goals.error());
    question_.requirements = std::move(*requirements);
    goals_ = std::move(*goals);
    for (const std::string& name : arguments_.only)
      if (!find_behaviour(name))
        return refuse(
            usage_error,
            fmt::format("--only {}: there is no such behaviour{}; there are {}", name,
                        did_you_mean(name, behaviour_names()), fmt::join(behaviour_names(), ", ")));
    question_.only = arguments_.only;
    if (const auto done = read_rtt(); !done) return done;
    if (std::ranges::count(arguments_.files, "-") > 1)
      return refuse(usage_error, "standard input can be read only once");
    std::vector<std::string> formats;
    for (const TuneFormat& format : tune_formats()) formats.emplace_back(format.name);
    auto targets = formats_and_files(arguments_.reports, formats);
    if (!targets) return refuse(usage_error, targets.error().what);
    targets_ = std::move(*targets);
    const bool is_text_asked = std::ranges::none_of(
        targets_, [](const FormatAndFile& target) { return target.file.empty(); });
    if (is_text_asked) targets_.push_back({"text", ""});
    return {};
  }

  // What measures has no long ways.
  Done read_rtt() {
    if (arguments_.rtt.empty()) return {};
    rtt_ = parse_duration(arguments_.rtt);
    if (!rtt_ || *rtt_ > longest_rtt)
      return refuse(usage_error, fmt::format("--rtt {}: write a duration of up to {}, like 80ms",
                                             arguments_.rtt, format_duration(longest_rtt)));
    if (!arguments_.predict)
      return refuse(usage_error, "--rtt is for --predict: measured is on a local network");
    return {};
  }

  Done choose_kernels() {
    auto kernels = arguments_.predict ? kernels_to_predict_for(arguments_.kernels, arguments_.hz)
                                      : kernels_to_measure_on(arguments_.kernels,
                                                              arguments_.modules, arguments_.hz);
    if (!kernels) return std::unexpected(kernels.error());
    kernels_ = std::move(*kernels);
    for (TuningKernel& one : kernels_)
      if (rtt_) one.kernel.rtt = {*rtt_, *rtt_};
    return {};
  }

  Done read_files() {
    const auto texts = texts_of(arguments_.files);
    if (!texts) return std::unexpected(texts.error());
    int hz = 0;  // the greatest has the narrowest ranges
    for (const TuningKernel& one : kernels_) hz = std::max(hz, one.kernel.hz);
    auto files = read_sysctl_files(*texts, hz);
    if (!files) {
      for (const CaseError& error : files.error()) complain(bad_case_file, error);
      return std::unexpected(bad_case_file);
    }
    files_ = std::move(*files);
    return {};
  }

  // What is found takes the place of what the files set, and has to hold.
  Done solve_goals() {
    if (goals_.empty()) return {};
    auto changes = solve(goals_, files_, tune_kernels());
    if (!changes)
      return refuse(changes.error().is_contradiction ? usage_error : something_failed,
                    "--solve: " + changes.error().what);
    changes_ = std::move(*changes);
    for (const Setting& change : changes_) files_.settings[change.key] = change;
    question_.requirements.insert(question_.requirements.end(), goals_.begin(), goals_.end());
    return {};
  }

  [[nodiscard]] std::vector<TuneKernel> tune_kernels() const {
    std::vector<TuneKernel> all;
    for (const TuningKernel& one : kernels_) all.push_back(one.kernel);
    return all;
  }

  void assess_all() {
    report_ = assess(files_, tune_kernels(), question_);
    report_.version = FAULTLINE_VERSION;
    report_.solution = changes_;
  }

  Done measure_all() {
    const Measuring how{.out = arguments_.out, .slow = arguments_.slow};
    std::vector<Measurements> all;
    for (size_t i = 0; i < kernels_.size(); ++i) {
      auto measurements = measure(report_, i, kernels_[i], files_, how, terminal_);
      if (!measurements) return std::unexpected(measurements.error());
      all.push_back(std::move(*measurements));
      if (all.back().interrupted) break;
    }
    for (size_t i = 0; i < all.size(); ++i) correct(kernels_[i].kernel, all[i]);
    assess_all();  // now that it is known what each kernel is
    report_.measured = true;
    for (size_t i = 0; i < all.size(); ++i) add(i, all[i]);
    report_.interrupted = all.back().interrupted;
    return {};
  }

  static void correct(TuneKernel& kernel, const Measurements& measurements) {
    if (measurements.release.empty()) return;
    kernel.release = measurements.release;
    kernel.version = kernel_version(measurements.release).value_or(kernel.version);
    kernel.hz = measurements.hz;
  }

  void add(size_t column, const Measurements& measurements) {
    for (TuneRow& row : report_.rows) {
      TuneCell& cell = row.cells[column];
      const auto found = measurements.cells.find(row.behaviour->name);
      if (found == measurements.cells.end()) {
        cell.why = "interrupted";
        continue;
      }
      cell.verdict = found->second.verdict;
      cell.measured = found->second.measured;
      cell.within = found->second.within;
      cell.why = found->second.why;
      cell.trace_file = found->second.trace_file;
    }
  }

  int conclude() {
    for (const FormatAndFile& target : targets_) {
      const auto format = std::ranges::find(tune_formats(), target.format, &TuneFormat::name);
      const bool is_shown = target.file.empty() && target.format == "text";
      if (is_shown) {
        terminal_.print(tune_text(report_, terminal_.style()));
        continue;
      }
      if (const auto done = write_text(target, format->write(report_)); !done)
        return complain(internal_error, done.error().what);
    }
    return code();
  }

  [[nodiscard]] bool any(TuneCell::Verdict verdict) const {
    return std::ranges::any_of(report_.rows, [&](const TuneRow& row) {
      return std::ranges::find(row.cells, verdict, &TuneCell::verdict) != row.cells.end();
    });
  }

  [[nodiscard]] int code() const {
    using Verdict = TuneCell::Verdict;
    if (report_.interrupted) return interrupted;
    const bool all_met = std::ranges::all_of(report_.requirements, &TuneRequirement::is_met);
    if (!all_met || any(Verdict::not_as_predicted)) return something_failed;
    if (any(Verdict::unsure)) return nothing_failed_but_unsure;
    const bool nothing_measured =
        report_.measured && !report_.rows.empty() && !any(Verdict::as_predicted);
    return nothing_measured ? all_skipped : all_as_expected;
  }

  const TuneArguments& arguments_;
  TuneQuestion question_;
  std::vector<Requirement> goals_;
  std::optional<Nanos> rtt_;
  std::vector<FormatAndFile> targets_;
  std::vector<TuningKernel> kernels_;
  SysctlFiles files_;
  std::vector<Setting> changes_;
  TuneReport report_;
  Terminal terminal_;
};

}  // namespace

int tune_command(const TuneArguments& arguments) {
  return TuneCommand(arguments).run();
}

}  // namespace faultline
