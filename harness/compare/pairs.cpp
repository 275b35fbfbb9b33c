#include "harness/compare/pairs.hpp"

#include <map>
#include <tuple>

namespace faultline {
namespace {

bool ends_meet(About a, About b) {
  return a == b || a == About::both || b == About::both;
}

auto key_of(const Identity& one, bool same_column) {
  return std::tuple(one.case_id, one.family, one.repetition,
                    same_column ? one.column : std::string());
}

}  // namespace

Pairing pair_up(std::span<const Identity> a, std::span<const Identity> b, bool same_column) {
  std::map<decltype(key_of({}, false)), std::vector<size_t>> places;
  for (size_t j = 0; j < b.size(); ++j) places[key_of(b[j], same_column)].push_back(j);
  std::vector<bool> found(b.size());
  Pairing pairing;
  for (size_t i = 0; i < a.size(); ++i) {
    bool alone = true;
    for (const size_t j : places[key_of(a[i], same_column)]) {
      if (!ends_meet(a[i].sut, b[j].sut)) continue;
      pairing.pairs.emplace_back(i, j);
      found[j] = true;
      alone = false;
    }
    if (alone) pairing.only_a.push_back(i);
  }
  for (size_t j = 0; j < b.size(); ++j)
    if (!found[j]) pairing.only_b.push_back(j);
  return pairing;
}

}  // namespace faultline
