#include "reports/ladder.hpp"

#include <algorithm>
#include <map>

#include "reports/ladder_rows.hpp"

namespace faultline {
namespace {

using Kind = LadderRow::Kind;
using Way = LadderArrow::Way;

constexpr int top_margin = 44;    // the heads of the columns
constexpr size_t most_marks = 8;  // below one row

// Text below the arrow; of a whole one all stands above it.
bool has_second_line(const LadderArrow& arrow) {
  return arrow.way == Way::from_wire || (arrow.way == Way::to_wire && !arrow.detail.empty());
}

int height_of(const LadderRow& row) {
  switch (row.kind) {
    case Kind::segment:
      return std::ranges::any_of(row.arrows, has_second_line) ? 38 : 28;
    case Kind::gap:
      return row.height;
    case Kind::left_out:
      return 30;
    case Kind::state:
    case Kind::call:
    case Kind::note:
      return 20;
    case Kind::link:
      return 24;
    case Kind::end:
      return 6;
  }
  return 20;
}

// The outcome of a call, as the judge words it: "client: connect (step-1)".
bool is_tick(const Finding& finding) {
  return finding.status == Finding::Status::met &&
         (finding.what.starts_with("client: ") || finding.what.starts_with("server: "));
}

// What is broken before what is met, where there is not room for all.
void add_mark(std::vector<LadderMark>& marks, LadderMark mark) {
  if (marks.size() < most_marks) return marks.push_back(mark);
  if (mark.status == Finding::Status::met) return;
  const auto met = std::ranges::find(marks, Finding::Status::met, &LadderMark::status);
  if (met != marks.end()) *met = mark;
}

// That a call came out as wanted is shown by a tick behind it.
bool tick(LadderRow& row, const Finding& finding, size_t number) {
  const auto end = finding.owner;
  if (row.kind != Kind::call || !end || row.side[index(*end)].empty() || row.met[index(*end)])
    return false;
  row.met[index(*end)] = number;
  return true;
}

// Findings stand below the row of the event that showed them, those of none below the end.
void mark(LadderRows& rows, const std::vector<Finding>& findings) {
  for (size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    const auto at = finding.event ? rows.row_of.find(*finding.event) : rows.row_of.end();
    const bool has_row = at != rows.row_of.end();
    LadderRow& row = has_row ? rows.ladder.rows[at->second] : rows.ladder.rows.back();
    if (has_row && is_tick(finding) && tick(row, finding, i)) continue;
    add_mark(row.marks, {i, finding.status});
  }
}

void lay_out(Ladder& ladder) {
  int y = top_margin;
  for (LadderRow& row : ladder.rows) {
    row.top = y;
    row.height = height_of(row);
    for (const LadderMark& mark : row.marks)
      row.marks_height +=
          mark.status == Finding::Status::met ? met_mark_height : broken_mark_height;
    if (!row.marks.empty()) row.marks_height += 4;
    y += row.height + row.marks_height;
  }
  ladder.height = y + 12;
}

void draw_bars(LadderRows& rows, const Trace& trace) {
  Ladder& ladder = rows.ladder;
  std::map<std::pair<End, int>, LadderBar> open;
  const auto close = [&](LadderBar bar, int bottom) {
    bar.bottom = bottom;
    if (bar.bottom > bar.top) ladder.bars.push_back(bar);
  };
  for (const auto& [event, row] : rows.row_of) {
    const auto* state = std::get_if<StateEvent>(&trace.events[event]);
    const auto lane = state ? lane_of(ladder, *state) : std::nullopt;
    if (!lane) continue;
    const int y = ladder.rows[row].top + 2;
    const auto key = std::pair(state->end, *lane);
    if (const auto before = open.find(key); before != open.end()) close(before->second, y - 2);
    open[key] = {.end = state->end, .lane = *lane, .state = state->state, .top = y};
  }
  for (const auto& [key, bar] : open) close(bar, ladder.height - 12);
}

}  // namespace

Ladder ladder_of(const Trace& trace, const CaseResult& result, size_t most_events) {
  LadderRows rows = ladder_rows(trace, result, most_events);
  mark(rows, result.findings);
  lay_out(rows.ladder);
  draw_bars(rows, trace);
  return std::move(rows.ladder);
}

}  // namespace faultline
