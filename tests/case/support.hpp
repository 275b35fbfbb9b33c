// What the tests of the case reader share.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/case/reader.hpp"
#include "injectors/injector.hpp"

namespace faultline::test {

// The injectors: reader and schema are held against what they really take.
inline const std::vector<FaultKind>& faults() {
  static const std::vector<FaultKind> list = [] {
    std::vector<FaultKind> all;
    for (const InjectorKind& kind : injector_kinds())
      all.push_back({.name = kind.name,
                     .value_is_nth = kind.value_is_nth,
                     .check = [&kind](const nlohmann::json& value,
                                      const std::string& at) -> FieldResult<void> {
                       if (auto made = kind.make(value, at); !made)
                         return std::unexpected(made.error());
                       return {};
                     },
                     .on_demand = kind.on_demand,
                     .endurance_only = kind.endurance_only,
                     .refuse_ip = kind.refuse_ip,
                     .rule_only = kind.rule_only,
                     .step_only = kind.step_only,
                     .both_directions = kind.both_directions});
    return all;
  }();
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
