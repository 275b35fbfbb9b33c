// Globs over ids, as users write them: "close/*".
#pragma once

#include <fnmatch.h>

#include <algorithm>
#include <string>
#include <vector>

namespace faultline {

// Also where the two are the same text, so that an id with a bracket names itself.
[[nodiscard]] inline bool is_glob_match(const std::string& glob, const std::string& id) {
  return glob == id || fnmatch(glob.c_str(), id.c_str(), 0) == 0;
}

[[nodiscard]] inline bool any_glob_matches(const std::vector<std::string>& globs,
                                           const std::string& id) {
  return std::ranges::any_of(globs, [&](const std::string& glob) { return is_glob_match(glob, id); });
}

}  // namespace faultline
