// A child process on pipes. The only place that sees Boost.Process, whose headers are slow to
// compile.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "harness/drive/driver.hpp"
#include "harness/util/fd.hpp"

namespace faultline::drive {

// The harness's ends of a child's pipes, close-on-exec.
struct ChildPipes {
  Fd in, out, err;
};

// A started child. Destroying it kills it with SIGKILL and reaps it.
class ChildProcess {
 public:
  // Starts `command` with nothing but its three pipes: in its network namespace, with an empty
  // signal mask, to die with the calling thread. Error: what could not be done, naming the program.
  [[nodiscard]] static Result<ChildProcess> start(boost::asio::any_io_executor executor,
                                                  const DriverCommand& command, ChildPipes& pipes);

  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  ~ChildProcess();

  [[nodiscard]] int pid() const;
  // Whether it has not been reaped.
  [[nodiscard]] bool running() const;
  void kill();
  // Calls back once, with its status as waitpid gives it, when it has been reaped. REQUIRES: this
  // object stays where it is until then, or is destroyed.
  void wait(std::function<void(int status)> on_exit);

  struct State;

 private:
  explicit ChildProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Where a program is: as execvp would look for it. Error: no such program in PATH.
[[nodiscard]] Result<std::string> find_program(const std::string& name);

// "ended with status 3", "was killed by SIGSEGV"
[[nodiscard]] std::string describe_status(int status);

}  // namespace faultline::drive
