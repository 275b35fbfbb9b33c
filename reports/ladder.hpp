// The picture of a run as data: what stands in which row between the two ends, before anything is
// drawn. Time runs downwards, not to scale: every event has its row, and where nothing happened for
// long a row says for how long. reports/ladder_svg.hpp draws it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/result.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

// A segment, or half of its way: up to the wire, or from there on.
struct LadderArrow {
  enum class Way : uint8_t { across, to_wire, from_wire };
  enum class Look : uint8_t { plain, dropped, held, released, duplicate, changed, forged };
  End from = End::client;  // the side that it comes from
  Way way = Way::across;
  Look look = Look::plain;
  std::string label;   // "SYN seq 0 win 64240"
  std::string detail;  // "retransmission 2", or ""
  std::string remark;  // what the wire did: "dropped by rule 'lose-syns'", or ""
};

// A finding at the moment that showed it.
struct LadderMark {
  size_t finding = 0;  // index into the result's findings
  Finding::Status status = Finding::Status::met;
};

struct LadderRow {
  enum class Kind : uint8_t {
    segment,   // one arrow, or two halves of which the second is what the wire made of the first
    call,      // what an application did or was told; `side`
    state,     // an end was seen in another state
    link,      // unplugged, plugged in
    note,      // trouble, a stall, a wait given up
    gap,       // nothing for a while
    left_out,  // events that are not shown
    end,       // of the run: findings that no single event showed
  };
  Kind kind = Kind::note;
  Nanos time{};
  std::string clock;                           // the time as shown; "" where it is the one above
  std::vector<LadderArrow> arrows;             // segment: one or two
  std::array<std::string, 2> side{};           // of each end's application
  std::array<std::optional<size_t>, 2> met{};  // of each: the finding that it came out as wanted
  std::string text;                            // link, note, gap, left_out
  std::vector<LadderMark> marks;               // drawn below the row
  int top = 0, height = 0;                     // in pixels, the marks not counted
  int marks_height = 0;
};

// An end of a connection in one state, from the middle of one row on.
struct LadderBar {
  End end = End::client;
  int lane = 0;  // 0 is next to the lifeline
  TcpState state = TcpState::CLOSED;
  int top = 0, bottom = 0;
};

// Between two rows: a segment that waits at the wire, a call that has not returned.
struct LadderSpan {
  size_t from = 0, to = 0;  // rows
  int lane = 0;
  End end = End::client;  // of a call
};

struct Ladder {
  std::vector<LadderRow> rows;
  std::vector<LadderBar> bars;
  std::vector<LadderSpan> waits;                  // segments at the wire
  std::vector<LadderSpan> calls;                  // calls under way
  std::vector<LadderSpan> unplugged;              // rows between which the link was down
  std::array<std::vector<std::string>, 2> lanes;  // the connections that have bars, by end
  std::array<std::string, 2> heads;               // "client: lwip (under test)"
  size_t left_out = 0;                            // events that are not shown
  int height = 0;
};

// How high marks are drawn, in pixels.
inline constexpr int met_mark_height = 18, broken_mark_height = 36;

// Of more events than this the picture keeps those about faults, states, calls and findings and
// those around them.
inline constexpr size_t most_ladder_events = 240;

// A silence of at least this long gets a row that says so.
inline constexpr Nanos shortest_ladder_gap = 100ms;

[[nodiscard]] Ladder ladder_of(const Trace& trace, const CaseResult& result,
                               size_t most_events = most_ladder_events);

}  // namespace faultline
