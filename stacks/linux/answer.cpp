#include "stacks/linux/answer.hpp"

#include <cstring>
#include <ctime>
#include <utility>

namespace faultline::linux_driver {

int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::string errno_name(int error) {
  const char* name = strerrorname_np(error);
  return name != nullptr ? name : "errno " + std::to_string(error);
}

Answer refused(std::string errno_name, std::string message) {
  return {.error = std::move(errno_name), .message = std::move(message)};
}

Answer unsupported(std::string why) {
  return {.unsupported = std::move(why)};
}

std::string reply_line(uint64_t id, const Answer& answer) {
  const int64_t instead = answer.began == 0 ? now() : 0;
  nlohmann::json reply{
      {"id", id}, {"began", answer.began + instead}, {"ended", answer.ended + instead}};
  if (!answer.unsupported.empty()) {
    reply["unsupported"] = answer.unsupported;
  } else if (!answer.error.empty()) {
    reply["error"] = answer.error;
  }
  if (!answer.message.empty()) reply["message"] = answer.message;
  if (answer.ok() || !answer.result.empty()) reply["result"] = answer.result;
  return reply.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace faultline::linux_driver
