// JUnit XML as CI systems read it: the common subset that GitLab, Jenkins and the GitHub actions
// agree on (there is no official schema). tests/reports/junit.xsd says what comes out.
//   FAIL, XPASS           -> <failure>
//   ERROR, INCONCLUSIVE   -> <error>
//   XFAIL, SKIP, UNSUPPORTED -> <skipped>
// A testsuite is a folder of the cases; a testcase's name is unique in its suite.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

[[nodiscard]] std::string junit_report(const RunInfo& info, const std::vector<CaseResult>& results);

}  // namespace faultline
