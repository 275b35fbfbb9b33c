// Which result of one run belongs to which of another.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/case/case.hpp"

namespace faultline {

// What a run of a case was of.
struct Identity {
  std::string case_id;
  Family family = Family::ipv4;
  About sut = About::client;
  int repetition = 1;
  std::string column;  // "lwip", "lwip@uml-6.12"
};

struct Pairing {
  std::vector<std::pair<size_t, size_t>> pairs;  // in the order of `a`
  std::vector<size_t> only_a, only_b;
};

// By case, family, repetition and end; `same_column`: by column, too. One that stands at both ends
// at once belongs to those at either.
[[nodiscard]] Pairing pair_up(std::span<const Identity> a, std::span<const Identity> b,
                              bool same_column);

}  // namespace faultline
