#include "harness/kernel/unpack.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/kernel/tool.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {
constexpr size_t most_unpacked = size_t{1} << 28;
}  // namespace

Result<std::string> unpack(const std::string& program, const Fd& packed, const std::string& name) {
  if (!have_tool(program))
    return fail("{} cannot be unpacked: there is no {} (apt-get install {})", name, program,
                program == "xz" ? "xz-utils" : program);
  const Fd out(memfd_create("unpacked", MFD_CLOEXEC));
  if (!out) return fail_errno("making room for {}", name);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, packed.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string what = program, how = "-dc";
  char* const argv[] = {what.data(), how.data(), nullptr};
  pid_t child = 0;
  errno = posix_spawnp(&child, argv[0], &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return fail_errno("starting {}", program);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) return fail("{} cannot unpack {}", program, name);
  return read_file(fmt::format("/proc/self/fd/{}", out.get()), most_unpacked);
}

}  // namespace faultline
