// The calls of the protocol on the driver's sockets.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stacks/linux/answer.hpp"
#include "stacks/linux/blocking.hpp"
#include "stacks/linux/closer.hpp"
#include "stacks/linux/request.hpp"
#include "stacks/linux/sockets.hpp"

namespace faultline::linux_driver {

// A call that is under way.
struct Pending {
  uint64_t id;
  std::string call, socket;
  std::unique_ptr<BlockingCall> work;
};

class Calls {
 public:
  struct Answered {
    uint64_t id;
    Answer answer;
  };

  Calls();

  // Makes a call. Nothing: it is under way; its answer comes from go_on() or from closed().
  [[nodiscard]] std::optional<Answer> make(uint64_t id, const std::string& call, Request& request);
  // Answers that a call has brought about beside its own: those of the calls that it cut short.
  [[nodiscard]] std::vector<Answered> take_cut_short();

  [[nodiscard]] const std::list<Pending>& pending() const { return pending_; }
  // Tries those again whose index in pending() is marked in `ready`.
  [[nodiscard]] std::vector<Answered> go_on(const std::vector<bool>& ready);

  [[nodiscard]] int closer_fd() const { return closer_.ready_fd(); }
  [[nodiscard]] std::vector<Closer::Closed> closed() { return closer_.take(); }

 private:
  [[nodiscard]] Answer socket(Request& request);
  [[nodiscard]] Answer bind(Request& request);
  [[nodiscard]] Answer listen(Request& request);
  [[nodiscard]] Answer shutdown(Request& request);
  [[nodiscard]] std::optional<Answer> close(uint64_t id, Request& request);
  [[nodiscard]] Answer abort(Request& request);
  [[nodiscard]] Answer setsockopt(Request& request);
  [[nodiscard]] Answer getsockopt(Request& request);
  [[nodiscard]] std::optional<Answer> connect(uint64_t id, Request& request);
  [[nodiscard]] std::optional<Answer> accept(uint64_t id, Request& request);
  [[nodiscard]] std::optional<Answer> stream(uint64_t id, const std::string& call,
                                             Request& request);

  [[nodiscard]] std::optional<Answer> start(Pending pending);
  [[nodiscard]] bool busy(const std::string& call, const std::string& socket) const;
  void cut_short(const std::string& socket);

  Sockets sockets_;
  std::list<Pending> pending_;  // of sockets_, which must outlive it
  Closer closer_;
  std::vector<Answered> cut_short_;
  std::vector<std::byte> scratch_;
};

}  // namespace faultline::linux_driver
