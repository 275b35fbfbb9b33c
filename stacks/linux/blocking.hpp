// The calls that may block, each as something that is tried again whenever its socket is ready.
#pragma once

#include <poll.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "stacks/linux/answer.hpp"
#include "stacks/linux/request.hpp"
#include "stacks/linux/sockets.hpp"

namespace faultline::linux_driver {

class BlockingCall {
 public:
  BlockingCall(int fd, short events) : fd_(fd), events_(events) {}
  BlockingCall(const BlockingCall&) = delete;
  BlockingCall& operator=(const BlockingCall&) = delete;
  virtual ~BlockingCall() = default;

  // Goes on as far as it can without waiting, but no longer than a fair share; nothing: try again
  // when fd() is ready for events(). `scratch` is anybody's between two calls. Not called again
  // after an answer.
  [[nodiscard]] virtual std::optional<Answer> attempt(std::span<std::byte> scratch) = 0;
  // The answer where the socket is closed underneath: ECANCELED, with what was done until then.
  [[nodiscard]] Answer cancel();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] short events() const { return events_; }

 protected:
  // Stamps the beginning; only the first time counts.
  void begin();
  [[nodiscard]] Answer succeed();
  [[nodiscard]] Answer fail(int error, const char* what);

  nlohmann::json result_ = nlohmann::json::object();

 private:
  int fd_;
  short events_;
  int64_t began_ = 0;
};

// Each reads its parameters from `request` and leaves a refusal there where they are wrong (what is
// returned is then of no use).
[[nodiscard]] std::unique_ptr<BlockingCall> make_connect(const Socket& socket, Request& request);
[[nodiscard]] std::unique_ptr<BlockingCall> make_send(const Socket& socket, Request& request);
[[nodiscard]] std::unique_ptr<BlockingCall> make_recv(const Socket& socket, Request& request);
// Reserves `name` in `sockets`, which must outlive it, and puts the new socket there, or gives the
// name up.
[[nodiscard]] std::unique_ptr<BlockingCall> make_accept(const Socket& listener,
                                                        const std::string& name, Sockets& sockets);

}  // namespace faultline::linux_driver
