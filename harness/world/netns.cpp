#include "harness/world/netns.hpp"

#include <fcntl.h>
#include <sched.h>

#include <cstdio>
#include <cstdlib>

namespace faultline {

Result<Fd> current_netns() {
  Fd fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("opening /proc/thread-self/ns/net");
  return fd;
}

Result<Fd> new_netns() {
  auto home = current_netns();
  if (!home) return home;
  if (unshare(CLONE_NEWNET) != 0) return fail_errno("making a network namespace");
  auto made = current_netns();
  if (setns(home->get(), CLONE_NEWNET) != 0)
    return fail_errno("going back to the first network namespace");
  return made;
}

Result<InNamespace> InNamespace::enter(int netns) {
  auto home = current_netns();
  if (!home) return std::unexpected(std::move(home.error()));
  if (setns(netns, CLONE_NEWNET) != 0) return fail_errno("entering a network namespace");
  return InNamespace(std::move(*home));
}

InNamespace::~InNamespace() {
  if (!home_) return;
  if (setns(home_.get(), CLONE_NEWNET) != 0) {
    std::perror("faultline: going back to a network namespace");
    std::abort();
  }
}

}  // namespace faultline
