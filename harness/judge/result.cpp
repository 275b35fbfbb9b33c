#include "harness/judge/result.hpp"

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

bool BaselineChange::fails() const {
  switch (kind) {
    case Kind::worse:
    case Kind::missing:
    case Kind::improved:
      return true;
    case Kind::undecided:
      return false;
    case Kind::added:
      return is == FAIL || is == XPASS;
  }
  return true;
}

std::string_view to_string(BaselineChange::Kind kind) {
  switch (kind) {
    case BaselineChange::Kind::worse:
      return "worse";
    case BaselineChange::Kind::missing:
      return "missing";
    case BaselineChange::Kind::improved:
      return "improved";
    case BaselineChange::Kind::undecided:
      return "undecided";
    case BaselineChange::Kind::added:
      return "new";
  }
  return "?";
}

}  // namespace faultline
