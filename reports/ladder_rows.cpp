#include "reports/ladder_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/ladder_choice.hpp"
#include "reports/ladder_words.hpp"

namespace faultline {
namespace {

using Kind = LadderRow::Kind;
using Look = LadderArrow::Look;
using Way = LadderArrow::Way;

constexpr size_t most_lanes = 3;  // connections with bars at one end; of more, states are notes

// A silence gets more room the longer it is, slowly: 100 ms 24 pixels, a second 30, a day 60.
int gap_height(Nanos gap) {
  const double tenths = std::chrono::duration<double>(gap).count() * 10;
  return 24 + static_cast<int>(6 * std::log10(std::max(tenths, 1.0)));
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

class Rows {
 public:
  Rows(const Trace& trace, const CaseResult& result, size_t most)
      : trace_(trace), names_(result.names), shown_(shown_events(trace, result, most)) {}

  LadderRows collect() {
    find_lanes();
    write_heads();
    for (at_ = 0; at_ < trace_.events.size(); ++at_) take(trace_.events[at_]);
    close_left_out();
    end();
    return {std::move(ladder_), std::move(row_of_)};
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
  void end();
  [[nodiscard]] bool can_join(const StateEvent& e, int lane) const;
  [[nodiscard]] bool several_connections() const {
    return ladder_.lanes[0].size() > 1 || ladder_.lanes[1].size() > 1;
  }
  [[nodiscard]] std::string with_name(std::string text, const std::string& connection) const {
    return several_connections() && !connection.empty() ? connection + ": " + text : text;
  }

  const Trace& trace_;
  const EventNames& names_;
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

void Rows::find_lanes() {
  for (const Event& event : trace_.events) {
    const auto* state = std::get_if<StateEvent>(&event);
    if (!state) continue;
    auto& lanes = ladder_.lanes[index(state->end)];
    if (lanes.size() < most_lanes && std::ranges::find(lanes, state->connection) == lanes.end())
      lanes.push_back(state->connection);
  }
}

void Rows::write_heads() {
  for (const End end : {End::client, End::server}) {
    const bool tested = trace_.sut == "both" || trace_.sut == to_string(end);
    ladder_.heads[index(end)] =
        fmt::format("{} · {}{}", to_string(end), trace_.environment.ends[index(end)].stack,
                    tested ? " · under test" : " · reference");
  }
}

void Rows::take(const Event& event) {
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

void Rows::close_left_out() {
  if (omitted_ == 0) return;
  LadderRow row{.kind = Kind::left_out, .time = omitted_from_};
  row.text = fmt::format("{} event{} left out, from {} to {}", omitted_, omitted_ == 1 ? "" : "s",
                         ladder_clock(omitted_from_), ladder_clock(omitted_to_));
  ladder_.rows.push_back(std::move(row));
  omitted_ = 0;
}

void Rows::fill_silence(Nanos until) {
  if (until - last_ < shortest_ladder_gap) return;
  LadderRow row{.kind = Kind::gap, .time = last_};
  row.text = ladder_length(until - last_);
  row.height = gap_height(until - last_);
  ladder_.rows.push_back(std::move(row));
}

LadderRow& Rows::add(Kind kind) {
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

void Rows::operator()(const SegmentEvent& e) {
  LadderArrow arrow{.from = e.facts.from, .look = look_of(e.fate)};
  if (e.fate != "pass") arrow.way = Way::to_wire;
  arrow.label = with_name(ladder_label(e.segment, e.facts), e.facts.connection);
  if (e.facts.retransmission)
    arrow.detail = fmt::format("retransmission {}", e.facts.retransmission_number);
  if (!e.segment.checksum_ok)
    arrow.detail += arrow.detail.empty() ? "bad checksum" : ", bad checksum";
  arrow.remark = ladder_fate(e, names_);
  add(Kind::segment).arrows.push_back(std::move(arrow));
  sent_[e.id] = {&e, ladder_.rows.size() - 1};
}

void Rows::operator()(const EmissionEvent& e) {
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

void Rows::operator()(const OddPacketEvent& e) {
  add(Kind::segment).arrows.push_back({.from = e.from, .label = e.what, .remark = ""});
}

// Whether the last row is one of states too, of the same moment and of other ends.
bool Rows::can_join(const StateEvent& e, int lane) const {
  if (ladder_.rows.empty() || ladder_.rows.back().kind != Kind::state) return false;
  return ladder_clock(e.time) == clock_ &&
         std::ranges::find(in_state_row_, std::pair(e.end, lane)) == in_state_row_.end();
}

void Rows::operator()(const StateEvent& e) {
  const auto lane = lane_of(ladder_, e);
  if (lane && can_join(e, *lane)) {
    in_state_row_.emplace_back(e.end, *lane);
    row_of_[at_] = ladder_.rows.size() - 1;
    return;
  }
  LadderRow& row = add(Kind::state);
  in_state_row_ = {{e.end, lane.value_or(-1)}};
  if (!lane) row.side[index(e.end)] = fmt::format("{} is {}", e.connection, to_string(e.state));
}

void Rows::operator()(const CallEvent& e) {
  add(Kind::call).side[index(e.end)] = ladder_call(e, names_);
  call_rows_[e.step] = ladder_.rows.size() - 1;
}

void Rows::operator()(const ResultEvent& e) {
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
  const std::string what = under_way > 1 ? ladder_call(named, names_) + " " : "";
  add(Kind::call).side[index(end)] = what + ladder_result(e);
  if (!known) return;
  ladder_.calls.push_back({.from = call->second, .to = ladder_.rows.size() - 1, .end = end});
  call_rows_.erase(call);
}

void Rows::operator()(const WaitEvent& e) {
  const auto step = static_cast<size_t>(e.step);
  note(Kind::note, fmt::format("{}: given up", step < names_.steps.size()
                                                   ? names_.steps[step]
                                                   : fmt::format("step {}", e.step + 1)));
}

void Rows::operator()(const LinkEvent& e) {
  note(Kind::link, e.up ? "the link is plugged in" : "the link is unplugged");
  if (e.up && unplugged_)
    ladder_.unplugged.push_back({.from = *unplugged_, .to = ladder_.rows.size() - 1});
  unplugged_ = e.up ? std::nullopt : std::optional(ladder_.rows.size() - 1);
}

void Rows::operator()(const StallEvent& e) {
  note(Kind::note, fmt::format("the harness was {} late", ladder_length(e.length)));
}

void Rows::operator()(const TroubleEvent& e) {
  note(Kind::note, fmt::format("{}: {}", to_string(e.kind), e.what));
}

void Rows::end() {
  fill_silence(trace_.length);
  ladder_.rows.push_back({.kind = Kind::end, .time = trace_.length});
  const size_t last = ladder_.rows.size() - 1;
  if (unplugged_) ladder_.unplugged.push_back({.from = *unplugged_, .to = last});
  for (const auto& [step, row] : call_rows_)
    ladder_.calls.push_back({.from = row,
                             .to = last,
                             .end = ladder_.rows[row].side[0].empty() ? End::server : End::client});
}

}  // namespace

std::optional<int> lane_of(const Ladder& ladder, const StateEvent& e) {
  const auto& lanes = ladder.lanes[index(e.end)];
  const auto lane = std::ranges::find(lanes, e.connection) - lanes.begin();
  if (lane == std::ssize(lanes)) return {};
  return static_cast<int>(lane);
}

LadderRows ladder_rows(const Trace& trace, const CaseResult& result, size_t most_events) {
  return Rows(trace, result, most_events).collect();
}

}  // namespace faultline
