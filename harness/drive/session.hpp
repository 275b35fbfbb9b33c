// One conversation with a driver, without any input or output: which calls are open, what a line
// means for them, and when the driver has broken the protocol.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "harness/drive/driver.hpp"
#include "harness/drive/messages.hpp"

namespace faultline::drive {

// Events that answer nothing, before it counts as a flood.
inline constexpr uint64_t most_needless_events = 10000;
// Stamps may lie outside of the harness's own by so much: clocks of two processors.
inline constexpr Nanos stamp_slack = 1ms;

class Session {
 public:
  explicit Session(DriverCallbacks callbacks) : callbacks_(std::move(callbacks)) {}

  // Opens a call and returns its line, with newline. Error: the request is longer than a line may
  // be (the call is not opened).
  [[nodiscard]] Result<std::string> open(nlohmann::json request, DriverPort::OnReply on_reply,
                                         DriverPort::OnStarted on_started, Nanos now);

  // Takes a line, read at `now`, and makes the callbacks that follow from it. Error: the driver
  // broke the protocol, in a clause about it.
  [[nodiscard]] Result<void> take(std::string_view line, Nanos now);

  // Fails every open call (`lost`), then reports the end.
  void end(const DriverEnd& end, Nanos now);

  // No callback is made any more.
  void forget();

  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] bool asked_to_exit() const { return asked_to_exit_; }

 private:
  struct Open {
    std::string call;
    DriverPort::OnReply on_reply;
    DriverPort::OnStarted on_started;
    Nanos sent{};
  };

  Result<void> act(const DriverHello& hello, Nanos now);
  Result<void> act(const StartedMessage& started, Nanos now);
  Result<void> act(const StateMessage& state, Nanos now);
  Result<void> act(const ComplaintMessage& complaint, Nanos now);
  Result<void> act(const OtherMessage& other, Nanos now);
  Result<void> act(ReplyMessage& message, Nanos now);
  Result<void> count_needless();

  DriverCallbacks callbacks_;
  std::map<uint64_t, Open> open_;
  uint64_t next_id_ = 1;
  uint64_t needless_ = 0;
  bool ready_ = false, monotonic_ = true, asked_to_exit_ = false;
};

}  // namespace faultline::drive
