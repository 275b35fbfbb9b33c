#include "harness/run/pause_watch.hpp"

#include <sched.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>

#include "harness/world/probe.hpp"

namespace faultline {
namespace {

constexpr size_t most_pauses = 100'000;

using std::chrono::duration_cast;

Nanos now() { return std::chrono::steady_clock::now().time_since_epoch(); }

std::vector<int> processors() {
  cpu_set_t allowed;
  std::vector<int> all;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return all;
  for (int one = 0; one < CPU_SETSIZE; ++one)
    if (CPU_ISSET(one, &allowed)) all.push_back(one);
  return all;
}

void stay_on(int processor) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(processor, &one);
  (void)sched_setaffinity(0, sizeof one, &one);  // one that went offline meanwhile is not watched
}

// A timeout in whole jiffies, rounded up (net/core/sock.c, sock_set_timeout), and the one that the
// wheel adds so that no timer is early.
Nanos longest_ordinary_sleep() {
  const Nanos jiffy = Nanos(1s) / kernel_hz();
  return ((PauseWatch::interval + jiffy - 1ns) / jiffy + 1) * jiffy;
}

}  // namespace

PauseWatch::PauseWatch() {
  const timeval timeout{.tv_sec = 0, .tv_usec = duration_cast<std::chrono::microseconds>(interval).count()};
  for (const int processor : processors()) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
    Fd bed(ends[0]), bell(ends[1]);
    if (setsockopt(bed.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0) return;
    const int fd = bed.get();
    posts_.push_back({std::move(bed), std::move(bell),
                      std::thread([this, fd, processor] { watch(fd, processor); })});
  }
}

PauseWatch::~PauseWatch() {
  for (Post& post : posts_) post.bell.reset();
  for (Post& post : posts_) {
    shutdown(post.bed.get(), SHUT_RDWR);
    post.thread.join();
  }
}

void PauseWatch::watch(int bed, int processor) {
  stay_on(processor);
  const Nanos ordinary = longest_ordinary_sleep();
  char bell = 0;
  while (true) {
    const Nanos asleep = now();
    const ssize_t rang = recv(bed, &bell, 1, 0);
    const bool timed_out = rang < 0 && (errno == EAGAIN || errno == EINTR);
    if (!timed_out) return;
    const Nanos awake = now();
    const Nanos late = awake - asleep - ordinary;
    if (late <= noticeable) continue;
    const std::lock_guard lock(mutex_);
    pauses_.push_back({awake, late});
    if (pauses_.size() > most_pauses) pauses_.pop_front();
  }
}

std::vector<Pause> PauseWatch::between(Nanos from, Nanos to) const {
  const std::lock_guard lock(mutex_);
  std::vector<Pause> found;
  for (const Pause& pause : pauses_)
    if (pause.end >= from && pause.end - pause.length <= to) found.push_back(pause);
  return found;
}

}  // namespace faultline
