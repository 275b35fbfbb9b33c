#include "reports/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "reports/ladder_choice.hpp"
#include "reports/ladder_words.hpp"

namespace faultline {
namespace {

using Kind = LadderRow::Kind;
using Look = LadderArrow::Look;
using Way = LadderArrow::Way;

constexpr size_t most_lanes = 3;  // connections with bars at one end; of more, states are notes
constexpr int top_margin = 44;    // the heads of the columns
constexpr size_t most_marks = 8;  // below one row

// A silence gets more room the longer it is, slowly: 100 ms 24 pixels, a second 30, a day 60.
int gap_height(Nanos gap) {
  const double tenths = std::chrono::duration<double>(gap).count() * 10;
  return 24 + static_cast<int>(6 * std::log10(std::max(tenths, 1.0)));
}

// Text below the arrow; of a whole one all stands above it.
bool has_second_line(const LadderArrow& arrow) {
  return arrow.way == Way::from_wire || (arrow.way == Way::to_wire && !arrow.detail.empty());
}

int height_of(const LadderRow& row, Nanos gap) {
  switch (row.kind) {
    case Kind::segment:
      return std::ranges::any_of(row.arrows, has_second_line) ? 38 : 28;
    case Kind::gap:
      return gap_height(gap);
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

Look look_of(const std::string& fate) {
  if (fate == "drop") return Look::dropped;
  if (fate == "hold") return Look::held;
  return fate == "change" ? Look::changed : Look::plain;
}

Look look_of_emission(const EmissionEvent& event) {
  if (event.why == "duplicate") return Look::duplicate;
  if (event.head.empty()) return Look::released;
  return event.of == 0 || event.why == "forged" || !event.segment ? Look::forged : Look::changed;
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

class Builder {
 public:
  Builder(const Trace& trace, const CaseResult& result, size_t most)
      : trace_(trace), result_(result), shown_(shown_events(trace, result, most)) {}

  Ladder build() {
    find_lanes();
    write_heads();
    for (at_ = 0; at_ < trace_.events.size(); ++at_) take(trace_.events[at_]);
    close_left_out();
    mark();
    lay_out();
    draw_bars();
    return std::move(ladder_);
  }

  void operator()(const SegmentEvent& e);
  void operator()(const EmissionEvent& e);
  void operator()(const OddPacketEvent& e);
  void operator()(const StateEvent& e);
  void operator()(const CallEvent& e);
  void operator()(const ResultEvent& e);
  void operator()(const WaitEvent& e);
  void operator()(const LinkEvent& e);
  void operator()(const StallEvent& e);
  void operator()(const TroubleEvent& e);

 private:
  void find_lanes();
  void write_heads();
  void take(const Event& event);
  void close_left_out();
  void fill_silence(Nanos until);
  LadderRow& add(Kind kind);
  void note(Kind kind, std::string text) { add(kind).text = std::move(text); }
  bool tick(LadderRow& row, size_t finding);
  void mark();
  void lay_out();
  void draw_bars();
  [[nodiscard]] std::optional<int> lane_of(const StateEvent& e) const;
  [[nodiscard]] bool can_join(const StateEvent& e, int lane) const;
  [[nodiscard]] bool several_connections() const {
    return ladder_.lanes[0].size() > 1 || ladder_.lanes[1].size() > 1;
  }
  [[nodiscard]] std::string with_name(std::string text, const std::string& connection) const {
    return several_connections() && !connection.empty() ? connection + ": " + text : text;
  }

  const Trace& trace_;
  const CaseResult& result_;
  const std::vector<Shown> shown_;
  Ladder ladder_;
  size_t at_ = 0;  // the event that is being taken
  Nanos last_{};   // when something was last shown or left out
  std::string clock_;
  size_t omitted_ = 0;  // events since the last row
  Nanos omitted_from_{}, omitted_to_{};

  struct Sent {
    const SegmentEvent* event = nullptr;
    size_t row = 0;
  };
  std::map<uint64_t, Sent> sent_;                // segments by id
  std::map<size_t, size_t> row_of_;              // by the event's index
  std::map<int, size_t> call_rows_;              // of the calls that have not returned, by step
  std::vector<std::pair<size_t, int>> waiting_;  // wire lanes in use: until that row
  std::optional<size_t> unplugged_;
  std::vector<std::pair<End, int>> in_state_row_;  // what changed in the last row, if one of states
};

void Builder::find_lanes() {
  for (const Event& event : trace_.events) {
    const auto* state = std::get_if<StateEvent>(&event);
    if (!state) continue;
    auto& lanes = ladder_.lanes[index(state->end)];
    if (lanes.size() < most_lanes && std::ranges::find(lanes, state->connection) == lanes.end())
      lanes.push_back(state->connection);
  }
}

void Builder::write_heads() {
  for (const End end : {End::client, End::server}) {
    const bool tested = trace_.sut == "both" || trace_.sut == to_string(end);
    ladder_.heads[index(end)] =
        fmt::format("{} · {}{}", to_string(end), trace_.environment.ends[index(end)].stack,
                    tested ? " · under test" : " · reference");
  }
}

void Builder::take(const Event& event) {
  if (shown_[at_] == Shown::no) return;
  const Nanos time = time_of(event);
  if (shown_[at_] == Shown::left_out) {
    // An emission that is not shown may still end what waits at the wire.
    if (omitted_++ == 0) omitted_from_ = time;
    omitted_to_ = last_ = time;
    if (const auto* segment = std::get_if<SegmentEvent>(&event))
      sent_[segment->id] = {segment, ladder_.rows.size()};
    row_of_[at_] = ladder_.rows.size();
    ++ladder_.left_out;
    return;
  }
  close_left_out();
  fill_silence(time);
  std::visit(*this, event);
  last_ = time;
}

void Builder::close_left_out() {
  if (omitted_ == 0) return;
  LadderRow row{.kind = Kind::left_out, .time = omitted_from_};
  row.text = fmt::format("{} event{} left out, from {} to {}", omitted_, omitted_ == 1 ? "" : "s",
                         ladder_clock(omitted_from_), ladder_clock(omitted_to_));
  ladder_.rows.push_back(std::move(row));
  omitted_ = 0;
}

void Builder::fill_silence(Nanos until) {
  if (until - last_ < shortest_ladder_gap) return;
  LadderRow row{.kind = Kind::gap, .time = last_};
  row.text = ladder_length(until - last_);
  row.height = gap_height(until - last_);
  ladder_.rows.push_back(std::move(row));
}

LadderRow& Builder::add(Kind kind) {
  const Nanos time = time_of(trace_.events[at_]);
  LadderRow row{.kind = kind, .time = time};
  row.clock = ladder_clock(time);
  if (row.clock == clock_)
    row.clock.clear();
  else
    clock_ = row.clock;
  row_of_[at_] = ladder_.rows.size();
  ladder_.rows.push_back(std::move(row));
  return ladder_.rows.back();
}

void Builder::operator()(const SegmentEvent& e) {
  LadderArrow arrow{.from = e.facts.from, .look = look_of(e.fate)};
  if (e.fate != "pass") arrow.way = Way::to_wire;
  arrow.label = with_name(ladder_label(e.segment, e.facts), e.facts.connection);
  if (e.facts.retransmission)
    arrow.detail = fmt::format("retransmission {}", e.facts.retransmission_number);
  if (!e.segment.checksum_ok)
    arrow.detail += arrow.detail.empty() ? "bad checksum" : ", bad checksum";
  arrow.remark = ladder_fate(e, result_.names);
  add(Kind::segment).arrows.push_back(std::move(arrow));
  sent_[e.id] = {&e, ladder_.rows.size() - 1};
}

void Builder::operator()(const EmissionEvent& e) {
  const auto original = sent_.find(e.of);
  const bool known = original != sent_.end();
  LadderArrow arrow{
      .from = other(e.toward), .way = Way::from_wire, .look = look_of_emission(e), .remark = e.why};
  if (e.segment)
    arrow.label = with_name(ladder_label(*e.segment, e.facts), e.facts.connection);
  else if (e.head.empty() && known)
    arrow.label = ladder_label(original->second.event->segment, original->second.event->facts);
  else
    arrow.label = std::exchange(arrow.remark, "forged");
  const bool is_change = known && arrow.look == Look::changed;
  if (is_change) {
    const std::string changes = ladder_changes(*original->second.event, e);
    if (!changes.empty()) arrow.remark += ": " + changes;
  }
  const bool at_once =
      known && original->second.row + 1 == ladder_.rows.size() &&
      ladder_.rows.back().arrows.size() == 1 && ladder_.rows.back().arrows[0].way == Way::to_wire &&
      original->second.event->time == e.time && original->second.event->facts.from == arrow.from;
  if (at_once) {
    row_of_[at_] = ladder_.rows.size() - 1;
    ladder_.rows.back().arrows.push_back(std::move(arrow));
    return;
  }
  add(Kind::segment).arrows.push_back(std::move(arrow));
  if (!known || original->second.event->fate != "hold") return;
  // A lane of the wire that is free again, else a new one.
  const size_t from = original->second.row, to = ladder_.rows.size() - 1;
  int lane = 0;
  while (std::ranges::any_of(
      waiting_, [&](const auto& used) { return used.second == lane && used.first > from; }))
    ++lane;
  waiting_.emplace_back(to, lane);
  ladder_.waits.push_back({.from = from, .to = to, .lane = lane});
}

void Builder::operator()(const OddPacketEvent& e) {
  add(Kind::segment).arrows.push_back({.from = e.from, .label = e.what, .remark = ""});
}

std::optional<int> Builder::lane_of(const StateEvent& e) const {
  const auto& lanes = ladder_.lanes[index(e.end)];
  const auto lane = std::ranges::find(lanes, e.connection) - lanes.begin();
  if (lane == std::ssize(lanes)) return {};
  return static_cast<int>(lane);
}

// Whether the last row is one of states too, of the same moment and of other ends.
bool Builder::can_join(const StateEvent& e, int lane) const {
  if (ladder_.rows.empty() || ladder_.rows.back().kind != Kind::state) return false;
  return ladder_clock(e.time) == clock_ &&
         std::ranges::find(in_state_row_, std::pair(e.end, lane)) == in_state_row_.end();
}

void Builder::operator()(const StateEvent& e) {
  const auto lane = lane_of(e);
  if (lane && can_join(e, *lane)) {
    in_state_row_.emplace_back(e.end, *lane);
    row_of_[at_] = ladder_.rows.size() - 1;
    return;
  }
  LadderRow& row = add(Kind::state);
  in_state_row_ = {{e.end, lane.value_or(-1)}};
  if (!lane) row.side[index(e.end)] = fmt::format("{} is {}", e.connection, to_string(e.state));
}

void Builder::operator()(const CallEvent& e) {
  add(Kind::call).side[index(e.end)] = ladder_call(e, result_.names);
  call_rows_[e.step] = ladder_.rows.size() - 1;
}

void Builder::operator()(const ResultEvent& e) {
  const auto call = call_rows_.find(e.step);
  const bool known = call != call_rows_.end();
  End end = End::client;
  if (known && ladder_.rows[call->second].side[0].empty()) end = End::server;
  // What returned at once stands behind its call.
  if (known && call->second + 1 == ladder_.rows.size()) {
    ladder_.rows.back().side[index(end)] += " " + ladder_result(e);
    row_of_[at_] = call->second;
    call_rows_.erase(call);
    return;
  }
  // Where several are under way, it is said which one this was.
  const auto under_way = std::ranges::count_if(call_rows_, [&](const auto& one) {
    return !ladder_.rows[one.second].side[index(end)].empty();
  });
  const CallEvent named{.step = e.step};
  const std::string what = under_way > 1 ? ladder_call(named, result_.names) + " " : "";
  add(Kind::call).side[index(end)] = what + ladder_result(e);
  if (!known) return;
  ladder_.calls.push_back({.from = call->second, .to = ladder_.rows.size() - 1, .end = end});
  call_rows_.erase(call);
}

void Builder::operator()(const WaitEvent& e) {
  const auto step = static_cast<size_t>(e.step);
  note(Kind::note, fmt::format("{}: given up", step < result_.names.steps.size()
                                                   ? result_.names.steps[step]
                                                   : fmt::format("step {}", e.step + 1)));
}

void Builder::operator()(const LinkEvent& e) {
  note(Kind::link, e.up ? "the link is plugged in" : "the link is unplugged");
  if (e.up && unplugged_)
    ladder_.unplugged.push_back({.from = *unplugged_, .to = ladder_.rows.size() - 1});
  unplugged_ = e.up ? std::nullopt : std::optional(ladder_.rows.size() - 1);
}

void Builder::operator()(const StallEvent& e) {
  note(Kind::note, fmt::format("the harness was {} late", ladder_length(e.length)));
}

void Builder::operator()(const TroubleEvent& e) {
  note(Kind::note, fmt::format("{}: {}", to_string(e.kind), e.what));
}

// That a call came out as wanted is shown by a tick behind it.
bool Builder::tick(LadderRow& row, size_t finding) {
  const auto end = result_.findings[finding].owner;
  if (row.kind != Kind::call || !end || row.side[index(*end)].empty() || row.met[index(*end)])
    return false;
  row.met[index(*end)] = finding;
  return true;
}

void Builder::mark() {
  std::vector<LadderMark> homeless;
  for (size_t i = 0; i < result_.findings.size(); ++i) {
    const Finding& finding = result_.findings[i];
    const LadderMark mark{i, finding.status};
    const auto row = finding.event ? row_of_.find(*finding.event) : row_of_.end();
    if (is_tick(finding) && row != row_of_.end() && tick(ladder_.rows[row->second], i)) continue;
    if (row != row_of_.end() && row->second < ladder_.rows.size())
      add_mark(ladder_.rows[row->second].marks, mark);
    else
      add_mark(homeless, mark);
  }
  if (trace_.length - last_ >= shortest_ladder_gap) fill_silence(trace_.length);
  LadderRow end{.kind = Kind::end, .time = trace_.length};
  end.marks = std::move(homeless);
  ladder_.rows.push_back(std::move(end));
  if (unplugged_) ladder_.unplugged.push_back({.from = *unplugged_, .to = ladder_.rows.size() - 1});
  for (const auto& [step, row] : call_rows_)
    ladder_.calls.push_back({.from = row,
                             .to = ladder_.rows.size() - 1,
                             .end = ladder_.rows[row].side[0].empty() ? End::server : End::client});
}

void Builder::lay_out() {
  int y = top_margin;
  for (LadderRow& row : ladder_.rows) {
    row.top = y;
    if (row.height == 0) row.height = height_of(row, 0ns);
    for (const LadderMark& mark : row.marks)
      row.marks_height +=
          mark.status == Finding::Status::met ? met_mark_height : broken_mark_height;
    if (!row.marks.empty()) row.marks_height += 4;
    y += row.height + row.marks_height;
  }
  ladder_.height = y + 12;
}

void Builder::draw_bars() {
  std::map<std::pair<End, int>, LadderBar> open;
  const auto close = [&](LadderBar bar, int bottom) {
    bar.bottom = bottom;
    if (bar.bottom > bar.top) ladder_.bars.push_back(bar);
  };
  for (const auto& [event, row] : row_of_) {
    const auto* state = std::get_if<StateEvent>(&trace_.events[event]);
    const auto lane = state ? lane_of(*state) : std::nullopt;
    if (!lane) continue;
    const int y = ladder_.rows[row].top + 2;
    const auto key = std::pair(state->end, *lane);
    if (const auto before = open.find(key); before != open.end()) close(before->second, y - 2);
    open[key] = {.end = state->end, .lane = *lane, .state = state->state, .top = y};
  }
  for (const auto& [key, bar] : open) close(bar, ladder_.height - 12);
}

}  // namespace

Ladder ladder_of(const Trace& trace, const CaseResult& result, size_t most_events) {
  return Builder(trace, result, most_events).build();
}

}  // namespace faultline
