// Case files that are not the suite's.
#pragma once

#include <string>

#include "harness/case/reader.hpp"
#include "harness/cli/places.hpp"

namespace faultline {

// Whether this file, whose case was given this id, was outside of the suite: then the id is the
// path, as it was given. `suite`: as --suite named it, "" for the program's own.
[[nodiscard]] inline bool is_outside_suite(const std::string& id, const std::string& file,
                                           const std::string& suite) {
  if (id + ".toml" != file) return false;
  const auto folder = suite_folder(suite);
  return !folder || !is_below(file, *folder);
}

}  // namespace faultline
