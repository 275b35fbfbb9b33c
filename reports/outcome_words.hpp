// How the formats show an outcome and a finding.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "harness/judge/result.hpp"
#include "reports/text.hpp"

namespace faultline {

// `text` in the colour of that outcome, where there are colours.
[[nodiscard]] std::string painted(std::string_view text, Outcome like, const TextStyle& style);

// Whether it calls for a look: what failed, and what could not be judged.
[[nodiscard]] bool is_bad(Outcome outcome);

// The worst first: what a cell or a list of several outcomes begins with.
inline constexpr std::array outcomes_by_weight{
    Outcome::FAIL,  Outcome::XPASS,       Outcome::ERROR, Outcome::INCONCLUSIVE,
    Outcome::XFAIL, Outcome::UNSUPPORTED, Outcome::SKIP,  Outcome::PASS};

// For a narrow column: what calls for a look stands out by its capitals, "pass", "FAIL", "unsup".
[[nodiscard]] std::string_view short_word(Outcome outcome);

// "met", "broken", "unclear": in JSON, and as a class of the stylesheet.
[[nodiscard]] std::string_view to_string(Finding::Status status);

}  // namespace faultline
