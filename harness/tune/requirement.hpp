// "connect <= 30s": what must hold of a behaviour's predicted time.
#pragma once

#include <string>
#include <string_view>

#include "harness/timers/wheel.hpp"
#include "harness/util/error.hpp"

namespace faultline {

struct Requirement {
  enum class Relation : uint8_t { at_most, below, at_least, above };
  std::string behaviour;
  Relation relation = Relation::at_most;
  Nanos limit{};

  // Of an upper bound it is the latest time that counts, of a lower one the earliest.
  [[nodiscard]] bool is_upper() const {
    return relation == Relation::at_most || relation == Relation::below;
  }
};
[[nodiscard]] std::string to_string(const Requirement& requirement);  // "connect <= 30s"

// Errors: another form, no duration, an unknown behaviour (with those there are).
[[nodiscard]] Result<Requirement> parse_requirement(std::string_view text);

// `sometimes`: whether timers fire late makes the difference.
enum class Holds : uint8_t { always, sometimes, no };
[[nodiscard]] Holds holds(const Requirement& requirement, Bounds time);

}  // namespace faultline
