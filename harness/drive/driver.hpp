// The harness's side of the driver protocol (docs/driver-protocol.md): the process that makes the
// socket calls of one end. `DriverPort` is the seam that a run talks to, `DriverProcess` the real
// one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/tcp/segment.hpp"
#include "harness/tcp/state.hpp"
#include "harness/util/error.hpp"
#include "harness/util/time.hpp"

namespace boost::asio {
class io_context;
}

namespace faultline {

// What came of a call. At most one of `error`, `unsupported` and `lost` is set; where none is, the
// call succeeded.
struct Reply {
  std::optional<std::string> error;        // errno's name, "ETIMEDOUT"
  std::optional<std::string> unsupported;  // the stack cannot do this: why
  std::optional<std::string> lost;         // the driver ended before it answered: how
  std::string message;                     // the driver's own words beside an error, or ""
  // An object, never nested: numbers, booleans and strings only. With an error it holds what is
  // known all the same ("bytes" of a send or recv that failed half way).
  nlohmann::json result = nlohmann::json::object();
  // Nanoseconds of CLOCK_MONOTONIC around the socket call. Of a driver whose clock is its own, and
  // of a reply that says none: when the request was sent and when the reply was read.
  Nanos began{}, ended{};

  [[nodiscard]] bool ok() const { return !error && !unsupported && !lost; }
};

class DriverPort {
 public:
  using OnReply = std::function<void(const Reply&)>;
  using OnStarted = std::function<void()>;

  virtual ~DriverPort() = default;

  // Makes a call: `request` holds "call" and its parameters, without an "id". `on_started` comes at
  // most once and never after the reply: the call blocks and is under way (a call that does not
  // block just replies). `on_reply` comes exactly once, unless this object is destroyed before.
  // Neither is called from inside `call`. May be called at any time, also before the driver is
  // ready and after its end (then the reply is `lost`).
  virtual void call(nlohmann::json request, OnReply on_reply, OnStarted on_started) = 0;

  // SIGKILL: the process dies as in a crash. Its end is reported like any other, with `asked` set.
  virtual void kill() = 0;

  [[nodiscard]] virtual bool alive() const = 0;
};

// The driver's first line.
struct DriverHello {
  std::string stack, version;  // "linux", the kernel's release
  bool monotonic = true;       // its stamps are CLOCK_MONOTONIC of this machine
  int pid = 0;
  enum class States : uint8_t { none, events, query } states = States::none;
  int hz = 0;                                 // its kernel's ticks a second; 0: it does not say
  std::map<std::string, std::string> sysctl;  // full names, as far as it tells them
};

// A connection of the driver's stack is in a new state.
struct DriverState {
  Endpoint local, remote;
  TcpState state = TcpState::CLOSED;
};

// How a driver ended, or why it was given up (and killed).
struct DriverEnd {
  bool asked = false;  // by kill(), or it ended with status 0 after an "exit" call
  std::string reason;  // one line: "driver-x was killed by SIGSEGV", "… said no hello within 5s"
  std::vector<std::string> stderr_lines;  // its last words: at most 20 lines of 500 bytes
};

struct DriverCommand {
  std::vector<std::string> argv;  // argv[0]: a path, or a name that is looked up in PATH
  int netns_fd = -1;              // the network namespace that it is put in; -1: this one
  Nanos ready_within = 5s;        // for its hello
  int device_fd = -1;             // becomes its descriptor 3; -1: it has none
  std::vector<std::string> environment;  // "NAME=VALUE", beside this program's own
  // Instead of a program: the child is a fork of this process, which must have no other thread, that
  // runs this on its standard input and output and ends with what it returns. argv[0] is its name.
  std::function<int(int in_fd, int out_fd)> body;
  // The body runs in a thread instead, which costs less than a process and cannot be killed: it ends
  // when its input does, and kill() ends that.
  bool in_thread = false;
};

struct DriverCallbacks {
  std::function<void(const DriverHello&)> on_ready;  // at most once, before any reply
  std::function<void(const DriverState&)> on_state = {};
  std::function<void(const DriverEnd&)> on_end;  // exactly once, after every pending call's reply
};

// A driver as a child process. It dies with the thread that started it (PR_SET_PDEATHSIG) and gets
// no descriptor but its three. A line that is too long, is no reply or event of the protocol,
// answers what was not asked, or a flood of needless events ends it; what it said is quoted,
// shortened. The destructor kills and reaps; no callback comes after it has begun. Everything
// happens in the io_context's thread; a callback may destroy this object.
class DriverProcess final : public DriverPort {
 public:
  // Error: it cannot be started (no such program, no permission, setns refused). `context` must
  // outlive what is returned; `command.netns_fd` is needed during this call only. SIGPIPE is
  // ignored in this program from then on.
  [[nodiscard]] static Result<std::unique_ptr<DriverProcess>> start(
      boost::asio::io_context& context, const DriverCommand& command, DriverCallbacks callbacks);

  DriverProcess(const DriverProcess&) = delete;
  DriverProcess& operator=(const DriverProcess&) = delete;
  ~DriverProcess() override;

  void call(nlohmann::json request, OnReply on_reply, OnStarted on_started = {}) override;
  void kill() override;
  [[nodiscard]] bool alive() const override;
  [[nodiscard]] int pid() const;

 private:
  class Child;
  explicit DriverProcess(std::shared_ptr<Child> child);
  std::shared_ptr<Child> child_;
};

}  // namespace faultline
