// What `faultline tune` found out. Reports are made from it and from nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/tune/advice.hpp"
#include "harness/tune/behaviours.hpp"
#include "harness/tune/requirement.hpp"

namespace faultline {

struct TuneCell {
  std::optional<Bounds> predicted, by_default;
  std::string unpredictable;  // why there is no prediction

  enum class Verdict : uint8_t { not_measured, as_predicted, not_as_predicted, unsure };
  Verdict verdict = Verdict::not_measured;
  std::optional<Nanos> measured;
  // What was predicted for that very run, with its round trips and its sysctls as read back.
  std::optional<Bounds> within;
  std::string why;         // it was not measured, or the verdict is what it is
  std::string trace_file;  // of the measurement
};
[[nodiscard]] std::string_view to_string(TuneCell::Verdict verdict);  // "as predicted"

// A sysctl that governs a behaviour, as it is on the first kernel that has it.
struct Governing {
  std::string name, value;
  std::optional<Place> set_at;  // nothing: the kernel's default
};

struct TuneRow {
  const Behaviour* behaviour = nullptr;
  std::vector<Governing> governed_by;
  std::vector<TuneCell> cells;  // one for each kernel
};

struct TuneRequirement {
  struct On {
    Holds holds = Holds::no;     // where there is no prediction as well
    std::optional<Bounds> time;  // predicted
  };
  Requirement requirement;
  std::vector<On> on;  // one for each kernel
  [[nodiscard]] bool is_met() const;
};

struct TuneReport {
  std::string version;  // of this program
  std::vector<std::string> files;
  std::vector<TuneKernel> kernels;  // at least one
  std::vector<TuneRow> rows;
  std::vector<TuneRequirement> requirements;
  std::vector<Remark> warnings;
  std::vector<Setting> not_looked_at;
  std::vector<Setting> solution;  // of --solve: what to change, and to what
  bool measured = false;          // else only predicted
  bool interrupted = false;
};

struct TuneQuestion {
  std::vector<Requirement> requirements;
  std::vector<std::string>
      only;  // behaviours; empty: those that a setting or a requirement is about
};

// Everything but the measurements. Without any file, or with files that set nothing, each behaviour
// has a row.
[[nodiscard]] TuneReport assess(const SysctlFiles& files, const std::vector<TuneKernel>& kernels,
                                const TuneQuestion& question);

// The sentences of a row: one, or one for each kernel where they differ ("uml-6.1: A connect() …").
[[nodiscard]] std::vector<std::string> sentences(const TuneRow& row,
                                                 const std::vector<TuneKernel>& kernels);

}  // namespace faultline
