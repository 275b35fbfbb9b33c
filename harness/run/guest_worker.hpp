// A process of a guest that plays jobs, one after the other. Starting a process costs milliseconds
// in a guest, most of them for the memory that it touches for the first time; so it plays many.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <utility>

#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"

namespace faultline {

class GuestWorker {
 public:
  // `play` is called in the process with the number of each job that it is given, and returns 0 or
  // what a process exits with that failed.
  [[nodiscard]] static Result<GuestWorker> start(const std::function<int(size_t job)>& play);
  GuestWorker(GuestWorker&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), socket_(std::move(other.socket_)) {}
  GuestWorker& operator=(GuestWorker&& other) noexcept;
  ~GuestWorker();  // kills it

  // REQUIRES: the job before is over.
  void give(size_t job);
  // Readable when the job is over or the process has ended.
  [[nodiscard]] int fd() const { return socket_.get(); }
  // What `play` returned; nothing where the process ended in the middle of it.
  [[nodiscard]] std::optional<int> result();
  // Kills it where it still runs; as waitpid() tells it. Nothing else may be called afterwards.
  int end();

 private:
  GuestWorker(pid_t pid, Fd socket) : pid_(pid), socket_(std::move(socket)) {}
  pid_t pid_ = -1;
  Fd socket_;
};

}  // namespace faultline
