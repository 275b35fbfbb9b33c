#include "harness/run/shard.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace faultline {
namespace {

constexpr size_t most_shards = 10'000;

bool read_number(std::string_view text, size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Result<Shard> parse_shard(const std::string& text) {
  const size_t slash = std::min(text.find('/'), text.size());
  const std::string_view all = text;
  Shard shard;
  const bool read = slash < text.size() && read_number(all.substr(0, slash), shard.index) &&
                    read_number(all.substr(slash + 1), shard.of);
  if (!read || shard.index < 1 || shard.index > shard.of || shard.of > most_shards)
    return fail("shard {}: write I/N, from 1/N to N/N, as 2/4", text);
  return shard;
}

std::vector<size_t> shard_numbers(const std::vector<Nanos>& costs, size_t shards) {
  std::vector<size_t> dearest_first(costs.size());
  std::iota(dearest_first.begin(), dearest_first.end(), 0);
  std::ranges::stable_sort(dearest_first, std::greater{}, [&](size_t i) { return costs[i]; });
  std::vector<Nanos> cost(shards);
  std::vector<size_t> numbers(costs.size());
  for (const size_t one : dearest_first) {
    const auto cheapest = std::ranges::min_element(cost);
    *cheapest += costs[one];
    numbers[one] = static_cast<size_t>(cheapest - cost.begin()) + 1;
  }
  return numbers;
}

}  // namespace faultline
