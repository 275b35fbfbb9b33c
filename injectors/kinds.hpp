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

}  // namespace faultline
