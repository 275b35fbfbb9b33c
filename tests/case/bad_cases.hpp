// Case files that are wrong in one way each, and the whole of what the reader says.
#pragma once

#include <string>
#include <vector>

#include "tests/case/support.hpp"

namespace faultline::test {

// Whether a JSON Schema can see it: names that refer to each other, forms inside a string and
// contradictions are the reader's alone.
enum class Schema : uint8_t { refuses, cannot_see };

struct BadCase {
  const char* name;
  Schema schema;
  std::string text;
  const char* error;
};

// Without those that are no TOML at all.
[[nodiscard]] const std::vector<BadCase>& bad_cases();

}  // namespace faultline::test
