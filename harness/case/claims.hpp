// The claims that a suite is there to check: statements about TCP, each with a short id. A case
// says in `claims` which of them it checks.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/case/case_error.hpp"

namespace faultline {

// The file in the suite's folder that has them, one a line: S01 = "what is claimed".
inline constexpr auto claims_file = "claims.toml";

// By id; what is claimed, in one line.
using Claims = std::map<std::string, std::string>;

// Nothing where the folder has no such file.
[[nodiscard]] std::expected<std::optional<Claims>, CaseError> read_claims(
    const std::filesystem::path& folder);

// Each claim with the ids of the cases that name it, sorted; none for a claim without a case.
[[nodiscard]] std::map<std::string, std::vector<std::string>> cases_by_claim(
    const Claims& claims, std::span<const Case> cases);

}  // namespace faultline
