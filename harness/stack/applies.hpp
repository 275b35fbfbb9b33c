// Which cases mean anything to a stack.
#pragma once

#include <string>

#include "harness/case/case.hpp"
#include "harness/stack/stack.hpp"

namespace faultline {

// Why the case cannot be held against `stack` at that end, as a clause; "" where it can. What the
// driver cannot do shows in the run as well; this is what is known without it.
[[nodiscard]] std::string unsupported_reason(const Case& the_case, const Stack& stack, End end);

}  // namespace faultline
