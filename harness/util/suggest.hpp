// "Did you mean …?"
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace faultline {

// The candidate nearest to `word` (at most three edits, and fewer than half of its letters), or "".
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> candidates);

// " (did you mean 'x'?)", or "" where nothing is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string> candidates);

}  // namespace faultline
