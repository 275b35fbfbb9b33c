// A prediction in words.
#pragma once

#include <span>
#include <string>

#include "harness/timers/models.hpp"

namespace faultline {

// "0, 0.204 and 1.5 s", the middle left out where there are many.
[[nodiscard]] std::string list_of_seconds(std::span<const Nanos> times);

// "11 SYNs", "5 or 6 SYNs", "5 to 8 SYNs", "1 SYN".
[[nodiscard]] std::string count_of(Count count, std::string_view noun);

// "after 131 s (133.256 to 135.304 s, as timers fire late)": what is nominal, and what it can be.
[[nodiscard]] std::string after(Bounds nominal, Bounds real);

}  // namespace faultline
