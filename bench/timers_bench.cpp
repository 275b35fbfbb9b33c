// bench_timers [--kernel NAME]… [--out DIR] [MODEL]…: the timer models against real kernels, over a
// grid of settings. For each point what was predicted for that very run, what was measured, and how
// far it is beyond the earliest that was predicted; at the end the largest of these for each model.
// 1 where a point is outside of what was predicted. Of the host only points that are over soon.
//
// The program `faultline` is beside this one.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>

#include "bench/program.hpp"
#include "bench/timer_grid.hpp"
#include "harness/case/reader.hpp"
#include "harness/judge/measured.hpp"
#include "harness/run/rules.hpp"
#include "harness/trace/trace_json.hpp"
#include "tests/timers/linux_inputs.hpp"

namespace faultline::bench {
namespace {

namespace fs = std::filesystem;

const fs::path measuring_cases = fs::path(FAULTLINE_SOURCE_DIR) / "cases" / "tuning";
constexpr Nanos longest_on_the_host = 65s;

struct Arguments {
  std::vector<std::string> kernels, models;
  fs::path out = fs::temp_directory_path() / fmt::format("bench-{}", getpid());
};

struct Tally {
  int measured = 0, outside = 0;
  int unclear = 0;  // the machine was too busy
  int lacking = 0;  // the kernel has no such sysctl
  double most = 0;  // of the earliest, in %
  std::string at;
};

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// A kernel may be named by its path.
std::string folder_name(std::string kernel) {
  std::ranges::replace(kernel, '/', '_');
  return kernel;
}

bool is_for_the_host(const GridPoint& point) {
  const auto prediction = predict(point.model, inputs_with(250, point.changes));
  return prediction &&
         (prediction->gives_up.high <= longest_on_the_host || prediction->gives_up.low == never);
}

class Grid {
 public:
  Grid(std::string kernel, const Arguments& arguments)
      : kernel_(std::move(kernel)),
        folder_(arguments.out / folder_name(kernel_)),
        models_(arguments.models) {}

  // The number of points that are outside.
  Result<int> run() {
    if (auto made = make_cases(); !made) return std::unexpected(made.error());
    fmt::print("{}: {} points\n", kernel_, points_.size());
    auto report = play();
    if (!report) return std::unexpected(report.error());
    for (const auto& result : (*report)["results"]) tell(result);
    return sum_up();
  }

 private:
  Result<void> make_cases() {
    fs::create_directories(folder_);
    for (const GridPoint& point : timer_grid()) {
      if (!models_.empty() && std::ranges::find(models_, point.model) == models_.end()) continue;
      if (kernel_ == "host" && !is_for_the_host(point)) continue;
      auto text = case_text(point, text_of(measuring_cases / (point.measured_by + ".toml")));
      if (!text) return std::unexpected(text.error());
      const fs::path file = folder_ / fmt::format("{:03}-{}.toml", points_.size(), point.model);
      std::ofstream(file) << *text;
      points_.emplace(file, point);
    }
    return {};
  }

  Result<nlohmann::json> play() {
    const fs::path file = folder_ / "report.json";
    std::vector<std::string> words{"--kernel",         kernel_,
                                   "--force",          "--out",
                                   folder_ / "traces", "--report=json=" + file.string()};
    for (const auto& [path, point] : points_) words.push_back(path);
    const auto program = start_run(std::move(words));
    if (!program) return std::unexpected(program.error());
    waitpid(*program, nullptr, 0);
    auto report = nlohmann::json::parse(text_of(file), nullptr, false);
    if (report.is_discarded()) return fail("the run on {} left no report", kernel_);
    return report;
  }

  void tell(const nlohmann::json& result) {
    const GridPoint& point = points_.at(result["file"].get<std::string>());
    const std::string outcome = result["outcome"];
    Tally& tally = tallies_[point.model];
    if (outcome == "UNSUPPORTED") {
      ++tally.lacking;
      return;
    }
    ++(outcome == "PASS" || outcome == "FAIL" ? tally.measured : tally.unclear);
    if (outcome == "FAIL") ++tally.outside;
    fmt::print("{:<14} {:<24} {:<64} ", outcome, point.measured_by, point.changes);
    const auto got = result.contains("trace") ? measured_in(result["trace"], point.model)
                                              : fail("{}", result["reason"].get<std::string>());
    fmt::print("{}\n", got ? sentence(*got, tally, point) : got.error().what);
    if (outcome == "FAIL") tell_why(result);
  }

  static Result<Measured> measured_in(const std::string& file, const std::string& model) {
    const auto trace = load_trace(file);
    if (!trace) return std::unexpected(trace.error());
    const auto the_case =
        read_case(trace->case_text, trace->case_file, trace->case_id, known_faults());
    if (!the_case) return fail("{}", to_string(the_case.error()));
    return measured(Timeline(*the_case, *trace), model);
  }

  static std::string sentence(const Measured& got, Tally& tally, const GridPoint& point) {
    std::string text = got.segments ? fmt::format("{} segments", *got.segments) : "";
    for (size_t i = 0; i < std::min(got.gaps.size(), got.prediction.gaps.size()); ++i)
      note(tally, got.gaps[i], got.prediction.gaps[i], point);
    if (!got.time) return text;
    note(tally, *got.time, got.prediction.gives_up, point);
    return fmt::format("{} in {} to {}: {}", text, format_duration(got.prediction.gives_up.low),
                       format_duration(got.prediction.gives_up.high), format_duration(*got.time));
  }

  static void note(Tally& tally, Nanos time, Bounds predicted, const GridPoint& point) {
    if (predicted.low < 30ms) return;  // a jiffy is a lot of it
    const double late = 100.0 * static_cast<double>((time - predicted.low).count()) /
                        static_cast<double>(predicted.low.count());
    if (std::abs(late) <= std::abs(tally.most)) return;
    tally.most = late;
    tally.at =
        fmt::format("{} instead of {} to {} where {}", format_duration(time),
                    format_duration(predicted.low), format_duration(predicted.high), point.changes);
  }

  static void tell_why(const nlohmann::json& result) {
    for (const auto& finding : result["findings"])
      if (finding["status"] != "met")
        fmt::print("    {}: wanted {}, got {}; {}\n", finding["what"].get<std::string>(),
                   finding.value("wanted", ""), finding.value("got", ""),
                   finding.value("tolerance", ""));
  }

  int sum_up() const {
    Tally sum;
    fmt::print("\n{:<24} measured outside unclear lacking  largest deviation\n", kernel_);
    for (const auto& [model, tally] : tallies_) {
      fmt::print("{:<24} {:>8} {:>7} {:>7} {:>7}  {:+.2f} %: {}\n", model, tally.measured,
                 tally.outside, tally.unclear, tally.lacking, tally.most, tally.at);
      sum.measured += tally.measured;
      sum.outside += tally.outside;
      sum.unclear += tally.unclear;
      sum.lacking += tally.lacking;
    }
    fmt::print("{:<24} {:>8} {:>7} {:>7} {:>7}\n\n", "all", sum.measured, sum.outside, sum.unclear,
               sum.lacking);
    return sum.outside;
  }

  const std::string kernel_;
  const fs::path folder_;
  const std::vector<std::string>& models_;
  std::map<std::string, GridPoint> points_;  // by their case's file
  std::map<std::string, Tally> tallies_;
};

int run(const Arguments& arguments) {
  int outside = 0;
  for (const std::string& kernel : arguments.kernels) {
    const auto points = Grid(kernel, arguments).run();
    if (!points) {
      fmt::print(stderr, "bench_timers: {}\n", points.error().what);
      return 70;
    }
    outside += *points;
  }
  return outside == 0 ? 0 : 1;
}

std::optional<Arguments> arguments_of(std::span<char*> words) {
  Arguments arguments;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.starts_with("--") && i + 1 == words.size()) return {};
    if (word == "--kernel")
      arguments.kernels.emplace_back(words[++i]);
    else if (word == "--out")
      arguments.out = words[++i];
    else if (std::ranges::find(model_names(), word) != model_names().end())
      arguments.models.emplace_back(word);
    else
      return {};
  }
  if (arguments.kernels.empty()) arguments.kernels = {"uml-6.12", "uml-6.1", "host"};
  return arguments;
}

}  // namespace
}  // namespace faultline::bench

int main(int count, char** words) {
  const auto arguments = faultline::bench::arguments_of({words + 1, words + count});
  if (!arguments) {
    fmt::print(stderr, "usage: bench_timers [--kernel NAME]... [--out DIR] [MODEL]...\n");
    return 64;
  }
  return faultline::bench::run(*arguments);
}
