// What results are called in a baseline: as in the run, but for those of case files outside of the
// suite. What a run calls these depends on the folder that it is started in; a baseline calls them
// by their paths from its own folder, "./stack/cases/odd[ipv4]".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/judge/baseline.hpp"

namespace faultline {

class BaselineKeys {
 public:
  // Of the baseline in this file, for this run: its results tell where its cases are, and of cases
  // without a result what was asked for. Looks at files' paths, not into them.
  BaselineKeys(const std::string& file, const RunInfo& info,
               const std::vector<CaseResult>& results);

  // By the run's names. Files outside of the suite that the run was not asked for are left out.
  [[nodiscard]] Baseline named_as_in_run(const Baseline& written) const;
  // The reverse, with what the former left out of `before`.
  [[nodiscard]] Baseline as_written(const Baseline& named, const Baseline& before) const;

 private:
  std::map<std::string, std::string> keys_;  // of the files' ids
  std::map<std::string, std::string> ids_;   // of these keys
};

}  // namespace faultline
