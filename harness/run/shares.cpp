#include "harness/run/shares.hpp"

#include <algorithm>
#include <numeric>

namespace faultline {
namespace {

constexpr Nanos of_a_case = 30ms;
constexpr Nanos of_an_idle_hour = 8ms;

// A multiple of the guests, as far as there are variants: all are busy to the end.
size_t number_of_shares(size_t variants, size_t guests) {
  const size_t needed = (variants + most_in_guest - 1) / most_in_guest;
  return std::min(variants, (needed + guests - 1) / guests * guests);
}

}  // namespace

Nanos predicted_cost(const Variant& variant) {
  return of_a_case + Nanos(static_cast<Nanos::rep>(
                         static_cast<double>(variant.predicted.count()) *
                         (static_cast<double>(of_an_idle_hour.count()) / Nanos(1h).count())));
}

std::vector<std::vector<Variant>> share_out(std::vector<Variant> variants, size_t guests) {
  std::vector<size_t> dearest_first(variants.size());
  std::iota(dearest_first.begin(), dearest_first.end(), 0);
  std::ranges::stable_sort(dearest_first, [&](size_t a, size_t b) {
    return predicted_cost(variants[a]) > predicted_cost(variants[b]);
  });
  struct Share {
    std::vector<size_t> members;
    Nanos cost{};
  };
  std::vector<Share> shares(number_of_shares(variants.size(), guests));
  for (const size_t one : dearest_first) {
    const auto cheapest = std::ranges::min_element(shares, [](const Share& a, const Share& b) {
      const bool a_full = a.members.size() >= most_in_guest,
                 b_full = b.members.size() >= most_in_guest;
      return a_full != b_full ? b_full : a.cost < b.cost;
    });
    cheapest->members.push_back(one);
    cheapest->cost += predicted_cost(variants[one]);
  }
  std::ranges::stable_sort(shares, std::greater{}, &Share::cost);
  std::vector<std::vector<Variant>> result;
  for (Share& share : shares) {
    std::ranges::sort(share.members);
    result.emplace_back();
    for (const size_t one : share.members) result.back().push_back(std::move(variants[one]));
  }
  return result;
}

}  // namespace faultline
