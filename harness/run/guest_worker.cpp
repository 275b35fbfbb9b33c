#include "harness/run/guest_worker.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

namespace faultline {
namespace {

template <typename T>
std::optional<T> receive(int socket) {
  T value{};
  ssize_t got = 0;
  do got = recv(socket, &value, sizeof value, 0);
  while (got < 0 && errno == EINTR);
  if (got != sizeof value) return {};
  return value;
}

template <typename T>
bool say(int socket, T value) {
  return send(socket, &value, sizeof value, MSG_NOSIGNAL) == sizeof value;
}

[[noreturn]] void play_all(int socket, const std::function<int(size_t)>& play) {
  while (const auto job = receive<size_t>(socket)) {
    const int code = play(*job);
    std::fflush(nullptr);
    if (!say(socket, code)) break;
  }
  _exit(0);
}

}  // namespace

Result<GuestWorker> GuestWorker::start(const std::function<int(size_t)>& play) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fail_errno("making a socket pair for a worker");
  Fd ours(ends[0]), theirs(ends[1]);
  const pid_t pid = fork();
  if (pid < 0) return fail_errno("starting a worker");
  if (pid == 0) {
    ours.reset();
    play_all(theirs.get(), play);
  }
  return GuestWorker(pid, std::move(ours));
}

GuestWorker& GuestWorker::operator=(GuestWorker&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(socket_, other.socket_);
  return *this;
}

GuestWorker::~GuestWorker() {
  if (pid_ > 0) end();
}

void GuestWorker::give(size_t job) {
  (void)say(socket_.get(), job);  // one that is gone is noticed when its result is asked for
}

std::optional<int> GuestWorker::result() {
  return receive<int>(socket_.get());
}

int GuestWorker::end() {
  int status = 0;
  kill(pid_, SIGKILL);
  waitpid(std::exchange(pid_, -1), &status, 0);
  return status;
}

}  // namespace faultline
