// From what the user named to cases.
#pragma once

#include <vector>

#include "harness/case/reader.hpp"
#include "harness/cli/commands.hpp"
#include "harness/run/runner.hpp"

namespace faultline {

struct Selected {
  std::vector<Case> cases;            // sorted by id
  std::vector<std::string> left_out;  // ids of those that `Selection::slow` would have added
  std::vector<std::string> asked;     // ids and globs that describe the selection; none: all
};

// On an error it has been printed, and the result is the exit code: a bad case file (65; nothing is
// run, whichever file it is), a name that selects nothing (66, with a suggestion), slow cases alone
// where they are not asked for (66).
[[nodiscard]] std::expected<Selected, int> select_cases(const Selection& selection);

// The folder that ids are relative to; an error has been printed.
[[nodiscard]] std::expected<std::filesystem::path, int> suite_of(const Selection& selection);

// The claims of the suite in this folder; an error has been printed.
[[nodiscard]] std::expected<std::optional<Claims>, int> claims_of(
    const std::filesystem::path& suite);

}  // namespace faultline
