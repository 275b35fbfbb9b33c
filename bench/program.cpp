#include "bench/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

namespace faultline::bench {

Result<pid_t> start_run(std::vector<std::string> arguments) {
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  arguments.insert(arguments.begin(), {here / "faultline", "run"});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  errno = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return fail_errno("starting {}", argv[0]);
  return pid;
}

}  // namespace faultline::bench
