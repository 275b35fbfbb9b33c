// The Linux driver in a thread of the test, on pipes, with the test as its harness.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "harness/util/fd.hpp"

namespace faultline {

class LinuxDriverTest : public testing::Test {
 protected:
  using json = nlohmann::json;

  LinuxDriverTest();
  ~LinuxDriverTest() override;

  void write(const std::string& bytes);
  // The next thing the driver says, within 20 s; null when it has nothing to say any more.
  json next();
  // Whether it says nothing for a while.
  bool is_silent();

  // Sends a request and returns its id.
  uint64_t send(json request);
  // The reply to a request; what else comes before it is kept for `started`.
  json reply_to(uint64_t id);
  json call(json request) { return reply_to(send(std::move(request))); }
  // Whether a request was said to have started.
  bool started(uint64_t id) const;
  // Waits until it is.
  void wait_started(uint64_t id);

  // A listener "listener", a connected "main" and its other end "peer", on the family's loopback.
  void connect_pair(const std::string& family, const json& listener_options = json::object());
  // Ends the driver by closing its input; returns its exit status.
  int hang_up();

  json hello;
  uint16_t port = 0;  // the listener's

 private:
  Fd to_, from_;
  Fd driver_in_, driver_out_;
  std::string unread_;
  std::deque<json> replies_, events_;
  uint64_t next_id_ = 1;
  int status_ = -1;
  std::jthread thread_;
};

[[nodiscard]] inline std::string loopback(const std::string& family) {
  return family == "ipv4" ? "127.0.0.1" : "::1";
}

}  // namespace faultline
