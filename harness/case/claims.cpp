#include "harness/case/claims.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/case/document.hpp"
#include "harness/case/reading.hpp"

namespace faultline {

namespace fs = std::filesystem;

std::expected<std::optional<Claims>, CaseError> read_claims(const fs::path& folder) {
  const fs::path file = folder / claims_file;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  const auto text = read_file(file);
  if (!text) return std::unexpected(text.error());
  const auto document = Document::parse(*text, file.string());
  if (!document) return std::unexpected(document.error());
  Claims claims;
  for (const auto& [id, value] : document->root().items()) {
    const std::string at = Fields(document->root(), "").pointer(id);
    const auto what = line_from(value, at);
    if (!what) return std::unexpected(document->error(what.error()));
    claims[id] = *what;
  }
  return claims;
}

std::map<std::string, std::vector<std::string>> cases_by_claim(const Claims& claims,
                                                               std::span<const Case> cases) {
  std::map<std::string, std::vector<std::string>> table;
  for (const auto& [id, _] : claims) table[id];
  for (const Case& the_case : cases)
    for (const std::string& claim : the_case.claims)
      if (const auto row = table.find(claim); row != table.end())
        row->second.push_back(the_case.id);
  for (auto& [_, ids] : table) {
    std::ranges::sort(ids);
    const auto again = std::ranges::unique(ids);
    ids.erase(again.begin(), again.end());
  }
  return table;
}

}  // namespace faultline
