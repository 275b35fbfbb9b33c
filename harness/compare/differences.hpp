// What differs between what two runs did.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/compare/conduct.hpp"

namespace faultline {

// How far apart two times of the same thing may be and still count as the same.
class Tolerance {
 public:
  // A microsecond, the least that is shown, where both clocks are exact. Else an eighth of the
  // longer, as late as a timer of Linux may be, and 50 ms for the machine.
  static Tolerance usual(bool exact) { return exact ? Tolerance(1us) : Tolerance(50ms, 8); }
  explicit Tolerance(Nanos fixed, int part = 0) : fixed_(fixed), part_(part) {}
  [[nodiscard]] bool same(Nanos a, Nanos b) const;

 private:
  Nanos fixed_;
  int part_;  // one so-many-th of the longer time; 0: none
};

struct Difference {
  // In the order in which they matter.
  enum class Aspect : uint8_t { the_case, outcome, call, states, schedule, count };
  Aspect aspect = Aspect::outcome;
  std::string what;   // "client: connect (step-1)", "FIN"
  std::string a, b;   // of either run, whole
  std::string brief;  // for one line of all: "FIN 7 | 10 times"
};
[[nodiscard]] std::string_view to_string(Difference::Aspect aspect);  // "schedule"

// Of one end. Acknowledgements, and data that is cut otherwise and not sent again, have no schedule
// of their own where only one run has them: counts tell. What merely began later is told of the
// first that did; what follows is later for the same reason. Without `tolerance`: the usual one.
[[nodiscard]] std::vector<Difference> differences(const Conduct& a, const Conduct& b,
                                                  const std::optional<Tolerance>& tolerance = {});

}  // namespace faultline
