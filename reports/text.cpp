#include "reports/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "reports/baseline_words.hpp"
#include "reports/matrix.hpp"
#include "reports/missing_parts.hpp"
#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

// A story longer than this loses its middle unless everything is asked for: how it began and what
// led to the end say most, the trace has the rest.
constexpr size_t story_head = 8, story_tail = 24;

std::string seconds(Nanos time) {
  if (time >= 10min) return format_duration(std::chrono::round<std::chrono::seconds>(time));
  return fmt::format("{:.2f}s", std::chrono::duration<double>(time).count());
}

// "cases/close/fin-lost.toml:23", where a case file says what was expected.
std::string place(const CaseResult& result, int line) {
  return line > 0 ? fmt::format("{}:{}", result.file, line) : result.file;
}

std::string finding_text(const CaseResult& result, const Finding& finding, const TextStyle& style) {
  const std::string what = finding.line > 0
                               ? fmt::format("{}: {}", place(result, finding.line), finding.what)
                               : fmt::format("{} (holds in every case)", finding.what);
  if (finding.status == Finding::Status::met) return wrapped("  ok       ", what, style);
  const bool broken = finding.status == Finding::Status::broken;
  const std::string word = broken ? "BROKEN" : "UNCLEAR";
  std::string text = wrapped(fmt::format("  {:<9}", word), what, style);
  text.replace(2, word.size(),
               painted(word, broken ? Outcome::FAIL : Outcome::INCONCLUSIVE, style));
  const auto add = [&](const std::string& lead, const std::string& value) {
    if (!value.empty()) text += wrapped("             " + lead, value, style);
  };
  add("wanted     ", finding.wanted);
  add("got        ", finding.got);
  add("tolerance  ", finding.tolerance);
  for (const std::string& line : finding.evidence)
    add(&line == finding.evidence.data() ? "instead    " : "           ", line);
  return text;
}

std::string findings_text(const CaseResult& result, Finding::Status status,
                          const TextStyle& style) {
  std::string text;
  for (const Finding& finding : result.findings)
    if (finding.status == status) text += finding_text(result, finding, style);
  return text;
}

std::string happened(const CaseResult& result, const TextStyle& style) {
  if (result.story.empty()) return "";
  std::string text = "  what happened\n";
  const size_t size = result.story.size();
  const bool whole = style.verbose || size <= story_head + story_tail + 1;
  for (size_t i = 0; i < size; ++i) {
    if (!whole && i == story_head) {
      text += fmt::format("    … {} more …\n", size - story_head - story_tail);
      i = size - story_tail;
    }
    text += "    " + safe_text(result.story[i]) + "\n";
  }
  return text;
}

std::string about(const CaseResult& result, const TextStyle& style) {
  std::string text;
  if (!result.title.empty()) text += wrapped("  ", result.title, style);
  std::string who = fmt::format("{} {}, {}", result.stack,
                                result.sut == "both" ? "at both ends" : "as " + result.sut,
                                to_string(result.level));
  if (!result.spec.empty()) who += fmt::format(" ({})", fmt::join(result.spec, ", "));
  return text + wrapped("  ", who, style);
}

}  // namespace

std::string wrapped(const std::string& lead, std::string_view sentence, const TextStyle& style) {
  const std::string safe = safe_text(sentence);
  const std::string indent(static_cast<size_t>(columns(lead)), ' ');
  std::string text, line = lead;
  bool begun = false;
  for (size_t at = 0; at < safe.size();) {
    const size_t end = std::min(safe.find(' ', at), safe.size());
    const std::string word = safe.substr(at, end - at);
    if (begun && style.width > 0 && columns(line) + 1 + columns(word) > style.width) {
      text += line + "\n";
      line = indent + word;
    } else {
      line += (begun ? " " : "") + word;
    }
    begun = true;
    at = end + 1;
  }
  return text + line + "\n";
}

std::string text_story(const CaseResult& result, const TextStyle& style) {
  std::string text;
  // The others' reason stands in their first line.
  if (is_bad(result.outcome) && !result.reason.empty()) text += wrapped("  ", result.reason, style);
  if (!is_bad(result.outcome) && !style.verbose) return text;
  text += about(result, style);
  text += happened(result, style);
  for (const auto status :
       {Finding::Status::met, Finding::Status::unclear, Finding::Status::broken})
    text += findings_text(result, status, style);
  if (!result.trace_file.empty()) text += "  trace    " + safe_text(result.trace_file) + "\n";
  if (!result.rerun.empty()) text += "  rerun    " + safe_text(result.rerun) + "\n";
  return text;
}

std::string text_result(const CaseResult& result, const TextStyle& style) {
  const std::string word = fmt::format("{:<4}", to_string(result.outcome));
  std::string line = fmt::format("{}  {}  {}", painted(word, result.outcome, style),
                                 safe_text(result.variant()), seconds(result.took));
  if (!is_bad(result.outcome) && !result.reason.empty())
    line += fmt::format("  ({})", safe_text(result.reason));
  return line + "\n" + text_story(result, style);
}

namespace {

// What the cases took by their own clocks, against the one on the wall. Nothing where none was run.
// REQUIRES: info.wall > 0.
std::string virtual_time_line(const RunInfo& info, const std::vector<CaseResult>& results) {
  Nanos lived{};
  for (const CaseResult& result : results) lived += result.took;
  if (lived == 0ns) return "";
  using Seconds = std::chrono::duration<double>;
  const double ratio = Seconds(lived) / Seconds(info.wall);
  return fmt::format("virtual time: {} of cases, {:.0f} times as fast as the wall's clock\n",
                     format_duration(std::chrono::round<std::chrono::seconds>(lived)), ratio);
}

// "6.12.117", of a guest "uml-6.12: 6.12.117"; its name alone where no guest has told its release.
std::string kernel_text(const KernelInfo& kernel, bool name_it) {
  const std::string release = safe_text(kernel.release);
  std::string text = name_it ? safe_text(kernel.name) : release;
  if (name_it && !release.empty()) text += ": " + release;
  return fmt::format("{}, {} Hz", text, kernel.hz);
}

std::string kernels_text(const RunInfo& info) {
  if (info.kernels.empty())
    return "kernel " + kernel_text({info.kernel_name, info.kernel, info.hz, info.virtual_time},
                                   info.virtual_time);
  std::vector<std::string> all;
  for (const KernelInfo& kernel : info.kernels) all.push_back(kernel_text(kernel, true));
  return fmt::format("kernels {}", fmt::join(all, "; "));
}

}  // namespace

std::string text_totals(const RunInfo& info, const std::vector<CaseResult>& results,
                        const TextStyle& style) {
  std::map<Outcome, size_t> counts;
  for (const CaseResult& result : results) ++counts[result.outcome];
  std::vector<std::string> parts;
  for (const auto& [outcome, count] : counts)
    parts.push_back(painted(fmt::format("{} {}", count, to_string(outcome)), outcome, style));
  std::string text = fmt::format("{} result{}", results.size(), results.size() == 1 ? "" : "s");
  if (!parts.empty()) text += fmt::format(": {}", fmt::join(parts, ", "));
  if (info.wall > 0ns) text += " in " + seconds(info.wall);
  text += info.interrupted ? " (interrupted)\n" : "\n";
  if (info.baseline) text += baseline_report(*info.baseline, style);
  for (const std::string& shard : absent_shards(info)) text += shard + "\n";
  if (info.virtual_time && info.wall > 0ns) text += virtual_time_line(info, results);
  if (info.slow_left_out > 0)
    text +=
        fmt::format("{} slow case{} left out; --slow runs {}\n", info.slow_left_out,
                    info.slow_left_out == 1 ? "" : "s", info.slow_left_out == 1 ? "it" : "them");
  text += fmt::format("faultline {}, {}, seed {}", safe_text(info.version), kernels_text(info),
                      info.seed);
  if (info.timing_scale != 1) text += fmt::format(", tolerances times {:g}", info.timing_scale);
  if (info.machine_slow) text += " (KSFT_MACHINE_SLOW)";
  if (info.asked.shards > 1 && info.absent_shards.empty())
    text += fmt::format(", shard {}/{}", info.asked.shard, info.asked.shards);
  return text + "\n";
}

std::string text_summary(const RunInfo& info, const std::vector<CaseResult>& results,
                         const TextStyle& style) {
  return matrix_text(info, results, style) + text_totals(info, results, style);
}

std::string text_report(const RunInfo& info, const std::vector<CaseResult>& results,
                        const TextStyle& style) {
  std::string text;
  for (const CaseResult& result : results) text += text_result(result, style);
  if (!results.empty()) text += "\n";
  return text + text_summary(info, results, style);
}

}  // namespace faultline
