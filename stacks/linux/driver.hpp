// The driver of the kernel's own TCP: docs/driver-protocol.md over two descriptors. A library, so
// that it can be the main of a program or of a forked child.
#pragma once

namespace faultline {

// Serves requests from `in_fd` until "exit" or the end of its input; replies go to `out_fd`.
// Returns the exit status: 0, or 1 when nobody reads the replies any more. What is still open is
// then closed as for a crashed process: nothing waits for SO_LINGER. Sets SIGPIPE to be ignored.
// Both descriptors stay the caller's.
int run_linux_driver(int in_fd, int out_fd);

}  // namespace faultline
