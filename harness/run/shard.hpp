// A run in parts, each on a machine of its own.
#pragma once

#include <string>
#include <vector>

#include "harness/util/error.hpp"
#include "harness/util/time.hpp"

namespace faultline {

struct Shard {
  size_t index = 1, of = 1;  // the first is 1
};

// "2/4".
[[nodiscard]] Result<Shard> parse_shard(const std::string& text);

// Which shard each of these goes to, from 1: exactly one, all about as dear. The same for the same
// costs.
[[nodiscard]] std::vector<size_t> shard_numbers(const std::vector<Nanos>& costs, size_t shards);

}  // namespace faultline
