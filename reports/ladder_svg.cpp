#include "reports/ladder_svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/ladder_words.hpp"
#include "reports/markup.hpp"
#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

using Kind = LadderRow::Kind;
using Look = LadderArrow::Look;
using Way = LadderArrow::Way;

constexpr int clock_width = 108, most_app_width = 220, least_app_width = 24;
constexpr int lane_width = 86, way_width = 262, slope = 3;
constexpr int wire_step = 9;     // between two segments that wait at the wire
constexpr double letter = 6.65;  // of the picture's type, in pixels; see style.cpp

std::string_view name(Look look) {
  switch (look) {
    case Look::plain:
      return "plain";
    case Look::dropped:
      return "dropped";
    case Look::held:
      return "held";
    case Look::released:
      return "released";
    case Look::duplicate:
      return "duplicate";
    case Look::changed:
      return "changed";
    case Look::forged:
      return "forged";
  }
  return "";
}

std::string_view group(TcpState state) {
  switch (state) {
    case TcpState::SYN_SENT:
    case TcpState::SYN_RECV:
      return "opening";
    case TcpState::ESTABLISHED:
      return "established";
    case TcpState::TIME_WAIT:
      return "waiting";
    case TcpState::CLOSED:
    case TcpState::LISTEN:
      return "closed";
    default:
      return "closing";
  }
}

class Drawing {
 public:
  Drawing(const Ladder& ladder, const CaseResult& result) : ladder_(ladder), result_(result) {
    int deepest = 0;
    for (const LadderSpan& wait : ladder.waits) deepest = std::max(deepest, wait.lane + 1);
    // More at once than there is room for share the last place.
    wire_half_ = 7 + wire_step * std::min(deepest, most_wire_lanes) / 2;
    for (const End end : {End::client, End::server}) app_width_[index(end)] = app_width(end);
    left_ = clock_width + app_width_[0] + lanes_width(End::client) + 12;
    left_ = std::max(left_, clock_width + 200);  // the head of that side
    wire_ = left_ + way_width + wire_half_;
    right_ = wire_ + wire_half_ + way_width;
    width_ = right_ + 12 + lanes_width(End::server) + app_width_[1];
    width_ = std::max(width_, right_ + 200);  // the head of that side
  }

  std::string svg() {
    out_ = fmt::format(
        "<svg class=\"ladder\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
        "aria-label=\"Ladder diagram; the story below says the same in words\">\n",
        width_, ladder_.height);
    backgrounds();
    lifelines();
    heads();
    for (const LadderBar& bar : ladder_.bars) draw(bar);
    for (const LadderSpan& span : ladder_.calls) draw_call(span);
    for (const LadderSpan& span : ladder_.waits) draw_wait(span);
    for (const LadderRow& row : ladder_.rows) draw(row);
    return std::move(out_) + "</svg>\n";
  }

 private:
  static constexpr int most_wire_lanes = 6;

  [[nodiscard]] int lanes_width(End end) const {
    return static_cast<int>(ladder_.lanes[index(end)].size()) * lane_width;
  }
  // As wide as its longest text needs.
  [[nodiscard]] int app_width(End end) const {
    int longest = 0;
    for (const LadderRow& row : ladder_.rows)
      longest = std::max(longest, columns(safe_text(row.side[index(end)])));
    const int needed = static_cast<int>((longest + 2) * letter) + 26;
    return longest == 0 ? least_app_width : std::min(needed, most_app_width);
  }

  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }

  // `anchor`: "start", "middle", "end". What does not fit is cut; the whole is its tooltip.
  void text(int x, int y, std::string_view anchor, std::string_view classes, std::string_view any,
            int room) {
    const std::string safe = safe_text(any);
    const std::string shown = elide_middle(safe, static_cast<int>(room / letter));
    const bool cut = shown != safe;
    put("<text x=\"{}\" y=\"{}\" class=\"{} {}\">{}{}</text>", x, y, classes, anchor, markup(shown),
        cut ? "<title>" + markup(safe) + "</title>" : "");
  }

  void line(int x1, int y1, int x2, int y2, std::string_view classes) {
    put("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>", x1, y1, x2, y2, classes);
  }

  void box(int x, int y, int width, int height, std::string_view classes, int round = 0) {
    if (round > 0)
      put("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" class=\"{}\"/>", x, y,
          width, height, round, classes);
    else
      put("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"/>", x, y, width, height,
          classes);
  }

  [[nodiscard]] int lifeline(End end) const { return end == End::client ? left_ : right_; }
  // 1 where things go to the right.
  [[nodiscard]] static int side(End end) { return end == End::client ? -1 : 1; }
  // The outer edge of an end's lanes.
  [[nodiscard]] int outer(End end) const {
    return lifeline(end) + side(end) * (12 + lanes_width(end));
  }
  [[nodiscard]] int middle_of(size_t row) const {
    const LadderRow& one = ladder_.rows[row];
    return one.top + (one.kind == Kind::segment ? 18 : one.height / 2);
  }
  [[nodiscard]] int place_at_wire(int lane) const {
    return wire_ - wire_half_ + 7 + wire_step * std::min(lane, most_wire_lanes - 1);
  }

  void backgrounds();
  void lifelines();
  void heads();
  void draw(const LadderBar& bar);
  void draw_call(const LadderSpan& span);
  void draw_wait(const LadderSpan& span);
  void draw(const LadderRow& row);
  void draw(const LadderArrow& arrow, int y);
  void shaft(const LadderArrow& arrow, int from, int to, int y, bool arrives);
  void draw_call_text(const LadderRow& row, End end);
  void draw_gap(const LadderRow& row);
  void draw_band(const LadderRow& row, std::string_view classes);
  void draw(const LadderMark& mark, int& y);

  const Ladder& ladder_;
  const CaseResult& result_;
  std::string out_;
  std::array<int, 2> app_width_{};
  int left_ = 0, wire_ = 0, wire_half_ = 0, right_ = 0, width_ = 0;
};

void Drawing::backgrounds() {
  for (const LadderSpan& span : ladder_.unplugged) {
    const int top = middle_of(span.from), bottom = middle_of(span.to);
    box(left_, top, right_ - left_, bottom - top, "unplugged");
  }
  for (const LadderRow& row : ladder_.rows)
    for (const LadderMark& mark : row.marks)
      if (mark.status == Finding::Status::broken) {
        box(clock_width - 6, row.top, width_ - clock_width + 6, row.height, "hot");
        break;
      }
}

void Drawing::lifelines() {
  const int top = 34, bottom = ladder_.height - 8;
  box(wire_ - wire_half_, top, 2 * wire_half_, bottom - top, "wire");
  line(left_, top, left_, bottom, "life");
  line(right_, top, right_, bottom, "life");
}

void Drawing::heads() {
  const auto tested = [&](End end) {
    return ladder_.heads[index(end)].find("under test") != std::string::npos ? "head sut" : "head";
  };
  text(left_, 22, "end", tested(End::client), ladder_.heads[0], left_ - clock_width);
  text(wire_, 22, "middle", "head", "wire", 2 * way_width);
  text(right_, 22, "start", tested(End::server), ladder_.heads[1], width_ - right_);
  text(clock_width - 14, 22, "end", "head", "time", clock_width);
  for (const End end : {End::client, End::server}) {
    const auto& lanes = ladder_.lanes[index(end)];
    if (lanes.size() < 2) continue;
    for (size_t i = 0; i < lanes.size(); ++i)
      text(lifeline(end) + side(end) * (12 + static_cast<int>(i) * lane_width + lane_width / 2), 39,
           "middle", "small", lanes[i], lane_width);
  }
}

void Drawing::draw(const LadderBar& bar) {
  const int inner = lifeline(bar.end) + side(bar.end) * (10 + bar.lane * lane_width);
  const int x = bar.end == End::client ? inner - lane_width + 4 : inner;
  const int height = std::max(bar.bottom - bar.top, 4);
  put("<g class=\"state {}\">", group(bar.state));
  box(x, bar.top, lane_width - 4, height, "bar", 3);
  // A long one says it again, so that it can be read wherever the picture is scrolled to.
  for (int y = bar.top + 13; y <= std::max(bar.bottom - 3, bar.top + 13); y += 400)
    if (height >= 14)
      text(x + (lane_width - 4) / 2, y, "middle", "label", to_string(bar.state), lane_width);
  out_ += "</g>\n";
}

void Drawing::draw_call(const LadderSpan& span) {
  const int x = outer(span.end) + side(span.end) * 4;
  const int top = ladder_.rows[span.from].top + 17, bottom = ladder_.rows[span.to].top + 4;
  if (bottom > top) line(x, top, x, bottom, "pending");
}

void Drawing::draw_wait(const LadderSpan& span) {
  const int x = place_at_wire(span.lane);
  line(x, middle_of(span.from), x, middle_of(span.to), "waiting");
}

void Drawing::draw(const LadderRow& row) {
  put("<g class=\"row {}\">", row.marks.empty() ? "" : "marked");
  if (!row.clock.empty())
    text(clock_width - 14, row.top + (row.kind == Kind::segment ? 21 : 15), "end", "clock",
         row.clock, clock_width);
  if (row.kind == Kind::gap) draw_gap(row);
  if (row.kind == Kind::left_out) draw_band(row, "omitted");
  if (row.kind == Kind::link) draw_band(row, "link");
  if (row.kind == Kind::note) draw_band(row, "note");
  for (const LadderArrow& arrow : row.arrows) draw(arrow, row.top + 18);
  for (const End end : {End::client, End::server}) draw_call_text(row, end);
  int y = row.top + row.height;
  for (const LadderMark& mark : row.marks) draw(mark, y);
  out_ += "</g>\n";
}

// Where a segment is drawn from and to: an end, or the place at the wire.
void Drawing::draw(const LadderArrow& arrow, int y) {
  const End to = other(arrow.from);
  const int way = side(to);  // its direction
  const int near = wire_ - way * (wire_half_ - 7), far = wire_ + way * (wire_half_ - 7);
  put("<g class=\"segment {}\">", name(arrow.look));
  const int half_room = way_width - 12;
  const auto anchor_near = way > 0 ? "start" : "end", anchor_far = way > 0 ? "end" : "start";
  if (arrow.way == Way::across) {
    shaft(arrow, lifeline(arrow.from), lifeline(to), y, true);
    std::string label = arrow.label;
    if (!arrow.detail.empty()) label += " · " + arrow.detail;
    text(lifeline(arrow.from) + way * 12, y - 7, anchor_near, "label", label, 2 * way_width - 20);
  } else if (arrow.way == Way::to_wire) {
    shaft(arrow, lifeline(arrow.from), near, y, arrow.look != Look::dropped);
    text(lifeline(arrow.from) + way * 12, y - 7, anchor_near, "label", arrow.label, half_room);
    if (!arrow.detail.empty())
      text(lifeline(arrow.from) + way * 12, y + 14, anchor_near, "detail", arrow.detail, half_room);
    if (arrow.look == Look::dropped) {
      put("<path d=\"M{0} {2}L{1} {3}M{0} {3}L{1} {2}\" class=\"cross\"/>", near - 6, near + 6,
          y - 6, y + 6);
      text(wire_ + way * (wire_half_ + 8), y + 4, anchor_near, "remark", arrow.remark, half_room);
    } else if (arrow.look == Look::held) {
      text(wire_ + way * (wire_half_ + 8), y + 4, anchor_near, "remark", arrow.remark, half_room);
    } else {
      text(wire_ - way * (wire_half_ + 4), y + 14, anchor_far, "remark",
           arrow.detail.empty() ? arrow.remark : "", half_room);
    }
  } else {
    shaft(arrow, far, lifeline(to), y, true);
    put("<circle cx=\"{}\" cy=\"{}\" r=\"4\" class=\"origin\"/>", far, y);
    text(wire_ + way * (wire_half_ + 8), y - 7, anchor_near, "label", arrow.label, half_room);
    text(wire_ + way * (wire_half_ + 8), y + 14, anchor_near, "remark", arrow.remark, half_room);
  }
  out_ += "</g>\n";
}

void Drawing::shaft(const LadderArrow& arrow, int from, int to, int y, bool arrives) {
  const int way = to > from ? 1 : -1;
  const bool across = arrow.way == Way::across;
  const int y1 = across ? y - slope : y, y2 = across ? y + slope : y;
  line(from, y1, to - way * (arrives ? 7 : 0), y2, "shaft");
  if (arrives) put("<path d=\"M{} {}l{} {}v8z\" class=\"point\"/>", to, y2, -way * 9, -4);
}

// With a tick where what came of the call is what was expected.
void Drawing::draw_call_text(const LadderRow& row, End end) {
  const std::string& said = row.side[index(end)];
  if (said.empty()) return;
  const auto& met = row.met[index(end)];
  if (met) put("<a href=\"#finding-{0}\" id=\"seen-{0}\" class=\"mark met\">", *met + 1);
  text(outer(end) + side(end) * 10, row.top + 15, end == End::client ? "end" : "start", "call",
       met ? said + " ✓" : said, app_width_[index(end)] - 14);
  if (met) out_ += "</a>\n";
}

void Drawing::draw_gap(const LadderRow& row) {
  const int y = row.top + row.height / 2;
  for (const int x : {left_, right_}) {
    box(x - 4, y - 6, 8, 12, "blank");
    put("<path d=\"M{} {}l-5 4l10 4l-5 4\" class=\"break\"/>", x, y - 6);
  }
  text(clock_width - 14, y + 4, "end", "gap", "⋯ " + row.text, clock_width + 8);
}

void Drawing::draw_band(const LadderRow& row, std::string_view classes) {
  box(left_ + 8, row.top + 3, right_ - left_ - 16, row.height - 6, classes, 4);
  text(wire_, row.top + row.height / 2 + 4, "middle", classes, row.text, right_ - left_ - 40);
}

// What was met stands between the ends; what was not takes the whole width.
void Drawing::draw(const LadderMark& mark, int& y) {
  const Finding& finding = result_.findings[mark.finding];
  const size_t number = mark.finding + 1;
  const bool met = mark.status == Finding::Status::met;
  const int x = met ? left_ + 8 : clock_width - 6, right = met ? right_ - 8 : width_;
  const int height = met ? met_mark_height : broken_mark_height, room = right - x - 30;
  put("<a href=\"#finding-{}\" id=\"seen-{}\" class=\"mark {}\">", number, number,
      to_string(mark.status));
  box(x, y, right - x, height - (met ? 2 : 0), "panel", met ? 4 : 0);
  text(x + 8, y + 13, "start", "sign", status_sign(mark.status), 20);
  std::string what = finding.what;
  if (met && !finding.got.empty()) what += ": " + finding.got;
  text(x + 24, y + 13, "start", "what", what, room);
  if (!met)
    text(x + 24, y + 29, "start", "versus",
         fmt::format("wanted {} · got {}", finding.wanted.empty() ? "–" : finding.wanted,
                     finding.got.empty() ? "–" : finding.got),
         room);
  out_ += "</a>\n";
  y += height;
}

}  // namespace

std::string ladder_svg(const Ladder& ladder, const CaseResult& result) {
  return Drawing(ladder, result).svg();
}

}  // namespace faultline
