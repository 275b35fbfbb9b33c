// read_module: what is compressed is unpacked by the machine's own programs, into memory.
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/kernel/modules.hpp"
#include "harness/kernel/tool.hpp"
#include "harness/trace/file.hpp"
#include "harness/util/fd.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_module = size_t{1} << 28;

// What `program -dc file` prints.
Result<std::string> unpacked(const std::string& program, const fs::path& file) {
  if (!have_tool(program))
    return fail("{} cannot be unpacked: there is no {} (apt-get install {})", file.string(),
                program, program == "xz" ? "xz-utils" : program);
  const Fd out(memfd_create("module", MFD_CLOEXEC));
  if (!out) return fail_errno("making room for a module");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string name = program, how = "-dc", what = file.string();
  char* const argv[] = {name.data(), how.data(), what.data(), nullptr};
  pid_t child = 0;
  errno = posix_spawnp(&child, argv[0], &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return fail_errno("starting {}", program);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) return fail("{} cannot unpack {}", program, file.string());
  return read_file(fmt::format("/proc/self/fd/{}", out.get()), most_module);
}

}  // namespace

Result<std::string> read_module(const fs::path& file) {
  const std::string kind = file.extension().string();
  if (kind == ".xz") return unpacked("xz", file);
  if (kind == ".zst") return unpacked("zstd", file);
  if (kind == ".gz") return unpacked("gzip", file);
  return read_file(file, most_module);
}

}  // namespace faultline
