#include "harness/cli/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/run/sysctls.hpp"

namespace faultline {
namespace {

// "00" is 0.
bool is_same(const std::string& a, const std::string& b) {
  const auto number = [](const std::string& text) -> std::optional<int64_t> {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
  };
  return a == b || (number(a) && number(a) == number(b));
}

}  // namespace

Result<std::map<std::string, std::string>> parse_overrides(
    const std::vector<std::string>& settings) {
  std::map<std::string, std::string> overrides;
  for (const std::string& setting : settings) {
    const size_t equals = setting.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == setting.size())
      return fail("--sysctl {}: write it as NAME=VALUE, like tcp_syn_retries=3", setting);
    const std::string name = full_sysctl_name(setting.substr(0, equals));
    if (!name.starts_with("net.") || name.find('/') != std::string::npos ||
        name.find("..") != std::string::npos)
      return fail("--sysctl {}: only sysctls below net. belong to an end", setting);
    overrides[name] = setting.substr(equals + 1);
  }
  return overrides;
}

std::string skip_reason(const Case& the_case,
                        const std::map<std::string, std::string>& overrides) {
  if (overrides.empty() || !the_case.has_literals()) return {};
  for (const End end : both_ends) {
    const bool is_sut =
        the_case.about == About::both || to_string(the_case.about) == to_string(end);
    if (!is_sut) continue;
    for (const auto& [name, value] : the_case.setup(end).sysctl) {
      const auto found = overrides.find(full_sysctl_name(name));
      if (found != overrides.end() && !is_same(found->second, value))
        return fmt::format("its expectations are written for {}={}, and --sysctl says {}", name,
                           value, found->second);
    }
  }
  return {};
}

}  // namespace faultline
