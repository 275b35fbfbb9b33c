// Whether a call came out as its step says. The script asks it to know whether going on makes
// sense, the judge to say what was wanted and what came.
#pragma once

#include <optional>
#include <string>

#include "harness/case/case.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

// "succeeds", "fails with ETIMEDOUT", "returns 1000"
[[nodiscard]] std::string wanted_outcome(const CallStep& call);
[[nodiscard]] std::string actual_outcome(const CallStep& call, const ResultEvent& result);
// `takes` is not looked at.
[[nodiscard]] bool came_out_as_wanted(const CallStep& call, const ResultEvent& result);

}  // namespace faultline
