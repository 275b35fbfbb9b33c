// A run's record, read in another folder than the one that the run was started in.
#pragma once

#include "reports/json_reader.hpp"

namespace faultline {

// Files and folders that it calls by relative paths, by paths that are right here; case files
// outside of the suite have other ids then. What is not there any more stays as it is: the run may
// have been made on another machine.
[[nodiscard]] RunRecord seen_from_here(RunRecord run);

}  // namespace faultline
