// Whether two texts of a case ask for the same run, so that a trace of the one can be judged by the
// other. What is expected may differ, and what is said about the case.
#pragma once

#include <string>

namespace faultline {

// The JSON pointer of the first thing by which the runs differ: "/rule/0/drop"; "" where they do
// not. Both must be TOML.
[[nodiscard]] std::string difference_of_runs(const std::string& recorded, const std::string& given);

}  // namespace faultline
