// Which cases go into which guest.
#pragma once

#include <vector>

#include "harness/run/variant.hpp"

namespace faultline {

// As many cases as one guest is given: so many that its boot costs little beside them, so few that all
// guests are busy to the end.
inline constexpr size_t most_in_guest = 128;
// As many of them as run at the same time: when the guest dies, so many are lost.
inline constexpr size_t most_side_by_side = 16;

// What a case costs in real time: mostly what it does, then the virtual time in which it does
// nothing. For a fair division, not for a promise.
[[nodiscard]] Nanos predicted_cost(const Variant& variant);

// All variants, for `guests` at a time: the dearest share first, shares of about the same cost, each
// with its variants in their given order. The same for the same variants. REQUIRES: guests >= 1.
[[nodiscard]] std::vector<std::vector<Variant>> share_out(std::vector<Variant> variants,
                                                          size_t guests);

}  // namespace faultline
