// Durations as users write and read them. Inside the program a time is a `Nanos`: nanoseconds of a
// monotonic clock since the run began. Nothing in a verdict reads the wall clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace faultline {

using Nanos = std::chrono::nanoseconds;
using namespace std::chrono_literals;

// "63s", "1.5s", "200ms", "50us", "2min", "1h", "3d". No sign, no spaces; nothing else is a duration.
// Empty where the text is none, or is longer than ten years.
[[nodiscard]] std::optional<Nanos> parse_duration(std::string_view text);

// The shortest faithful form to a microsecond: "63s", "204ms", "65.551s", "2h 11min 15s", "0s".
[[nodiscard]] std::string format_duration(Nanos duration);

}  // namespace faultline
