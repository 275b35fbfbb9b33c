// Events in words, for stories and for -v.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/trace/trace.hpp"

namespace faultline {

// How the case calls what an event knows by its number only. A number that is not in here is
// described as a number.
struct EventNames {
  std::vector<std::string> rules;  // "lose-fins"
  std::vector<std::string> steps;  // "client: connect"
};

// One line without its end: "0.204s client > FIN ACK seq 1 ack 1 win 502 len 0 (retransmission):
// dropped by rule 'lose-fins'". Names are put in as they are: what shows it on a terminal cleans
// it.
[[nodiscard]] std::string describe(const Event& event, const EventNames& names = {});

[[nodiscard]] std::string_view to_string(TroubleEvent::Kind kind);  // "error", …

// "0.204s": how stories write a moment. Milliseconds, so that lines align.
[[nodiscard]] std::string format_moment(Nanos time);

}  // namespace faultline
