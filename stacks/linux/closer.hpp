// Closing sockets whose close() waits (SO_LINGER), each in a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "stacks/linux/answer.hpp"

namespace faultline::linux_driver {

class Closer {
 public:
  struct Closed {
    uint64_t id;
    Answer answer;
  };

  Closer();

  // Begins to close `fd`; the answer to call `id` comes through take(). False where no thread can
  // be made: `fd` is still open. The thread outlives this object where it must.
  [[nodiscard]] bool close_in_thread(uint64_t id, int fd);
  // Readable as soon as take() has something; -1 where the kernel gave none (then nothing is closed
  // in threads).
  [[nodiscard]] int ready_fd() const;
  [[nodiscard]] std::vector<Closed> take();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace faultline::linux_driver
