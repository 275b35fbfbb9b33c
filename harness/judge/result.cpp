#include "harness/judge/result.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace faultline {
namespace {

using enum Outcome;
constexpr std::array outcomes{PASS, FAIL, XFAIL, XPASS, SKIP, UNSUPPORTED, INCONCLUSIVE, ERROR};

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case PASS:
      return "PASS";
    case FAIL:
      return "FAIL";
    case XFAIL:
      return "XFAIL";
    case XPASS:
      return "XPASS";
    case SKIP:
      return "SKIP";
    case UNSUPPORTED:
      return "UNSUPPORTED";
    case INCONCLUSIVE:
      return "INCONCLUSIVE";
    case ERROR:
      return "ERROR";
  }
  return "?";
}

std::optional<Outcome> outcome_from_string(std::string_view name) {
  const auto* const found =
      std::ranges::find(outcomes, name, [](Outcome outcome) { return to_string(outcome); });
  if (found == outcomes.end()) return {};
  return *found;
}

std::string variant_name(const std::string& case_id, Family family, std::string_view stack,
                         std::string_view end, int repetition) {
  std::string name = fmt::format("{}[{}", case_id, to_string(family));
  for (const std::string_view part : {stack, end})
    if (!part.empty()) name += fmt::format(",{}", part);
  name += "]";
  return repetition == 1 ? name : fmt::format("{}#{}", name, repetition);
}

}  // namespace faultline
