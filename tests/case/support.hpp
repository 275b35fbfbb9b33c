// What the tests of the case reader share.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/case/reader.hpp"
#include "harness/tcp/selector_json.hpp"

namespace faultline::test {

// A catalogue with the shapes of the real one.
inline const std::vector<FaultKind>& faults() {
  using nlohmann::json;
  using Good = FieldResult<void>;
  static const auto duration = [](const json& value, const std::string& at) -> Good {
    const auto time = duration_from(value, at);
    if (!time) return std::unexpected(time.error());
    return {};
  };
  static const auto hold = [](const json& value, const std::string& at) -> Good {
    Fields fields(value, at);
    if (const auto* until = fields.value("until"))
      (void)fields.take(selector_from(*until, fields.pointer("until")));
    (void)fields.integer("passed", 1, 1000);
    if (auto error = fields.finish()) return std::unexpected(*error);
    if (fields.has("until") == fields.has("passed"))
      return std::unexpected(FieldError{at, "give 'until' or 'passed'"});
    return {};
  };
  static const auto copies = [](const json& value, const std::string& at) -> Good {
    if (value.is_number_integer() && value >= 1 && value <= 1000) return {};
    return std::unexpected(FieldError{at, "expected 1 to 1000 copies"});
  };
  static const std::vector<FaultKind> list{
      {"drop", true, {}},    {"pass", true, {}},           {"delay", false, duration},
      {"hold", false, hold}, {"duplicate", false, copies}, {"unplug", false, duration}};
  return list;
}

// Four lines that every case has; what follows begins in line 5.
inline const std::string head =
    "title = \"A case\"\n"
    "about = \"client\"\n"
    "level = \"must\"\n"
    "spec = [\"RFC 9293 3.5\"]\n";
inline const std::string connect = "[[step]]\nclient = \"connect\"\n";
inline const std::string expect = "[expect]\nfinal.client = \"ESTABLISHED\"\n";

inline std::expected<Case, CaseError> read(const std::string& text) {
  return read_case(text, "x.toml", "topic/x", faults());
}

// The case that `text` is; a test failure and an empty case where it is none.
inline Case good(const std::string& text) {
  auto result = read(text);
  if (result) return std::move(*result);
  ADD_FAILURE() << to_string(result.error());
  return {};
}

// The first expectation of this kind.
template <typename T>
T expectation(const Case& c) {
  for (const Expectation& any : c.expectations)
    if (const auto* found = std::get_if<T>(&any)) return *found;
  ADD_FAILURE() << "the case has no such expectation";
  return {};
}

}  // namespace faultline::test
