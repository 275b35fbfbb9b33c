// The states that an end of a connection went through, with those put in that must have lain
// between two looks (DESIGN D5).
#pragma once

#include <string>
#include <vector>

#include "harness/judge/timeline.hpp"

namespace faultline {

struct StateHistory {
  std::vector<TcpState> states;  // without the CLOSED or LISTEN in which every connection begins
  std::string gap;       // "TIME_WAIT was seen after ESTABLISHED": more than one path leads there
  bool illegal = false;  // or none does
};
[[nodiscard]] StateHistory history_of(const Timeline& timeline, const ConnectionEnd& end);

}  // namespace faultline
