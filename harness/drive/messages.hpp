// What a driver says, read strictly: a line is a hello, a reply or an event of the protocol, or an
// error. Nothing that passes here can surprise its reader by a type or a depth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "harness/drive/driver.hpp"

namespace faultline::drive {

struct StartedMessage {
  uint64_t id = 0;
};
// The driver did not understand a line.
struct ComplaintMessage {
  std::string message;
};
struct StateMessage {
  DriverState what;
};
// An event that version 1 does not know; to be skipped.
struct OtherMessage {};
struct ReplyMessage {
  uint64_t id = 0;
  Reply reply;
  bool stamped = false;  // it says when it began and ended
};
using Message =
    std::variant<DriverHello, StartedMessage, StateMessage, ComplaintMessage, OtherMessage,
                             ReplyMessage>;

// The error is a clause about the driver: "said what is no JSON object: 'xyz'".
[[nodiscard]] Result<Message> read_message(std::string_view line);

// Whether the successful reply to `call` holds what the protocol promises; else the clause.
[[nodiscard]] Result<void> check_result(std::string_view call, const nlohmann::json& result);

}  // namespace faultline::drive
