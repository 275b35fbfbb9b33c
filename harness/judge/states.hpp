// The states that an end of a connection went through, with those put in that must have lain
// between two looks (DESIGN D5).
#pragma once

#include <string>
#include <vector>

#include "harness/judge/timeline.hpp"

namespace faultline {

struct StateHistory {
  std::vector<TcpState> states;  // without the CLOSED or LISTEN in which every connection begins
  // For each of them the look that showed it, or the one before which it must have been passed.
  std::vector<const StateEvent*> looks;
  // "TIME_WAIT was seen after ESTABLISHED": more than one path leads there, or none; then
  // `illegal`.
  std::string gap;
  bool illegal = false;
};
[[nodiscard]] StateHistory history_of(const Timeline& timeline, const ConnectionEnd& end);

// Whether this end opened the connection. A passive one stands in LISTEN where an active one is
// CLOSED: its listener is what is left.
[[nodiscard]] bool is_active_open(const Case& the_case, const ConnectionEnd& end);

}  // namespace faultline
