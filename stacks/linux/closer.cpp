#include "stacks/linux/closer.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace faultline::linux_driver {

struct Closer::Shared {
  Shared() : ready(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() {
    if (ready >= 0) ::close(ready);
  }

  int ready;
  std::mutex mutex;
  std::vector<Closed> closed;
};

Closer::Closer() : shared_(std::make_shared<Shared>()) {}

bool Closer::close_in_thread(uint64_t id, int fd) {
  if (shared_->ready < 0) return false;
  try {
    std::thread([shared = shared_, id, fd] {
      Answer answer = stamped("close", [fd] { return ::close(fd); });
      const std::scoped_lock lock(shared->mutex);
      shared->closed.push_back({id, std::move(answer)});
      (void)eventfd_write(shared->ready, 1);
    }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

int Closer::ready_fd() const {
  return shared_->ready;
}

std::vector<Closer::Closed> Closer::take() {
  eventfd_t count = 0;
  (void)eventfd_read(shared_->ready, &count);
  const std::scoped_lock lock(shared_->mutex);
  return std::exchange(shared_->closed, {});
}

}  // namespace faultline::linux_driver
