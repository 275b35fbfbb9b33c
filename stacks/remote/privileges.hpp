// What a server keeps of its privileges: none.
#pragma once

#include "harness/util/error.hpp"

namespace faultline::remote {

// This process, and what it starts, can gain no privilege any more and has no capability; as root it
// becomes "nobody" where the user namespace has one. Error: a capability is left.
// REQUIRES: one thread.
[[nodiscard]] Result<void> drop_privileges();

}  // namespace faultline::remote
