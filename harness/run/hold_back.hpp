// What may not go on for a while: the script, while the wire waits for an answer about a segment that
// it has not let pass yet. Otherwise a step could overtake the segment that it follows.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <utility>
#include <vector>

#include "harness/drive/driver.hpp"

namespace faultline {

class HoldBack {
 public:
  explicit HoldBack(boost::asio::io_context& context) : context_(context) {}

  void hold() { holds_ = true; }
  // What was held back follows, in its order.
  void release() {
    holds_ = false;
    for (auto& one : std::exchange(held_, {})) boost::asio::post(context_, std::move(one));
  }
  // At once, unless it is to wait.
  void run(std::function<void()> what) {
    if (holds_) return held_.push_back(std::move(what));
    what();
  }

 private:
  boost::asio::io_context& context_;
  bool holds_ = false;
  std::vector<std::function<void()>> held_;
};

// A driver whose replies wait. Both must outlive it.
class HeldBackDriver final : public DriverPort {
 public:
  HeldBackDriver(DriverPort& driver, HoldBack& hold_back)
      : driver_(driver), hold_back_(hold_back) {}

  void call(nlohmann::json request, OnReply on_reply, OnStarted on_started) override {
    OnStarted started;
    if (on_started) started = [this, on_started] { hold_back_.run(on_started); };
    driver_.call(
        std::move(request),
        [this, on_reply](const Reply& reply) {
          hold_back_.run([on_reply, reply] { on_reply(reply); });
        },
        std::move(started));
  }
  void kill() override { driver_.kill(); }
  [[nodiscard]] bool alive() const override { return driver_.alive(); }

 private:
  DriverPort& driver_;
  HoldBack& hold_back_;
};

}  // namespace faultline
