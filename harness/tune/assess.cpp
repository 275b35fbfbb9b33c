#include <fmt/format.h>

#include <algorithm>

#include "harness/tune/report.hpp"

namespace faultline {
namespace {

bool is_asked_for(const Behaviour& behaviour, const SysctlFiles& files,
                  const TuneQuestion& question) {
  const auto is_it = [&](const std::string& name) { return name == behaviour.name; };
  if (!question.only.empty()) return std::ranges::any_of(question.only, is_it);
  if (std::ranges::any_of(question.requirements, is_it, &Requirement::behaviour)) return true;
  if (files.settings.empty()) return files.not_looked_at.empty();
  return std::ranges::any_of(
      files.settings, [&](const auto& setting) { return governs(setting.first, behaviour); });
}

TuneCell cell(const Behaviour& behaviour, const TuneKernel& kernel, const SysctlFiles& files) {
  TuneCell cell;
  const auto predicted =
      predict_end(behaviour, tuning_inputs(in_force(files, kernel).sysctls, kernel));
  const auto by_default =
      predict_end(behaviour, tuning_inputs(kernel_defaults(kernel.version), kernel));
  if (predicted) cell.predicted = *predicted;
  if (by_default) cell.by_default = *by_default;
  if (!predicted) cell.unpredictable = predicted.error().what;
  return cell;
}

std::vector<Governing> governing(const Behaviour& behaviour, const SysctlFiles& files,
                                 const std::vector<TuneKernel>& kernels) {
  std::vector<Governing> all;
  for (const std::string& name : behaviour.sysctls) {
    const TcpSysctl* sysctl = find_timer_sysctl(fmt::format("net.ipv4.{}", name));
    const bool is_there = std::ranges::any_of(
        kernels, [&](const TuneKernel& kernel) { return sysctl->since <= kernel.version; });
    if (!is_there) continue;
    const auto set = files.settings.find(sysctl->key);
    if (set == files.settings.end())
      all.push_back({name, std::to_string(sysctl->standard), {}});
    else
      all.push_back({name, set->second.value, set->second.place});
  }
  return all;
}

TuneRequirement judged(const Requirement& requirement, const SysctlFiles& files,
                       const std::vector<TuneKernel>& kernels) {
  TuneRequirement result{.requirement = requirement};
  for (const TuneKernel& kernel : kernels) {
    const TuneCell one = cell(*find_behaviour(requirement.behaviour), kernel, files);
    result.on.push_back(
        {one.predicted ? holds(requirement, *one.predicted) : Holds::no, one.predicted});
  }
  return result;
}

// Several kernels often say the same of one line.
std::vector<Remark> warnings(const SysctlFiles& files, const std::vector<TuneKernel>& kernels,
                             const TuneQuestion& question) {
  std::vector<Remark> all = files.remarks;
  for (const TuneKernel& kernel : kernels)
    for (Remark& remark : advice(files, in_force(files, kernel), question.only)) {
      const auto is_known = [&](const Remark& other) {
        return other.what == remark.what && to_string(other.place) == to_string(remark.place);
      };
      if (std::ranges::none_of(all, is_known)) all.push_back(std::move(remark));
    }
  std::ranges::stable_sort(
      all, [&](const Remark& a, const Remark& b) { return is_before(a.place, b.place, files); });
  return all;
}

}  // namespace

std::string_view to_string(TuneCell::Verdict verdict) {
  switch (verdict) {
    case TuneCell::Verdict::not_measured:
      return "not measured";
    case TuneCell::Verdict::as_predicted:
      return "as predicted";
    case TuneCell::Verdict::not_as_predicted:
      return "not as predicted";
    case TuneCell::Verdict::unsure:
      return "unsure";
  }
  return "?";
}

bool TuneRequirement::is_met() const {
  return std::ranges::all_of(on, [](const On& one) { return one.holds == Holds::always; });
}

TuneReport assess(const SysctlFiles& files, const std::vector<TuneKernel>& kernels,
                  const TuneQuestion& question) {
  TuneReport report{.files = files.names,
                    .kernels = kernels,
                    .warnings = warnings(files, kernels, question),
                    .not_looked_at = files.not_looked_at};
  for (const Behaviour& behaviour : behaviours()) {
    if (!is_asked_for(behaviour, files, question)) continue;
    TuneRow row{.behaviour = &behaviour, .governed_by = governing(behaviour, files, kernels)};
    for (const TuneKernel& kernel : kernels) row.cells.push_back(cell(behaviour, kernel, files));
    report.rows.push_back(std::move(row));
  }
  for (const Requirement& requirement : question.requirements)
    report.requirements.push_back(judged(requirement, files, kernels));
  return report;
}

std::vector<std::string> sentences(const TuneRow& row, const std::vector<TuneKernel>& kernels) {
  std::vector<std::string> said;
  for (const TuneCell& cell : row.cells)
    said.push_back(cell.predicted ? sentence(*row.behaviour, *cell.predicted)
                                  : fmt::format("Not predicted: {}.", cell.unpredictable));
  const bool same = std::ranges::all_of(said, [&](const auto& s) { return s == said.front(); });
  if (same) return {said.front()};
  for (size_t i = 0; i < said.size(); ++i)
    said[i] = fmt::format("{}: {}", kernels[i].name, said[i]);
  return said;
}

}  // namespace faultline
