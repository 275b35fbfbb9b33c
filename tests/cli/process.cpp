#include "tests/cli/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace faultline::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

[[noreturn]] void be(const std::vector<std::string>& argv, const ProcessOptions& options) {
  if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
  for (const auto& [name, value] : options.env) setenv(name.c_str(), value.c_str(), 1);
  if (options.in_child) options.in_child();
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words[0], words.data());
  _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& argv, const ProcessOptions& options) {
  std::array<int, 2> outs{-1, -1}, errs{-1, -1};
  winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  const bool made = options.terminal ? openpty(&outs[0], &outs[1], nullptr, nullptr, &size) == 0
                                     : pipe(outs.data()) == 0 && pipe(errs.data()) == 0;
  if (!made) throw std::runtime_error("no pipes");
  pid_ = fork();
  if (pid_ == 0) {
    if (options.terminal) {
      if (login_tty(outs[1]) != 0) _exit(126);
    } else {
      setpgid(0, 0);
      dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
      dup2(outs[1], STDOUT_FILENO);
      dup2(errs[1], STDERR_FILENO);
      for (const int fd : {outs[1], errs[0], errs[1]}) close(fd);
    }
    close(outs[0]);
    be(argv, options);
  }
  if (!options.terminal) setpgid(pid_, pid_);
  out_fd_ = outs[0];
  err_fd_ = errs[0];
  close(outs[1]);
  if (errs[1] >= 0) close(errs[1]);
}

Process::~Process() {
  if (!reaped_) {
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (out_fd_ >= 0) close(out_fd_);
  if (err_fd_ >= 0) close(err_fd_);
}

bool Process::read_some(milliseconds within) {
  std::array<pollfd, 2> fds{pollfd{out_fd_, POLLIN, 0}, pollfd{err_fd_, POLLIN, 0}};
  if (out_fd_ < 0 && err_fd_ < 0) return false;
  if (poll(fds.data(), fds.size(), static_cast<int>(within.count())) <= 0) return false;
  const auto take = [](const pollfd& ready, int& fd, std::string& text) {
    if (fd < 0 || ready.revents == 0) return;
    std::array<char, 65536> chunk{};
    const ssize_t size = read(fd, chunk.data(), chunk.size());
    if (size > 0) {
      text.append(chunk.data(), static_cast<size_t>(size));
      return;
    }
    close(fd);  // a terminal whose other side is gone answers EIO
    fd = -1;
  };
  take(fds[0], out_fd_, out);
  take(fds[1], err_fd_, err);
  return true;
}

bool Process::saw(const std::string& text, milliseconds within) {
  const auto until = Clock::now() + within;
  while (out.find(text) == std::string::npos && err.find(text) == std::string::npos) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
    if (left.count() <= 0 || !read_some(left)) return false;
  }
  return true;
}

int Process::wait(milliseconds within) {
  const auto until = Clock::now() + within;
  while (true) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
    if (left.count() <= 0) return -1;
    if (!read_some(left)) break;
  }
  int status = 0;
  const bool ended = eventually(
      [&] { return waitpid(pid_, &status, WNOHANG) == pid_; },
      std::chrono::duration_cast<milliseconds>(until - Clock::now()) + milliseconds(100));
  if (!ended) return -1;
  reaped_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Process::signal(int number) const {
  kill(pid_, number);
}
void Process::signal_group(int number) const {
  kill(-pid_, number);
}

bool eventually(const std::function<bool()>& holds, milliseconds within) {
  const auto until = Clock::now() + within;
  while (!holds()) {
    if (Clock::now() > until) return false;
    usleep(5'000);
  }
  return true;
}

std::vector<pid_t> processes_below(const std::string& folder) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (!std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) continue;
    std::error_code error;
    const std::string program = fs::read_symlink(entry.path() / "exe", error);
    if (!error && program.starts_with(folder)) found.push_back(std::stoi(name));
  }
  return found;
}

}  // namespace faultline::test
