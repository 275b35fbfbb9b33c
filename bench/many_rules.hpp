// Rules that select none of a plain stream's segments.
#pragma once

#include <vector>

#include "injectors/engine.hpp"

namespace faultline::bench {

// They look at each field in turn, so that some are settled early and some late.
[[nodiscard]] std::vector<EngineRule> many_rules(size_t count);

}  // namespace faultline::bench
