// The events of a run as the rows of its picture, before anything has its place.
#pragma once

#include <cstddef>
#include <map>
#include <optional>

#include "reports/ladder.hpp"

namespace faultline {

struct LadderRows {
  // Without findings, bars and places: of the rows only silences have a height yet.
  Ladder ladder;
  std::map<size_t, size_t> row_of;  // of each event that is shown or left out, by its index
};

// The last row is the run's end.
[[nodiscard]] LadderRows ladder_rows(const Trace& trace, const CaseResult& result,
                                     size_t most_events);

// The lane of this connection's bar; nothing where it has none.
[[nodiscard]] std::optional<int> lane_of(const Ladder& ladder, const StateEvent& e);

}  // namespace faultline
