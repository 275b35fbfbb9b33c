// One at a time, between processes: whoever has the turn and dies has given it back.
#pragma once

#include <pthread.h>

#include <memory>

#include "harness/util/error.hpp"
#include "harness/util/time.hpp"

namespace faultline::remote {

class Turn {
 public:
  // Forks share it.
  [[nodiscard]] static Result<Turn> make();
  // False when it was not this process's within that time. It is kept until the process ends.
  [[nodiscard]] bool take(Nanos within);

 private:
  struct Unmap {
    void operator()(pthread_mutex_t* mutex) const;
  };
  std::unique_ptr<pthread_mutex_t, Unmap> mutex_;
};

}  // namespace faultline::remote
