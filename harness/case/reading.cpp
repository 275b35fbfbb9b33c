#include "harness/case/reading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/tcp/selector_json.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {

using nlohmann::json;

FieldResult<Selector> Reading::selector(const json& value, const std::string& at) {
  auto selector = selector_from(value, at);
  if (selector && selector->connection)
    mention(Mention::Of::connection, *selector->connection, at + "/connection");
  return selector;
}

std::optional<FieldError> finish(Fields& fields, std::initializer_list<const char*> required) {
  if (auto error = fields.finish()) return error;
  for (const char* key : required)
    if (!fields.has(key)) return FieldError{fields.at(), fmt::format("'{}' is missing", key)};
  return {};
}

FieldResult<std::string> known(const json& name, const std::string& at, std::string_view noun,
                               std::span<const std::string> names) {
  if (!name.is_string())
    return refuse(at, fmt::format("expected the name of a known {}, got {}", noun, kind_of(name)));
  auto text = name.get<std::string>();
  if (std::ranges::find(names, text) != names.end()) return text;
  const std::string hint = did_you_mean(text, names);
  return refuse(
      at, fmt::format("unknown {} '{}'{}", noun, text,
                      hint.empty() ? fmt::format("; known: {}", fmt::join(names, ", ")) : hint));
}

FieldResult<std::string> line_from(const json& value, const std::string& at) {
  constexpr size_t longest_line = 200;
  if (!value.is_string())
    return refuse(at, fmt::format("expected a string, got {}", kind_of(value)));
  auto text = value.get<std::string>();
  const bool control =
      std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
  if (!text.empty() && text.size() <= longest_line && !control) return text;
  return refuse(at, fmt::format("expected one line of text, of 1 to {} bytes", longest_line));
}

FieldResult<std::string> name_from(const json& value, const std::string& at) {
  constexpr size_t longest = 64;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (!value.is_string()) return refuse(at, fmt::format("expected a name, got {}", kind_of(value)));
  auto name = value.get<std::string>();
  if (!name.empty() && name.size() <= longest && std::ranges::all_of(name, allowed)) return name;
  return refuse(at, fmt::format("'{}' is no name: write letters, digits, '-', '_' and '.', at "
                                "most {} of them",
                                name, longest));
}

std::string name_or(Fields& fields, const std::string& key, std::string fallback) {
  const auto* value = fields.value(key);
  if (!value) return fallback;
  return fields.take(name_from(*value, fields.pointer(key))).value_or(std::move(fallback));
}

std::vector<std::string> given(const Fields& fields, std::initializer_list<const char*> keys) {
  std::vector<std::string> result;
  for (const char* key : keys)
    if (fields.has(key)) result.emplace_back(key);
  return result;
}

FieldResult<ConnectionEnd> connection_end_from(const std::string& key, const std::string& at) {
  static const std::vector<std::string> ends{"client", "server"};
  const size_t colon = key.find(':');
  const std::string name = key.substr(0, colon);
  const auto end = end_from_string(name);
  if (!end)
    return refuse_key(
        at, fmt::format("unknown end '{}'{}", name,
                        nearest(name, ends).empty() ? "; write client, server, \"client:NAME\" or "
                                                      "\"server:NAME\""
                                                    : did_you_mean(name, ends)));
  if (colon == std::string::npos) return ConnectionEnd{*end};
  auto connection = name_from(key.substr(colon + 1), at);
  if (!connection) return refuse_key(at, connection.error().what);
  return ConnectionEnd{*end, std::move(*connection)};
}

}  // namespace faultline
