// The words a case may use that are not TCP's own: the one list of each.
#pragma once

#include <span>
#include <string>

namespace faultline {

// The models of harness/timers that "timer:NAME" may name.
[[nodiscard]] std::span<const std::string> timer_names();

// The socket options that can be set. `readable_option_names` has TCP_INFO besides.
[[nodiscard]] std::span<const std::string> option_names();
[[nodiscard]] std::span<const std::string> readable_option_names();

// Every errno that the manual pages socket(7), ip(7), tcp(7) and those of the calls give. EAGAIN
// stands for EWOULDBLOCK too: on Linux they are one number.
[[nodiscard]] std::span<const std::string> errno_names();

// The calls of a step, in the order of `enum class Call`.
[[nodiscard]] std::span<const std::string> call_names();

}  // namespace faultline
