#include "stacks/remote/turn.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <ctime>

namespace faultline::remote {

Result<Turn> Turn::make() {
  void* shared = mmap(nullptr, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return fail_errno("sharing a page between processes");
  Turn turn;
  turn.mutex_.reset(static_cast<pthread_mutex_t*>(shared));
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(turn.mutex_.get(), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return turn;
}

bool Turn::take(Nanos within) {
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  const Nanos when = std::chrono::seconds(until.tv_sec) + Nanos(until.tv_nsec) + within;
  until = {.tv_sec = when / 1s, .tv_nsec = (when % 1s).count()};
  const int error = pthread_mutex_clocklock(mutex_.get(), CLOCK_MONOTONIC, &until);
  if (error == EOWNERDEAD) pthread_mutex_consistent(mutex_.get());
  return error == 0 || error == EOWNERDEAD;
}

void Turn::Unmap::operator()(pthread_mutex_t* mutex) const {
  munmap(mutex, sizeof *mutex);
}

}  // namespace faultline::remote
