#include "harness/kernel/kernel_name.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

constexpr std::string_view uml_prefix = "uml-", package_prefix = "deb:";

Result<int> parse_hz(std::string_view text, std::string_view whole) {
  int hz = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hz);
  if (error == std::errc{} && end == text.data() + text.size() &&
      std::ranges::find(hz_choices, hz) != hz_choices.end())
    return hz;
  return fail("kernel '{}': '{}' is no HZ; there are {}", whole, text, fmt::join(hz_choices, ", "));
}

std::unexpected<Error> unknown(std::string_view text) {
  std::vector<std::string> known = {"host"};
  known.insert(known.end(), uml_names().begin(), uml_names().end());
  return fail(
      "unknown kernel '{}'{}; there are {} (uml-… also with an HZ, {}@1000), deb:PACKAGE, and the "
      "path of a kernel's file, with a '/' in it",
      text, did_you_mean(text, known), fmt::join(known, ", "), uml_names().front());
}

Result<KernelName> parse_uml(std::string_view text) {
  const size_t at = text.find('@');
  const std::string name(text.substr(0, at));
  if (std::ranges::find(uml_names(), name) == uml_names().end()) return unknown(name);
  KernelName result{.kind = KernelName::Kind::uml, .source = name.substr(uml_prefix.size())};
  if (at == text.npos) return result;
  const Result<int> hz = parse_hz(text.substr(at + 1), text);
  if (!hz) return std::unexpected(hz.error());
  result.hz = *hz;
  return result;
}

// Letters, digits and "+-.", as package names have them, and the marks of a glob. What apt would
// take for an option or for a version is none.
Result<KernelName> parse_package(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789+-.*?[]!";
  if (name.empty() || name.front() == '-' || name.find_first_not_of(letters) != name.npos)
    return fail("kernel 'deb:{}': expected a package's name or a glob, deb:linux-image-6.1*-amd64",
                name);
  return KernelName{.kind = KernelName::Kind::package, .package = std::string(name)};
}

}  // namespace

const std::vector<std::string>& uml_names() {
  static const std::vector<std::string> names = {"uml-6.12", "uml-6.1"};
  return names;
}

Result<KernelName> parse_kernel_name(std::string_view text) {
  if (text == "host") return KernelName{};
  if (text.starts_with(package_prefix)) return parse_package(text.substr(package_prefix.size()));
  if (text.find('/') != text.npos)
    return KernelName{.kind = KernelName::Kind::file, .path = std::string(text)};
  if (text.starts_with(uml_prefix)) return parse_uml(text);
  return unknown(text);
}

std::string to_string(const KernelName& name) {
  switch (name.kind) {
    case KernelName::Kind::host:
      return "host";
    case KernelName::Kind::uml:
      return fmt::format("uml-{}{}", name.source,
                         name.hz == KernelName::default_hz ? "" : fmt::format("@{}", name.hz));
    case KernelName::Kind::package:
      return fmt::format("deb:{}", name.package);
    case KernelName::Kind::file:
      return name.path;
  }
  return {};
}

}  // namespace faultline
