// From the TOML of docs/case-format.md to a `Case`. What is not exactly that language is refused,
// with the place and, where there is one, a suggestion.
#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/case/case_error.hpp"
#include "harness/case/claims.hpp"
#include "harness/util/fields.hpp"

namespace faultline {

// A fault that rules may name. The reader knows none itself: the catalogue is the injectors'.
struct FaultKind {
  std::string name;  // the key in a rule
  // The key's value says which matches ("all", 2, "1-3"); it ends up in the rule's `match.nth`.
  bool value_is_nth = false;
  // Else: whether the key's value, as JSON, is a good parameter. Errors point at or below `at`.
  std::function<FieldResult<void>(const nlohmann::json& value, const std::string& at)> check;
  bool on_demand = false;       // a step may ask for it
  bool endurance_only = false;  // only in cases of that level
  // Why a good value means nothing with this version of IP, or "". Empty: it always does.
  std::function<std::string(const nlohmann::json& value, int ip_version)> refuse_ip;
  std::string rule_only, step_only;  // keys of its table for one place only, or ""
  bool both_directions = false;      // its rule must not select one direction alone
};

// With `claims` a case that names another is refused.
[[nodiscard]] std::expected<Case, CaseError> read_case(std::string text, std::string file,
                                                       std::string id,
                                                       std::span<const FaultKind> faults,
                                                       const Claims* claims = nullptr);

// Reads a file of at most 1 MiB; nothing but a regular file is opened.
[[nodiscard]] std::expected<Case, CaseError> load_case(const std::filesystem::path& path,
                                                       std::string id,
                                                       std::span<const FaultKind> faults,
                                                       const Claims* claims = nullptr);

struct CaseFile {
  std::filesystem::path path;
  std::string id;  // the path below the suite's folder, with '/', without ".toml"
};
// Every *.toml below `folder` but its claims.toml, sorted by id; what begins with a dot is left
// out, symbolic links to folders are not followed.
[[nodiscard]] std::expected<std::vector<CaseFile>, CaseError> find_cases(
    const std::filesystem::path& folder);

// The id of the case at `path` in the suite at `folder`; of a file outside of it, its path as it
// was given, without ".toml".
[[nodiscard]] std::string case_id(const std::filesystem::path& path,
                                  const std::filesystem::path& folder);

[[nodiscard]] bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder);

// Everything that could be read, sorted by id, and everything that is wrong with the rest.
struct Suite {
  Claims claims;  // empty where the suite has no claims.toml
  std::vector<Case> cases;
  std::vector<CaseError> errors;
};
[[nodiscard]] Suite load_suite(const std::filesystem::path& folder,
                               std::span<const FaultKind> faults);

}  // namespace faultline
