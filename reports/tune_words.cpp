#include "reports/tune_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/tune/knobs.hpp"

namespace faultline {
namespace {

constexpr size_t most_named = 6;  // of what was not looked at

std::string kernel_text(const TuneKernel& kernel) {
  if (kernel.release.empty()) return fmt::format("{} at {} Hz", kernel.name, kernel.hz);
  return fmt::format("{} ({}, {} Hz)", kernel.name, kernel.release, kernel.hz);
}

std::string broken_on(const TuneRequirement& requirement, const TuneReport& report, size_t kernel) {
  const auto& time = requirement.on[kernel].time;
  const std::string what = time ? "it takes " + spoken(*time) : "it cannot be predicted";
  if (report.kernels.size() == 1) return what;
  return fmt::format("{} on {}", what, report.kernels[kernel].name);
}

}  // namespace

std::string tune_subject(const TuneReport& report) {
  if (report.files.empty()) return "the kernel's defaults";
  std::vector<std::string> names;
  for (const std::string& file : report.files)
    names.push_back(file == "-" ? "standard input" : file);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string tune_ground(const TuneReport& report) {
  std::vector<std::string> kernels;
  for (const TuneKernel& kernel : report.kernels) kernels.push_back(kernel_text(kernel));
  const Bounds rtt = report.kernels.front().rtt;
  return fmt::format("{} {}, for round trips of {}{}",
                     report.measured ? "predicted for and measured on" : "predicted for",
                     fmt::join(kernels, ", "), rtt.low == rtt.high ? "" : "up to ",
                     spoken(rtt.high));
}

std::string tune_predicted(const TuneCell& cell) {
  return cell.predicted ? spoken(*cell.predicted) : "not predicted";
}

std::string tune_by_default(const TuneCell& cell) {
  return cell.by_default ? spoken(*cell.by_default) : "not predicted";
}

std::string tune_measured(const TuneCell& cell, const TuneReport& report) {
  if (!report.measured) return "";
  std::string text(to_string(cell.verdict));
  if (cell.measured) text = fmt::format("{}, {}", format_duration(*cell.measured), text);
  if (!cell.why.empty()) text += ": " + cell.why;
  return text;
}

std::string tune_governing(const TuneRow& row) {
  std::vector<std::string> words;
  for (const Governing& one : row.governed_by) {
    // What nobody turns is worth a word only where somebody did.
    if (!one.set_at && !find_knob(one.name)) continue;
    words.push_back(fmt::format("{} = {} ({})", one.name, one.value,
                                one.set_at ? to_string(*one.set_at) : "default"));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string tune_requirement(const TuneRequirement& requirement, const TuneReport& report) {
  const std::string text = to_string(requirement.requirement);
  for (size_t i = 0; i < requirement.on.size(); ++i) {
    if (requirement.on[i].holds == Holds::always) continue;
    return fmt::format("{} does not {}hold: {}", text,
                       requirement.on[i].holds == Holds::sometimes ? "always " : "",
                       broken_on(requirement, report, i));
  }
  return text + " holds";
}

std::vector<std::string> tune_changes(const TuneReport& report) {
  std::vector<std::string> lines;
  for (const Setting& change : report.solution)
    lines.push_back(fmt::format("{} = {}", change.key, change.value));
  return lines;
}

std::string tune_not_looked_at(const TuneReport& report) {
  const size_t count = report.not_looked_at.size();
  if (count == 0) return "";
  std::vector<std::string> named;
  for (const Setting& setting : report.not_looked_at) {
    if (named.size() == most_named) break;
    named.push_back(fmt::format("{} ({})", setting.key, to_string(setting.place)));
  }
  if (count > most_named) named.push_back(fmt::format("and {} more", count - most_named));
  return fmt::format("{} {} no TCP timer and {} not looked at: {}", count,
                     count == 1 ? "setting is" : "settings are", count == 1 ? "was" : "were",
                     fmt::join(named, ", "));
}

}  // namespace faultline
