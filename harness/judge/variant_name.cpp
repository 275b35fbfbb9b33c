#include "harness/judge/variant_name.hpp"

#include <fmt/format.h>

#include <charconv>

namespace faultline {
namespace {

// "" is the first, "#2" the second.
std::optional<int> repetition_of(std::string_view rest) {
  if (rest.empty()) return 1;
  int number = 0;
  const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), number);
  const bool whole = error == std::errc{} && end == rest.data() + rest.size();
  if (!rest.starts_with('#') || !whole || number < 2) return {};
  return number;
}

std::optional<Family> family_of(std::string_view word) {
  if (word == "ipv4") return Family::ipv4;
  if (word == "ipv6") return Family::ipv6;
  return {};
}

}  // namespace

std::string variant_name(const std::string& case_id, Family family, std::string_view column,
                         std::string_view end, int repetition) {
  std::string name = fmt::format("{}[{}", case_id, to_string(family));
  for (const std::string_view part : {column, end})
    if (!part.empty()) name += fmt::format(",{}", part);
  name += "]";
  return repetition == 1 ? name : fmt::format("{}#{}", name, repetition);
}

std::optional<VariantName> parse_variant_name(std::string_view name) {
  const size_t close = name.rfind(']');
  if (close == name.npos) return {};
  const size_t open = name.rfind('[', close);
  if (open == name.npos || open == 0) return {};
  std::string_view inside = name.substr(open + 1, close - open - 1);
  const auto family = family_of(inside.substr(0, inside.find(',')));
  const auto repetition = repetition_of(name.substr(close + 1));
  if (!family || !repetition) return {};
  VariantName parsed{
      .case_id = std::string(name.substr(0, open)), .family = *family, .repetition = *repetition};
  inside.remove_prefix(std::min(inside.size(), sizeof "ipv4"));
  for (const std::string_view end : {"client", "server"}) {
    if (inside != end && !inside.ends_with("," + std::string(end))) continue;
    parsed.end = end;
    inside.remove_suffix(std::min(inside.size(), end.size() + 1));
  }
  parsed.column = inside;
  return parsed;
}

std::string without_repetition(std::string name) {
  name.resize(name.rfind(']') + 1);
  return name;
}

}  // namespace faultline
