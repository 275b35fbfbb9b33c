// Which cases mean anything to a stack.
#pragma once

#include <string>

#include "harness/case/case.hpp"
#include "harness/stack/stack.hpp"

namespace faultline {

// Why the case cannot be held against `stack` at that end, as a clause; "" where it can. What the
// driver cannot do shows in the run as well; this is what is known without it.
[[nodiscard]] std::string unsupported_reason(const Case& the_case, const Stack& stack, End end);

// Why the case needs more at that end than a service that listens, accepts and is not told what to do;
// "" where it does not.
[[nodiscard]] std::string needs_driver(const Case& the_case, End end);

}  // namespace faultline
