#include "harness/drive/spawn.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace faultline::drive {
namespace {

namespace v2 = boost::process::v2;
using boost::system::error_code;
using Launcher = v2::posix::default_launcher;

// Runs in the child, between fork and exec.
struct ChildSetup {
  int netns_fd;

  error_code on_exec_setup(Launcher&, const v2::filesystem::path&, const char* const*) const {
    sigset_t none;
    sigemptyset(&none);
    // The launcher's own closing leaves out what lies below its pipe.
    const bool done =
        (netns_fd < 0 || setns(netns_fd, CLONE_NEWNET) == 0) &&
        prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && sigprocmask(SIG_SETMASK, &none, nullptr) == 0 &&
        signal(SIGPIPE, SIG_DFL) != SIG_ERR && close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
    return done ? error_code{} : error_code(errno, boost::system::system_category());
  }

  // Without it the launcher calls exit(), which would run this program's exit handlers in the
  // child. It looks for the five parameters and calls with four.
  void on_exec_error(Launcher&, const v2::filesystem::path&, const char* const*,
                     const error_code&) const {
    _exit(127);
  }
  void on_exec_error(Launcher&, const error_code&, const v2::filesystem::path&, const char* const*,
                     const error_code&) const {
    _exit(127);
  }
};

// One pipe, both ends close-on-exec and none of them a standard descriptor: the launcher's dup2
// onto itself would leave it close-on-exec.
bool make_pipe(Fd& read_end, Fd& write_end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return false;
  const Fd low_read(ends[0]), low_write(ends[1]);
  read_end.reset(fcntl(ends[0], F_DUPFD_CLOEXEC, 3));
  write_end.reset(fcntl(ends[1], F_DUPFD_CLOEXEC, 3));
  return read_end && write_end;
}

// As execvp would; the launcher needs a path. (The library's own search needs a compiled
// Boost.Filesystem.)
Result<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string program = (folder.empty() ? "." : folder) + "/" + name;
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return fail("cannot start {}: no such program in PATH", name);
}

}  // namespace

struct ChildProcess::State {
  explicit State(v2::process started)
      : process(std::move(started)),
        exit(process.get_executor(), static_cast<int>(syscall(SYS_pidfd_open, process.id(), 0))) {}
  void wait();

  v2::process process;
  boost::asio::posix::stream_descriptor exit;  // readable when the process has ended
  std::function<void(int status)> on_exit;
  bool reaped = false;
};

// Not by the library's own wait: that waits for the process, with the loop at a stand, when the
// loop says too early that it has ended. Asio does so when a descriptor is closed and another
// opened while an event of the first is under way.
void ChildProcess::State::wait() {
  exit.async_wait(boost::asio::posix::descriptor_base::wait_read, [this](error_code error) {
    if (error) return;
    int status = 0;
    const pid_t ended = waitpid(process.id(), &status, WNOHANG);
    if (ended <= 0) return wait();
    reaped = true;
    std::exchange(on_exit, {})(status);  // may destroy this
  });
}

Result<ChildProcess> ChildProcess::start(boost::asio::any_io_executor executor,
                                         const DriverCommand& command, ChildPipes& pipes) {
  if (command.argv.empty()) return fail("cannot start a driver without a command");
  const std::string& name = command.argv.front();
  Fd child_in, child_out, child_err;
  if (!make_pipe(child_in, pipes.in) || !make_pipe(pipes.out, child_out) ||
      !make_pipe(pipes.err, child_err)) {
    return fail_errno("cannot start {}: making its pipes", name);
  }
  Result<std::string> program = find_program(name);
  if (!program) return std::unexpected(program.error());
  const std::vector<std::string> arguments(command.argv.begin() + 1, command.argv.end());
  Launcher launcher;
  try {
    error_code error;
    v2::process process =
        launcher(std::move(executor), error, *program, arguments, ChildSetup{command.netns_fd},
                 v2::process_stdio{child_in.get(), child_out.get(), child_err.get()});
    if (!error) return ChildProcess(std::make_unique<State>(std::move(process)));
    if (launcher.pid > 0) waitpid(launcher.pid, nullptr, 0);  // the launcher does not
    return fail("cannot start {}: {}", name, error.message());
  } catch (const boost::system::system_error& error) {
    return fail("cannot start {}: {}", name, error.code().message());
  }
}

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;

ChildProcess::~ChildProcess() {
  if (state_ == nullptr || !state_->reaped) return;
  // Its number may belong to another process by now.
  try {
    (void)state_->process.detach();
  } catch (...) {
  }
}

int ChildProcess::pid() const {
  return state_->process.id();
}

bool ChildProcess::running() const {
  return !state_->reaped;
}

void ChildProcess::kill() {
  error_code ignored;
  if (!state_->reaped) state_->process.terminate(ignored);
}

void ChildProcess::wait(std::function<void(int status)> on_exit) {
  state_->on_exit = std::move(on_exit);
  state_->wait();
}

std::string describe_status(int status) {
  if (!WIFSIGNALED(status)) return fmt::format("ended with status {}", WEXITSTATUS(status));
  const char* name = sigabbrev_np(WTERMSIG(status));
  if (name == nullptr) return fmt::format("was killed by signal {}", WTERMSIG(status));
  return fmt::format("was killed by SIG{}", name);
}

}  // namespace faultline::drive
