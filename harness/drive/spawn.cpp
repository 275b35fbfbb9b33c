#include "harness/drive/spawn.hpp"

#include "harness/drive/protocol.hpp"
#include "harness/util/environment.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/process/v2/process.hpp>
#include <csignal>
#include <cstring>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

namespace faultline::drive {
namespace {

namespace v2 = boost::process::v2;
using boost::system::error_code;

// In the child. False: errno says why not.
bool set_up_child(int netns_fd) {
  sigset_t none;
  sigemptyset(&none);
  return (netns_fd < 0 || setns(netns_fd, CLONE_NEWNET) == 0) &&
         prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && sigprocmask(SIG_SETMASK, &none, nullptr) == 0 &&
         signal(SIGPIPE, SIG_DFL) != SIG_ERR;
}

// What the child is to be, ready before it is there.
struct Image {
  const char* program;
  char* const* arguments;
  char* const* environment;
  const std::array<int, 3>& pipes;
  int netns_fd, device_fd;
};

// The parent has kept the number free.
bool pass_device(int device_fd) {
  if (device_fd == protocol::device) return fcntl(device_fd, F_SETFD, 0) == 0;
  return device_fd < 0 || dup2(device_fd, protocol::device) >= 0;
}

// Comes back where it could not be done; errno says why.
void become(const Image& image) {
  for (int fd = 0; fd < 3; ++fd)
    if (dup2(image.pipes[static_cast<size_t>(fd)], fd) < 0) return;
  const unsigned first = image.device_fd < 0 ? protocol::device : protocol::device + 1;
  if (!set_up_child(image.netns_fd) || !pass_device(image.device_fd) ||
      close_range(first, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
    return;
  execve(image.program, image.arguments, image.environment);
}

// 0, or what the child could not do. Until it is another program it runs in this one's memory, on this
// thread's stack, while this thread waits: that is how it tells, and no page table is copied.
int start_image(const Image& image, pid_t& child) {
  volatile int why = 0;
  child = vfork();
  if (child < 0) return errno;
  if (child == 0) {
    become(image);
    why = errno;
    _exit(127);
  }
  if (why != 0) waitpid(child, nullptr, 0);
  return why;
}

std::vector<std::string> environment_of(const DriverCommand& command) {
  std::vector<std::string> all = command.environment;
  for (char** variable = environ; *variable != nullptr; ++variable) all.emplace_back(*variable);
  return all;
}

// As execve takes them. `texts` must outlive the list.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// One pipe, both ends close-on-exec and none of them a standard descriptor: a dup2 onto itself would
// leave it close-on-exec.
bool make_pipe(Fd& read_end, Fd& write_end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return false;
  const Fd low_read(ends[0]), low_write(ends[1]);
  read_end.reset(fcntl(ends[0], F_DUPFD_CLOEXEC, 3));
  write_end.reset(fcntl(ends[1], F_DUPFD_CLOEXEC, 3));
  return read_end && write_end;
}

[[noreturn]] void be_the_body(const DriverCommand& command, const std::array<int, 3>& pipes) {
  for (int fd = 0; fd < 3; ++fd)
    if (dup2(pipes[static_cast<size_t>(fd)], fd) < 0) _exit(127);
  if (!set_up_child(command.netns_fd) || close_range(3, ~0U, 0) != 0) _exit(127);
  _exit(command.body(STDIN_FILENO, STDOUT_FILENO));
}

// A fork that runs the body.
Result<v2::process> fork_body(boost::asio::any_io_executor executor, const DriverCommand& command,
                              const std::array<int, 3>& pipes) {
  const pid_t child = fork();
  if (child < 0) return fail_errno("cannot start {}", command.argv.front());
  if (child == 0) be_the_body(command, pipes);
  return v2::process(std::move(executor), child);
}

}  // namespace

// A child, whatever it is made of: killed and reaped when it is destroyed.
struct ChildProcess::State {
  // `ended_fd` is readable when the child has ended.
  State(const boost::asio::any_io_executor& executor, int ended_fd) : ended(executor, ended_fd) {}
  virtual ~State() = default;
  virtual void kill() = 0;
  [[nodiscard]] virtual int pid() const = 0;
  // Its status, if it has ended.
  virtual std::optional<int> reap() = 0;
  void wait();

  boost::asio::posix::stream_descriptor ended;
  std::function<void(int status)> on_exit;
  bool reaped = false;
};

namespace {

class Process final : public ChildProcess::State {
 public:
  explicit Process(v2::process started)
      : State(started.get_executor(), static_cast<int>(syscall(SYS_pidfd_open, started.id(), 0))),
        process_(std::move(started)) {}
  ~Process() override {
    if (!reaped) return;
    // Its number may belong to another process by now.
    try {
      (void)process_.detach();
    } catch (...) {
    }
  }
  void kill() override {
    error_code ignored;
    process_.terminate(ignored);
  }
  int pid() const override { return process_.id(); }
  std::optional<int> reap() override {
    int status = 0;
    if (waitpid(process_.id(), &status, WNOHANG) <= 0) return {};
    return status;
  }

 private:
  v2::process process_;
};

class Thread final : public ChildProcess::State {
 public:
  Thread(const boost::asio::any_io_executor& executor, const DriverCommand& command, Fd netns,
         Fd input, Fd output, Fd ended_read, Fd ended_write)
      : State(executor, ended_read.release()), input_(std::move(input)) {
    thread_ = std::jthread([this, body = command.body, netns = std::move(netns),
                            output = std::move(output), told = std::move(ended_write)]() mutable {
      const bool moved = !netns || setns(netns.get(), CLONE_NEWNET) == 0;
      status_ = (moved ? body(input_.get(), output.get()) : 127) << 8;
      output.reset();
      told.reset();
    });
  }
  ~Thread() override { kill(); }
  // Its input is a socket, which can be ended from here.
  void kill() override { shutdown(input_.get(), SHUT_RDWR); }
  int pid() const override { return getpid(); }
  std::optional<int> reap() override {
    thread_.join();
    return status_;
  }

 private:
  Fd input_;
  int status_ = 0;  // as waitpid gives it
  std::jthread thread_;
};

// A thread that runs the body.
Result<std::unique_ptr<ChildProcess::State>> start_thread(
    const boost::asio::any_io_executor& executor, const DriverCommand& command, ChildPipes& pipes) {
  int both[2];
  Fd output, ended_read, ended_write, error_write;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0 ||
      !make_pipe(pipes.out, output) || !make_pipe(pipes.err, error_write) ||
      !make_pipe(ended_read, ended_write))
    return fail_errno("cannot start {}: making its pipes", command.argv.front());
  Fd input(both[0]);
  pipes.in.reset(both[1]);
  Fd netns;
  if (command.netns_fd >= 0) netns.reset(fcntl(command.netns_fd, F_DUPFD_CLOEXEC, 3));
  return std::make_unique<Thread>(executor, command, std::move(netns), std::move(input),
                                  std::move(output), std::move(ended_read),
                                  std::move(ended_write));
}

}  // namespace

// Not by the library's own wait: that waits for the process, with the loop at a stand, when the
// loop says too early that it has ended. Asio does so when a descriptor is closed and another
// opened while an event of the first is under way.
void ChildProcess::State::wait() {
  ended.async_wait(boost::asio::posix::descriptor_base::wait_read, [this](error_code error) {
    if (error) return;
    const auto status = reap();
    if (!status) return wait();
    reaped = true;
    std::exchange(on_exit, {})(*status);  // may destroy this
  });
}

// The library's own search needs a compiled Boost.Filesystem.
Result<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const std::string path = environment_variable("PATH");
  std::istringstream folders(path.empty() ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string program = (folder.empty() ? "." : folder) + "/" + name;
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return fail("cannot start {}: no such program in PATH", name);
}

Result<ChildProcess> ChildProcess::start(boost::asio::any_io_executor executor,
                                         const DriverCommand& command, ChildPipes& pipes) {
  if (command.argv.empty()) return fail("cannot start a driver without a command");
  const std::string& name = command.argv.front();
  if (command.body && command.in_thread) {
    auto thread = start_thread(executor, command, pipes);
    if (!thread) return std::unexpected(thread.error());
    return ChildProcess(std::move(*thread));
  }
  Fd child_in, child_out, child_err;
  if (!make_pipe(child_in, pipes.in) || !make_pipe(pipes.out, child_out) ||
      !make_pipe(pipes.err, child_err)) {
    return fail_errno("cannot start {}: making its pipes", name);
  }
  const std::array child_pipes{child_in.get(), child_out.get(), child_err.get()};
  if (command.body) {
    auto process = fork_body(std::move(executor), command, child_pipes);
    if (!process) return std::unexpected(process.error());
    return ChildProcess(std::make_unique<Process>(std::move(*process)));
  }
  Result<std::string> program = find_program(name);
  if (!program) return std::unexpected(program.error());
  std::vector<std::string> arguments = command.argv, environment = environment_of(command);
  // Nothing that is opened meanwhile has the number that the device gets in the child.
  const Fd taken(fcntl(child_in.get(), F_DUPFD_CLOEXEC, protocol::device));
  pid_t child = -1;
  const int why = start_image({.program = program->c_str(),
                               .arguments = pointers_to(arguments).data(),
                               .environment = pointers_to(environment).data(),
                               .pipes = child_pipes,
                               .netns_fd = command.netns_fd,
                               .device_fd = command.device_fd},
                              child);
  if (why != 0) return fail("cannot start {}: {}", name, std::strerror(why));
  return ChildProcess(std::make_unique<Process>(v2::process(std::move(executor), child)));
}

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;

ChildProcess::~ChildProcess() = default;

int ChildProcess::pid() const {
  return state_->pid();
}

bool ChildProcess::running() const {
  return !state_->reaped;
}

void ChildProcess::kill() {
  if (!state_->reaped) state_->kill();
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
