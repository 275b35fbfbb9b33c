// The injectors one by one, each in its own file. injectors/list.cpp puts them into a list.
#pragma once

#include <memory>

#include "harness/tcp/selector_json.hpp"
#include "injectors/injector.hpp"

namespace faultline {

[[nodiscard]] InjectorKind pass_kind();
[[nodiscard]] InjectorKind drop_kind();
[[nodiscard]] InjectorKind delay_kind();
[[nodiscard]] InjectorKind hold_kind();
[[nodiscard]] InjectorKind duplicate_kind();
[[nodiscard]] InjectorKind unplug_kind();
[[nodiscard]] InjectorKind corrupt_kind();
[[nodiscard]] InjectorKind truncate_kind();
[[nodiscard]] InjectorKind edit_kind();
[[nodiscard]] InjectorKind forge_kind();
[[nodiscard]] InjectorKind icmp_kind();
[[nodiscard]] InjectorKind limit_kind();
[[nodiscard]] InjectorKind shift_kind();
[[nodiscard]] InjectorKind loss_kind();

using MadeInjector = FieldResult<std::unique_ptr<Injector>>;

// For `value_is_nth`: an injector without parameters, whose value is checked all the same.
template <typename T>
[[nodiscard]] MadeInjector make_by_nth(const nlohmann::json& value, const std::string& at) {
  if (const auto nth = ranges_from(value, at); !nth) return std::unexpected(nth.error());
  return std::make_unique<T>();
}

// For an injector whose value is a duration longer than nothing.
template <typename T>
[[nodiscard]] MadeInjector make_by_duration(const nlohmann::json& value, const std::string& at) {
  const auto duration = duration_from(value, at);
  if (!duration) return std::unexpected(duration.error());
  if (*duration <= 0s) return std::unexpected(FieldError{at, "a fault lasts longer than 0s"});
  return std::make_unique<T>(*duration);
}

// A field that names an end.
[[nodiscard]] inline std::optional<End> end_from(Fields& fields, const std::string& key) {
  static const std::vector<std::string> ends{"client", "server"};
  const auto name = fields.one_of(key, ends);
  if (!name) return {};
  return end_from_string(*name);
}

// A field of flags: "SYN ACK".
[[nodiscard]] inline std::optional<Flags> flags_field(Fields& fields, const std::string& key) {
  const auto* value = fields.value(key);
  if (!value) return {};
  return fields.take(flags_from(*value, fields.pointer(key)));
}

// checksums = "mend", which they are where nothing is said, or "keep": they stay what they were.
[[nodiscard]] inline bool mends_checksums(Fields& fields) {
  static const std::vector<std::string> words{"mend", "keep"};
  return fields.one_of("checksums", words).value_or("mend") == "mend";
}

}  // namespace faultline
