// Cases run by the program's own workers, all side by side.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/judge/judge.hpp"
#include "tests/every_case_can_fail/leaf.hpp"

namespace faultline::test {

struct Ran {
  CaseResult result;
  std::shared_ptr<const Trace> trace;  // null where there is none
};

// Every family of each case, by the variant's name: "close/four-way[ipv4]". Traces are left below
// `folder`.
[[nodiscard]] std::map<std::string, Ran> run_all(const std::vector<Case>& cases,
                                                 const std::vector<KnownDeviation>& known,
                                                 const std::filesystem::path& folder);

}  // namespace faultline::test
