// Names of files for results.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

// A relative path for each result, without an ending: "handshake/syn-lost-63s.ipv4.lwip". Each is
// another, also to file systems that do not tell capitals from small letters; they hold letters,
// digits and "-_.+@" only, so that they need no escaping anywhere, never lead out of their folder
// and depend on nothing but the results.
[[nodiscard]] std::vector<std::string> file_names(const std::vector<CaseResult>& results);

}  // namespace faultline
