// The variants that GoogleTest has chosen, run all at once: side by side, and in few guests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/cli/commands.hpp"
#include "harness/judge/result.hpp"

namespace faultline {

class Batch {
 public:
  explicit Batch(RunArguments arguments) : arguments_(std::move(arguments)) {}

  // Runs these and keeps their results in place of the former ones. An ExitCode other than
  // all_as_expected where nothing could be run; why has been printed on standard error.
  [[nodiscard]] int run(const std::vector<std::string>& variants);
  // Nothing where it has none.
  [[nodiscard]] const CaseResult* result_of(const std::string& variant) const;

 private:
  RunArguments arguments_;
  std::map<std::string, CaseResult> results_;
};

}  // namespace faultline
