#include "harness/kernel/deb_choice.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace faultline {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Of the first character of what is left: '~' before the end, letters before other characters.
int rank(std::string_view rest) {
  if (rest.empty() || is_digit(rest.front())) return 0;
  const auto c = static_cast<unsigned char>(rest.front());
  constexpr int after_letters = 256;
  return c == '~' ? -1 : is_letter(rest.front()) ? c : c + after_letters;
}

// The number at the beginning, without leading zeros, as text: a longer one is greater.
std::string_view take_number(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of('0'), rest.size()));
  const size_t size = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const std::string_view number = rest.substr(0, size);
  rest.remove_prefix(size);
  return number;
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    while (rank(a) != 0 || rank(b) != 0) {
      if (const auto order = rank(a) <=> rank(b); order != 0) return order;
      a.remove_prefix(1), b.remove_prefix(1);
    }
    const auto left = take_number(a), right = take_number(b);
    if (const auto order = left.size() <=> right.size(); order != 0) return order;
    if (const auto order = left <=> right; order != 0) return order;
  }
  return std::strong_ordering::equal;
}

struct VersionParts {
  std::string_view epoch, upstream, revision;

  explicit VersionParts(std::string_view version) {
    if (const size_t colon = version.find(':'); colon != version.npos) {
      epoch = version.substr(0, colon);
      version.remove_prefix(colon + 1);
    }
    const size_t dash = version.rfind('-');
    upstream = version.substr(0, dash);
    if (dash != version.npos) revision = version.substr(dash + 1);
  }
};

// "a, b (>= 2) | c": the names that start so.
void add_names(std::string_view list, std::string_view start, std::vector<std::string>& names) {
  for (size_t at = 0; at < list.size(); ++at) {
    if (!list.substr(at).starts_with(start)) continue;
    const size_t end = std::min(list.find_first_of(" ,|(", at), list.size());
    names.emplace_back(list.substr(at, end - at));
    at = end;
  }
}

void take_field(std::string_view line, PackageRecord& record) {
  const size_t colon = line.find(": ");
  if (colon == line.npos) return;
  const std::string_view key = line.substr(0, colon), value = line.substr(colon + 2);
  if (key == "Package") record.name = value;
  if (key == "Version") record.version = value;
  if (key == "Installed-Size") {
    std::from_chars(value.data(), value.data() + value.size(), record.unpacked);
    record.unpacked <<= 10;  // the field is in KiB
  }
  if (key != "Depends") return;
  add_names(value, "linux-image-", record.kernels);
  add_names(value, "linux-modules-", record.modules);
}

bool newer(const PackageRecord& a, const PackageRecord& b) {
  if (a.kernels.empty() != b.kernels.empty()) return a.kernels.empty();
  if (const auto order = compare_versions(a.version, b.version); order != 0) return order > 0;
  return !a.name.ends_with("-unsigned") && b.name.ends_with("-unsigned");
}

}  // namespace

std::vector<PackageRecord> package_records(std::string_view text) {
  std::vector<PackageRecord> records;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Package: ")) records.emplace_back();
    if (!records.empty()) take_field(line, records.back());
  }
  return records;
}

bool matches_package(std::string_view glob, std::string_view name) {
  char before = '\0';  // what the name had last
  for (; !glob.empty() && glob.front() != '*'; glob.remove_prefix(1), name.remove_prefix(1)) {
    if (name.empty()) return false;
    const bool any = glob.front() == '?' && !(is_digit(before) && is_digit(name.front()));
    if (!any && glob.front() != name.front()) return false;
    before = name.front();
  }
  if (glob.empty()) return name.empty();
  glob.remove_prefix(1);
  if (!name.empty() && is_digit(before) && is_digit(name.front())) return false;
  for (;; name.remove_prefix(1)) {
    if (matches_package(glob, name)) return true;
    if (name.empty()) return false;
  }
}

std::strong_ordering compare_versions(std::string_view a, std::string_view b) {
  const VersionParts left(a), right(b);
  if (const auto order = compare_part(left.epoch, right.epoch); order != 0) return order;
  if (const auto order = compare_part(left.upstream, right.upstream); order != 0) return order;
  return compare_part(left.revision, right.revision);
}

Result<PackageRecord> newest_kernel(std::string_view glob, std::span<const PackageRecord> records) {
  std::vector<PackageRecord> found;
  for (const PackageRecord& record : records)
    if (matches_package(glob, record.name) && !record.name.ends_with("-dbg"))
      found.push_back(record);
  if (found.empty()) return fail("there is no package {}", glob);
  return *std::ranges::min_element(found, newer);
}

}  // namespace faultline
