#include "harness/cli/tune_measure.hpp"

#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <thread>

#include "harness/case/reader.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/tell.hpp"
#include "harness/judge/measured.hpp"
#include "harness/run/patience.hpp"
#include "harness/run/rules.hpp"
#include "harness/run/runner.hpp"
#include "harness/trace/trace_json.hpp"
#include "harness/tune/measuring.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// In real time; what takes longer is measured only when it is asked for.
constexpr Nanos longest_in_real_time = 3min;
// What a case does before and after the timer that it is about.
constexpr Nanos around = 1min;

TuneCell not_measured(std::string why) {
  return {.verdict = TuneCell::Verdict::not_measured, .why = std::move(why)};
}

class Measurer {
 public:
  Measurer(const TuneReport& report, size_t column, const TuningKernel& kernel,
           const SysctlFiles& files, const Measuring& how, Terminal& terminal)
      : report_(report),
        column_(column),
        kernel_(kernel),
        files_(files),
        how_(how),
        terminal_(terminal) {}

  std::expected<Measurements, int> run() {
    if (const auto ready = prepare(); !ready) return std::unexpected(ready.error());
    auto variants = this->variants();
    if (!variants.empty()) play(std::move(variants));
    if (!refusal_.empty())
      return refuse(no_privilege, refusal_ + "\n'faultline doctor' says more about this machine");
    return std::move(result_);
  }

 private:
  std::expected<void, int> prepare() {
    const auto suite = suite_folder();
    if (!suite) return refuse(internal_error, suite.error().what);
    const auto driver = linux_driver();
    if (!driver) return refuse(internal_error, driver.error().what);
    driver_ = *driver;
    std::error_code error;
    fs::create_directories(folder(), error);
    if (error)
      return refuse(
          usage_error,
          fmt::format("the folder for traces, {}, cannot be written; name another with --out",
                      folder().string()));
    for (const TuneRow& row : report_.rows)
      if (const auto loaded = load(*row.behaviour, row.cells[column_], *suite); !loaded)
        return loaded;
    return {};
  }

  // Traces of one kernel, which other kernels' runs leave alone.
  [[nodiscard]] fs::path folder() const {
    std::string name = kernel_.kernel.name;
    std::ranges::replace(name, '/', '_');
    return how_.out / "tune" / name;
  }

  std::expected<void, int> load(const Behaviour& behaviour, const TuneCell& cell,
                                const fs::path& suite) {
    if (!cell.predicted) {
      result_.cells[behaviour.name] =
          not_measured("without a prediction there is nothing to compare");
      return {};
    }
    const std::string id = measuring_case(behaviour);
    const fs::path file = suite / (id + ".toml");
    auto loaded = load_case(file, id, known_faults());
    if (loaded) {
      const Nanos needed = cell.predicted->high * 3 / 2 + around;
      loaded = read_case(with_patience(loaded->text, needed), file, id, known_faults());
    }
    if (!loaded) return refuse(bad_case_file, loaded.error());
    cases_.emplace(behaviour.name, std::move(*loaded));
    return {};
  }

  [[nodiscard]] std::map<std::string, std::string> overrides() const {
    const auto known = in_force(files_, kernel_.kernel).sysctls;
    std::map<std::string, std::string> set;
    for (const auto& [key, setting] : files_.settings)
      if (known.contains(key)) set.emplace(key, setting.value);
    return set;
  }

  std::vector<Variant> variants() {
    const Environment environment{.hz = kernel_.kernel.hz, .overrides = overrides()};
    const Nanos longest =
        kernel_.chosen.is_virtual() ? kernel_.chosen.longest_ordinary : longest_in_real_time;
    std::vector<Variant> all;
    for (const TuneRow& row : report_.rows) {
      const auto found = cases_.find(row.behaviour->name);
      if (found == cases_.end()) continue;
      const Nanos takes = row.cells[column_].predicted->high;
      if (takes > longest && !how_.slow) {
        result_.cells[row.behaviour->name] =
            not_measured(fmt::format("it takes {}; --slow measures it", spoken(takes)));
        continue;
      }
      all.push_back({&found->second, found->second.families.front(), 1, takes + around,
                     longest_length(found->second, environment)});
    }
    return all;
  }

  RunnerOptions options() const {
    const size_t guests = std::max(std::thread::hardware_concurrency(), 1U);
    return {.jobs = kernel_.chosen.is_virtual() ? guests : 128,
            .overrides = overrides(),
            .program = this_program(),
            .driver = {driver_},
            .traces = folder(),
            .rerun = [](const Variant&) { return std::string(); }};
  }

  void play(std::vector<Variant> variants) {
    total_ = variants.size();
    boost::asio::signal_set signals(context_, SIGINT, SIGTERM, SIGHUP);
    RunnerCallbacks callbacks{
        .on_start = [](const Variant&) {},
        .on_result = [this](const Variant& variant, const CaseResult& r) { note(variant, r); },
        .on_done = [&signals] { signals.cancel(); },
        .on_kernel =
            [this](const std::string& release, int hz) {
              result_.release = release;
              result_.hz = hz;
            }};
    std::unique_ptr<CaseRunner> runner;
    if (kernel_.chosen.is_virtual())
      runner = std::make_unique<GuestPool>(context_, std::move(variants), options(),
                                           std::move(callbacks), kernel_.chosen.machine);
    else
      runner =
          std::make_unique<Runner>(context_, std::move(variants), options(), std::move(callbacks));
    signals.async_wait([&](const boost::system::error_code& error, int) {
      if (error) return;
      result_.interrupted = true;
      runner->interrupt();
    });
    show_status();
    runner->start();
    context_.run();
    refusal_ = runner->refusal();
  }

  void show_status() {
    terminal_.status(fmt::format("[{}/{}] measuring on {}", done_, total_, kernel_.kernel.name));
  }

  void note(const Variant& variant, const CaseResult& result) {
    ++done_;
    show_status();
    for (const auto& [name, the_case] : cases_)
      if (&the_case == variant.the_case)
        result_.cells[name] = judged(*find_behaviour(name), the_case, result);
  }

  static TuneCell judged(const Behaviour& behaviour, const Case& the_case,
                         const CaseResult& result) {
    using Verdict = TuneCell::Verdict;
    TuneCell cell{
        .verdict = Verdict::unsure, .why = result.reason, .trace_file = result.trace_file};
    switch (result.outcome) {
      case Outcome::PASS:
        cell.verdict = Verdict::as_predicted;
        break;
      case Outcome::FAIL:
        cell.verdict = Verdict::not_as_predicted;
        break;
      case Outcome::SKIP:
      case Outcome::UNSUPPORTED:
        cell.verdict = Verdict::not_measured;
        return cell;
      case Outcome::XFAIL:
      case Outcome::XPASS:
      case Outcome::INCONCLUSIVE:
      case Outcome::ERROR:
        break;
    }
    const auto trace = load_trace(result.trace_file);
    if (!trace) return cell;
    if (const auto measurement = measured(Timeline(the_case, *trace), behaviour.model)) {
      cell.measured = measurement->time;
      cell.within = Bounds{measurement->window.low, measurement->window.high};
    }
    return cell;
  }

  const TuneReport& report_;
  size_t column_;
  const TuningKernel& kernel_;
  const SysctlFiles& files_;
  const Measuring& how_;
  Terminal& terminal_;
  fs::path driver_;
  std::map<std::string, Case> cases_;  // by the behaviour's name
  boost::asio::io_context context_{1};
  size_t done_ = 0, total_ = 0;
  std::string refusal_;
  Measurements result_;
};

}  // namespace

std::expected<Measurements, int> measure(const TuneReport& report, size_t column,
                                         const TuningKernel& kernel, const SysctlFiles& files,
                                         const Measuring& how, Terminal& terminal) {
  return Measurer(report, column, kernel, files, how, terminal).run();
}

}  // namespace faultline
