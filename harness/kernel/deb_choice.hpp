// Which of a distribution's kernel packages is meant. Pure.
#pragma once

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline {

// What of a package's record matters here.
struct PackageRecord {
  std::string name, version;
  std::vector<std::string> kernels;  // linux-image-…, that it depends on: it only stands for one
  std::vector<std::string> modules;  // linux-modules-…, that it depends on
  uint64_t unpacked = 0;             // bytes

  [[nodiscard]] bool operator==(const PackageRecord&) const = default;
};

// As `apt-cache show` prints them.
[[nodiscard]] std::vector<PackageRecord> package_records(std::string_view text);

// '*' stands for any text and '?' for any character, but a number goes on for neither:
// "linux-image-6.1*" matches 6.1.0-56 and not 6.12.117.
[[nodiscard]] bool matches_package(std::string_view glob, std::string_view name);

// The order of the Debian policy, 5.6.12: epoch, upstream version, revision; '~' before the end.
[[nodiscard]] std::strong_ordering compare_versions(std::string_view a, std::string_view b);

// Of those with the glob's name the newest, which is no debug package, rather one with a kernel in
// it than one that depends on such, rather a signed one. Error: none.
[[nodiscard]] Result<PackageRecord> newest_kernel(std::string_view glob,
                                                  std::span<const PackageRecord> records);

}  // namespace faultline
