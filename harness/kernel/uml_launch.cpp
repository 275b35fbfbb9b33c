#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/kernel/launch.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {
namespace fs = std::filesystem;
// Guests share nothing: what a run has of the world's clock must not be in it.
constexpr auto wall_clock_at_boot = "1700000000000000000";
constexpr auto memory = "480M";  // with the kernel's own parts below 512 MB
// Of the sizes that a kernel derives from its memory, and so from where the host lets that begin,
// the one that a trace shows (tcp_ehash_entries): as it is where addresses are not randomized.
constexpr auto tcp_hash_entries = "4096";

// 0, or why a child may not ask to be traced.
int try_traceme() {
  const pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) _exit(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : errno);
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return errno;
  return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;  // a filter may also kill
}

}  // namespace

Result<void> require_ptrace() {
  const int refused = try_traceme();
  if (refused == 0) return {};
  return fail(
      "UML kernels work by ptrace, and that is refused here: {}; in a container allow it by "
      "another seccomp profile (--security-opt seccomp=FILE) or by --cap-add=SYS_PTRACE, elsewhere "
      "by 'sysctl kernel.yama.ptrace_scope=1'; --kernel host does without",
      std::strerror(refused));
}

Result<Launch> uml_launch(const fs::path& kernel, const fs::path& program, const std::string& plan,
                          const fs::path& folder) {
  if (auto may = require_ptrace(); !may) return std::unexpected(may.error());
  const fs::path plan_file = folder / "plan", channel = folder / "channel", init = folder / "init";
  if (auto done = write_file(plan_file, plan); !done) return std::unexpected(done.error());
  if (auto done = write_file(channel, ""); !done) return std::unexpected(done.error());
  std::error_code error;
  fs::create_symlink(program, init, error);  // its own path may have spaces
  if (error) return fail("making {}: {}", init.string(), error.message());
  // Where it keeps its memory and what it remembers: here, whatever the user's own folders allow.
  return Launch{{"/usr/bin/env", "TMPDIR=" + folder.string(), "HOME=" + folder.string(),
                 kernel.string(), fmt::format("mem={}", memory), "root=none", "rootfstype=hostfs",
                 "rootflags=/", "rw", fmt::format("init={}", init.string()), "con=null",
                 "con0=null,fd:1", "quiet", "panic=-1", "time-travel=inf-cpu",
                 fmt::format("time-travel-start={}", wall_clock_at_boot),
                 fmt::format("thash_entries={}", tcp_hash_entries),
                 fmt::format("uml_dir={}", folder.string()), "--", "guest", plan_file.string(),
                 channel.string()},
                channel};
}

}  // namespace faultline
