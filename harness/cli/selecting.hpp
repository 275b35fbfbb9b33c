// From what the user named to cases.
#pragma once

#include <vector>

#include "harness/case/reader.hpp"
#include "harness/cli/commands.hpp"
#include "harness/run/runner.hpp"

namespace faultline {

// The cases that were selected, sorted by id. On an error it has been printed, and the result is the
// exit code: a bad case file (65; nothing is run, whichever file it is), a name that selects nothing
// (66, with a suggestion).
[[nodiscard]] std::expected<std::vector<Case>, int> select_cases(const Selection& selection);

// The known deviations of the Linux stack; every entry must name a case of the suite. On an error it
// has been printed and the result is the exit code.
[[nodiscard]] std::expected<std::vector<KnownDeviation>, int> linux_known_deviations();

}  // namespace faultline
