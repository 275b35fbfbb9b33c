// [client] and [server]: what holds at an end before the first step.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/case/names.hpp"
#include "harness/case/reading.hpp"

namespace faultline {
namespace {

using nlohmann::json;

constexpr size_t longest_value = 256;

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// Why `key` cannot be a sysctl below net, or "".
std::string bad_sysctl(const std::string& key) {
  if (key.find('/') != std::string::npos)
    return fmt::format("'{}' is no sysctl: write dots, not slashes", key);
  size_t begin = 0;
  for (size_t dot = 0; dot != std::string::npos; begin = dot + 1) {
    dot = key.find('.', begin);
    if (!is_word(std::string_view(key).substr(begin, dot - begin)))
      return fmt::format(
          "'{}' is no sysctl: write a name below net.ipv4 like tcp_syn_retries, or "
          "a full one like \"net.core.somaxconn\"",
          key);
  }
  if (key.find('.') != std::string::npos && !key.starts_with("net."))
    return fmt::format(
        "'{}' is not below net: a case sets only what belongs to a network "
        "namespace",
        key);
  return {};
}

FieldResult<std::string> sysctl_value(const json& value, const std::string& at) {
  if (value.is_number_integer()) return fmt::format("{}", value.get<int64_t>());
  if (!value.is_string())
    return refuse(at, fmt::format("expected an integer or a string, got {}", kind_of(value)));
  auto text = value.get<std::string>();
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
  if (plain && !text.empty() && text.size() <= longest_value) return text;
  return refuse(at, fmt::format("a sysctl's value is one line of at most {} plain characters",
                                longest_value));
}

// Unquoted dotted keys (net.core.somaxconn = 1) arrive as tables inside each other.
std::optional<FieldError> add_sysctls(const json& table, const std::string& at,
                                      const std::string& prefix,
                                      std::map<std::string, std::string>& into) {
  for (const auto& [key, value] : table.items()) {
    const std::string here = Fields(table, at).pointer(key);
    const std::string name = prefix + key;
    if (value.is_object()) {
      if (auto error = add_sysctls(value, here, name + ".", into)) return error;
      continue;
    }
    if (auto why = bad_sysctl(name); !why.empty()) return FieldError{here, std::move(why), true};
    auto text = sysctl_value(value, here);
    if (!text) return text.error();
    const std::string_view below = "net.ipv4.";
    const std::string other =
        name.starts_with(below) ? name.substr(below.size()) : std::string(below) + name;
    if (into.contains(name) || into.contains(other))
      return FieldError{here, fmt::format("'{}' is given twice", name), true};
    into[name] = *text;
  }
  return {};
}

FieldResult<std::map<std::string, int64_t>> options_from(const json& table, const std::string& at) {
  std::map<std::string, int64_t> options;
  Fields fields(table, at);
  for (const std::string& name : option_names()) {
    const auto value = fields.integer(name, std::numeric_limits<int32_t>::min(),
                                      std::numeric_limits<int32_t>::max());
    if (value) options[name] = *value;
  }
  if (auto error = fields.finish()) return std::unexpected(*error);
  return options;
}

}  // namespace

FieldResult<EndSetup> setup_from(const json& value, const std::string& at, EndSetup defaults) {
  EndSetup setup = std::move(defaults);
  Fields fields(value, at);
  if (const auto* table = fields.table("sysctl"))
    if (auto error = add_sysctls(*table, fields.pointer("sysctl"), "", setup.sysctl))
      fields.refuse(std::move(*error));
  if (const auto* table = fields.table("options"))
    if (auto options = fields.take(options_from(*table, fields.pointer("options"))))
      setup.options = std::move(*options);
  setup.listen = fields.boolean("listen").value_or(setup.listen);
  if (const auto backlog = fields.integer("backlog", 0, 65535))
    setup.backlog = static_cast<int>(*backlog);
  if (auto error = fields.finish()) return std::unexpected(*error);
  return setup;
}

}  // namespace faultline
