// What a worker process does first (DESIGN D1): it moves into namespaces of its own. As root with
// CAP_SYS_ADMIN these are a network and a PID namespace; anybody else gets a user namespace
// first, in which it is root (its own uid and gid are mapped to 0, setgroups is denied).
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "harness/util/error.hpp"

namespace faultline {

// Runs `body` as PID 1 of a new PID namespace, in a new network namespace, and returns its exit
// code, or 128 + the signal that ended it. The calling process only waits.
//
// Nothing outlives anybody: this process gets SIGKILL when `parent` ends, `body` gets it when this
// process does, and the kernel kills what is left in the PID namespace when `body` ends.
// `parent` is the process that started this one; 0: whoever it is now. A parent that is gone
// already is an Error.
//
// An Error means that the kernel refused, and says what to do about it; `body` was not run. The
// caller ends with exit code 77.
//
// REQUIRES: this process has one thread, and does nothing afterwards but end: it stays in the new
// network namespace and cannot fork again. (The kernel sends the death signal when the *thread*
// that forked ends, so the parent's thread must live as long as the parent.) `body` runs in a fork:
// what it leaves in stdio buffers is flushed, destructors of the caller's objects and atexit
// handlers do not run. As PID 1 it ignores signals that it has no handler for, and it must reap
// what it inherits. An exception that leaves `body` ends it.
[[nodiscard]] Result<int> run_isolated(const std::function<int()>& body, pid_t parent = 0);

// What to do where namespaces are refused, from the settings that this machine has.
[[nodiscard]] std::string isolation_advice();

}  // namespace faultline
