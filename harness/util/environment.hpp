// The environment's variables. The manual page names every one that is asked for.
#pragma once

#include <cstdlib>
#include <string>

namespace faultline {

// "" where it is not set.
[[nodiscard]] inline std::string environment_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

}  // namespace faultline
