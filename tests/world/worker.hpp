// Tests that make namespaces do it in a forked child, as a worker does.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <functional>

namespace faultline::test {

// An account that is not root's.
inline constexpr uid_t nobody = 65534;

// Runs `body` in namespaces of its own, as the user `uid`; where this is not root, as whoever it
// is. Its EXPECTs and ASSERTs count in the calling test; where the machine allows no namespaces,
// the test is skipped.
void as_worker(const std::function<void()>& body, uid_t uid = geteuid());

}  // namespace faultline::test
