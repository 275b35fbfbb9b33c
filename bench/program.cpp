#include "bench/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "harness/util/clock.hpp"

namespace faultline::bench {
namespace {

Nanos nanos(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

// Of the children that have been waited for, and theirs.
Nanos cpu_of_children() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return nanos(usage.ru_utime) + nanos(usage.ru_stime);
}

}  // namespace

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

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "bench-XXXXXX";
  if (!mkdtemp(name.data())) throw std::runtime_error("no folder " + name);
  path_ = name;
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Result<Run> run_to_end(std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  const auto report = folder.path() / "report.json";
  arguments.insert(arguments.end(), {"--out", folder.path(), "--report=json=" + report.string()});
  // A guest's processes die with its kernel, which does not wait for them: they come to this one.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const Nanos began = monotonic_now(), cpu_before = cpu_of_children();
  const auto program = start_run(std::move(arguments));
  if (!program) return std::unexpected(program.error());
  waitpid(*program, nullptr, 0);
  const Nanos wall = monotonic_now() - began;
  while (wait(nullptr) > 0 || errno == EINTR) {
  }
  std::ifstream file(report);
  auto results = nlohmann::json::parse(file, nullptr, false);
  if (results.is_discarded()) return fail("the run left no report");
  return Run{wall, cpu_of_children() - cpu_before, std::move(results)};
}

}  // namespace faultline::bench
