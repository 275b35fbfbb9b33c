#include "harness/world/isolation.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

#include "harness/util/fd.hpp"

namespace faultline {
namespace {

// Empty where there is no such sysctl.
std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

Result<void> write_file(const char* path, const std::string& text) {
  const Fd fd(::open(path, O_WRONLY | O_CLOEXEC));
  if (!fd) return fail_errno("opening {}", path);
  if (::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return fail_errno("writing '{}' to {}", text, path);
  return {};
}

// Makes this process root of its new user namespace.
Result<void> map_to_root(uid_t uid, gid_t gid) {
  if (auto done = write_file("/proc/self/setgroups", "deny"); !done) return done;
  if (auto done = write_file("/proc/self/uid_map", fmt::format("0 {} 1", uid)); !done) return done;
  return write_file("/proc/self/gid_map", fmt::format("0 {} 1", gid));
}

Result<void> unshare_all() {
  constexpr int net_and_pid = CLONE_NEWNET | CLONE_NEWPID;
  if (unshare(net_and_pid) == 0) return {};
  if (errno != EPERM)
    return fail_errno("making network and PID namespaces (CONFIG_NET_NS, CONFIG_PID_NS)");
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  // Not in one call with the rest: a kernel that grants a user namespace without capabilities in it
  // (AppArmor) would refuse the whole, and which part it refused could not be told.
  if (unshare(CLONE_NEWUSER) != 0) return fail_errno("making a user namespace as uid {}", uid);
  if (unshare(net_and_pid) != 0)
    return fail_errno("making network and PID namespaces inside a user namespace");
  return map_to_root(uid, gid);
}

[[noreturn]] void be_the_child(const std::function<int()>& body, Fd parent_lives, Fd parents_end) {
  parents_end.reset();
  // Only the parent holds the other end of the pipe: once the death signal is set, an open pipe
  // means that it was still there to be watched.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) _exit(70);
  pollfd pipe{.fd = parent_lives.get(), .events = 0};
  if (poll(&pipe, 1, 0) != 0) _exit(70);
  parent_lives.reset();
  const int code = [&]() noexcept { return body(); }();
  std::fflush(nullptr);
  _exit(code);
}

}  // namespace

std::string isolation_advice() {
  if (first_line("/proc/sys/kernel/unprivileged_userns_clone") == "0")
    return "run as root, or allow user namespaces: sysctl kernel.unprivileged_userns_clone=1";
  for (const char* kind : {"user", "net", "pid"}) {
    const auto name = fmt::format("max_{}_namespaces", kind);
    if (first_line(("/proc/sys/user/" + name).c_str()) == "0")
      return fmt::format("run as root, or allow more namespaces: sysctl user.{}=10000", name);
  }
  if (first_line("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
    return "run as root, or let programs use their user namespaces: "
           "sysctl kernel.apparmor_restrict_unprivileged_userns=0";
  return "run as root; in a container, give it --privileged (or --cap-add SYS_ADMIN,NET_ADMIN, a "
         "seccomp profile that allows unshare, and a writable /proc/sys)";
}

Result<int> run_isolated(const std::function<int()>& body, pid_t parent) {
  if (parent == 0) parent = getppid();
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return fail_errno("asking for a death signal");
  if (getppid() != parent) return fail("the process {} that started this one is gone", parent);
  if (auto done = unshare_all(); !done)
    return fail("{}; {}", done.error().what, isolation_advice());

  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail_errno("making a pipe");
  Fd read_end(ends[0]), write_end(ends[1]);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return fail_errno("starting the first process of a PID namespace");
  if (child == 0) be_the_child(body, std::move(read_end), std::move(write_end));
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return fail_errno("waiting for process {}", child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace faultline
