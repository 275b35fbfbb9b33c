// What a call of the driver comes to, before it is written as a reply.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace faultline::linux_driver {

// CLOCK_MONOTONIC, nanoseconds.
[[nodiscard]] int64_t now();

// At most one of `error` and `unsupported` is not empty. Stamps of 0 are filled in by whoever
// writes the reply: no socket call was made.
struct Answer {
  std::string error;  // errno's name
  std::string unsupported, message;
  nlohmann::json result = nlohmann::json::object();
  int64_t began = 0, ended = 0;

  [[nodiscard]] bool ok() const { return error.empty() && unsupported.empty(); }
};

// "ETIMEDOUT"; "errno 999" for a number without a name.
[[nodiscard]] std::string errno_name(int error);

[[nodiscard]] Answer refused(std::string errno_name, std::string message);
[[nodiscard]] Answer unsupported(std::string why);

// Makes one socket call, stamps it, and names errno where it returned less than zero. `what` goes
// into the message.
template <typename Call>
[[nodiscard]] Answer stamped(const char* what, Call&& call) {
  Answer answer;
  answer.began = now();
  const bool failed = call() < 0;
  const int error = errno;
  answer.ended = now();
  if (failed) {
    answer.error = errno_name(error);
    answer.message = what;
  }
  return answer;
}

// The reply's line, without its newline.
[[nodiscard]] std::string reply_line(uint64_t id, const Answer& answer);

}  // namespace faultline::linux_driver
