#include "harness/stack/known.hpp"

#include <toml++/toml.h>

#include <array>

namespace faultline {
namespace {

bool is_kernel_version(const std::string& text) {
  const size_t dot = text.find('.');
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.size() < 5 &&
           part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return dot != std::string::npos && digits(std::string_view(text).substr(0, dot)) &&
         digits(std::string_view(text).substr(dot + 1));
}

Result<KnownDeviation> entry_from(const toml::table& table, const std::string& file) {
  const auto line = table.source().begin.line;
  constexpr std::array<std::string_view, 4> keys{"case", "outcome", "reason", "spec"};
  constexpr std::array<std::string_view, 3> more_keys{"before", "as", "family"};
  for (const std::string_view key : keys)
    if (!table[key].is_string()) return fail("{}:{}: an entry needs '{}', a string", file, line, key);
  for (const auto& [key, value] : table)
    if (std::ranges::find(keys, key.str()) == keys.end() &&
        std::ranges::find(more_keys, key.str()) == more_keys.end())
      return fail("{}:{}: unknown key '{}'; known here: case, outcome, reason, spec, before, as, "
                  "family",
                  file, value.source().begin.line, key.str());
  const auto before = table["before"].value_or<std::string>("");
  if (table.contains("before") && !is_kernel_version(before))
    return fail("{}:{}: before must be a kernel's version like \"6.13\"", file, line);
  const auto as = table["as"].value_or<std::string>("");
  if (table.contains("as") && as != "client" && as != "server")
    return fail("{}:{}: as must be \"client\" or \"server\"", file, line);
  const auto family = table["family"].value_or<std::string>("");
  if (table.contains("family") && family != "ipv4" && family != "ipv6")
    return fail("{}:{}: family must be \"ipv4\" or \"ipv6\"", file, line);
  if (table["outcome"].ref<std::string>() != "FAIL")
    return fail("{}:{}: outcome can only be \"FAIL\"", file, line);
  return KnownDeviation{table["case"].ref<std::string>(),
                        table["reason"].ref<std::string>() + " (" +
                            table["spec"].ref<std::string>() + ")",
                        before, as, family};
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
