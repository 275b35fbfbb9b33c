#include "harness/run/known.hpp"

#include <toml++/toml.h>

#include <array>

namespace faultline {
namespace {

Result<KnownDeviation> entry_from(const toml::table& table, const std::string& file) {
  const auto line = table.source().begin.line;
  constexpr std::array<std::string_view, 4> keys{"case", "outcome", "reason", "spec"};
  for (const std::string_view key : keys)
    if (!table[key].is_string()) return fail("{}:{}: an entry needs '{}', a string", file, line, key);
  for (const auto& [key, value] : table)
    if (std::ranges::find(keys, key.str()) == keys.end())
      return fail("{}:{}: unknown key '{}'; known here: case, outcome, reason, spec", file,
                  value.source().begin.line, key.str());
  if (table["outcome"].ref<std::string>() != "FAIL")
    return fail("{}:{}: outcome can only be \"FAIL\"", file, line);
  return KnownDeviation{table["case"].ref<std::string>(),
                        table["reason"].ref<std::string>() + " (" +
                            table["spec"].ref<std::string>() + ")"};
}

}  // namespace

Result<std::vector<KnownDeviation>> read_known(const std::filesystem::path& file) {
  std::vector<KnownDeviation> known;
  try {
    const toml::table document = toml::parse_file(file.string());
    for (const auto& [key, value] : document)
      if (key.str() != "known" || !value.is_array_of_tables())
        return fail("{}:{}: only [[known]] entries belong here", file.string(),
                    value.source().begin.line);
    const toml::array* entries = document["known"].as_array();
    if (!entries) return known;
    for (const toml::node& node : *entries) {
      auto entry = entry_from(*node.as_table(), file.string());
      if (!entry) return std::unexpected(entry.error());
      known.push_back(std::move(*entry));
    }
  } catch (const toml::parse_error& error) {
    return fail("{}:{}: {}", file.string(), error.source().begin.line, error.description());
  }
  return known;
}

}  // namespace faultline
