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

  // Runs these and keeps their results in place of the former ones. From the second time on their
  // traces are in a folder of their own, "iteration-2". The seed is printed, before they run. An
  // ExitCode other than all_as_expected where nothing could be run; why has been printed on
  // standard error.
  [[nodiscard]] int run(const std::vector<std::string>& variants);
  [[nodiscard]] bool was_interrupted() const { return interrupted_; }
  [[nodiscard]] uint64_t seed() const { return seed_; }
  // Nothing where it has none.
  [[nodiscard]] const CaseResult* result_of(const std::string& variant) const;

 private:
  [[nodiscard]] RunArguments arguments_for(const std::vector<std::string>& variants) const;

  RunArguments arguments_;
  int iteration_ = 0;
  uint64_t seed_ = 0;
  bool interrupted_ = false;
  std::map<std::string, CaseResult> results_;
};

}  // namespace faultline
