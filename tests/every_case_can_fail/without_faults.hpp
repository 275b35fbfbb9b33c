// A case as it would be if nothing were broken.
#pragma once

#include <string>

#include "harness/util/error.hpp"

namespace faultline::test {

// The case's text without its rules and without what its steps do to the link, for the first of its
// families alone. "" where it has neither.
[[nodiscard]] Result<std::string> without_faults(const std::string& text);

}  // namespace faultline::test
