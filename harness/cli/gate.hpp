// --baseline and --write-baseline: what changed since the results that were accepted.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/exit_code.hpp"
#include "harness/judge/baseline.hpp"

namespace faultline {

class Gate {
 public:
  // Either is a file's path, or "". What cannot be read is found before anything runs: it has been
  // printed then, and the result is the exit code.
  [[nodiscard]] static std::expected<Gate, int> open(const std::string& baseline,
                                                     const std::string& written);

  // Tells `info` what differs from the baseline.
  void compare(RunInfo& info, const std::vector<CaseResult>& results) const;
  // Writes the baseline, where that was asked for and the run came to its end, and says so on
  // standard error; false where it could not be written, which has been printed.
  [[nodiscard]] bool write(const RunInfo& info, const std::vector<CaseResult>& results) const;
  // What has just been accepted is not a failure.
  [[nodiscard]] ExitCode exit_code(const RunInfo& info,
                                   const std::vector<CaseResult>& results) const;

 private:
  std::optional<Baseline> baseline_;
  std::optional<Baseline> written_;  // as it was before
};

}  // namespace faultline
