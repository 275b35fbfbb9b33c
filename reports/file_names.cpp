#include "reports/file_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace faultline {
namespace {

// File systems bound a name at 255 bytes; the last part of an id, a variant, a number and an ending
// make one.
constexpr size_t longest_part = 120, longest_variant = 100;

constexpr bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char safe(char c) {
  return is_plain(c) || std::string_view("-_.+@").find(c) != std::string_view::npos ? c : '_';
}

// One folder or file: no "..", nothing hidden, nothing that an option could be taken for.
std::string safe_part(std::string_view part) {
  std::string name;
  for (const char c : part.substr(0, longest_part)) name += safe(c);
  if (name.empty() || !is_plain(name.front())) name.insert(0, "_");
  return name;
}

std::string safe_path(std::string_view id) {
  std::string path;
  while (true) {
    const size_t slash = id.find('/');
    const std::string_view part = id.substr(0, slash);
    if (!part.empty()) path += (path.empty() ? "" : "/") + safe_part(part);
    if (slash == std::string_view::npos) return path.empty() ? "_" : path;
    id.remove_prefix(slash + 1);
  }
}

// "[ipv4,lwip]#2" → ".ipv4.lwip.2"
std::string safe_variant(std::string_view brackets) {
  std::string name;
  for (const char c : brackets.substr(0, longest_variant))
    if (c != ']') name += c == '[' || c == ',' || c == '#' ? '.' : safe(c);
  return name;
}

std::string lower(std::string name) {
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

}  // namespace

std::vector<std::string> file_names(const std::vector<CaseResult>& results) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const CaseResult& result : results) {
    const std::string variant = result.variant().substr(result.case_id.size());
    const std::string name = safe_path(result.case_id) + safe_variant(variant);
    std::string unique = name;
    for (int n = 2; !taken.insert(lower(unique)).second; ++n)
      unique = fmt::format("{}-{}", name, n);
    names.push_back(unique);
  }
  return names;
}

}  // namespace faultline
