#include "reports/ladder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "reports/ladder_svg.hpp"
#include "reports/ladder_words.hpp"
#include "tests/reports/ladder_samples.hpp"

namespace faultline {
namespace {

using Kind = LadderRow::Kind;
using Look = LadderArrow::Look;
using Way = LadderArrow::Way;

std::vector<const LadderRow*> of_kind(const Ladder& ladder, Kind kind) {
  std::vector<const LadderRow*> rows;
  for (const LadderRow& row : ladder.rows)
    if (row.kind == kind) rows.push_back(&row);
  return rows;
}

size_t index_of_arrow(const Ladder& ladder, Look look) {
  for (size_t i = 0; i < ladder.rows.size(); ++i)
    for (const LadderArrow& arrow : ladder.rows[i].arrows)
      if (arrow.look == look) return i;
  return ladder.rows.size();
}

Ladder sample_ladder() {
  return ladder_of(sample_trace(), sample_result_of_trace());
}

TEST(Ladder, RowsFollowEachOtherWithoutOverlap) {
  const Ladder ladder = sample_ladder();
  for (size_t i = 1; i < ladder.rows.size(); ++i) {
    const LadderRow& before = ladder.rows[i - 1];
    EXPECT_EQ(ladder.rows[i].top, before.top + before.height + before.marks_height);
    EXPECT_GE(ladder.rows[i].time, before.time);
  }
}

TEST(Ladder, ADroppedSegmentEndsAtTheWireWithItsRule) {
  const Ladder ladder = sample_ladder();
  const LadderArrow& arrow = ladder.rows[index_of_arrow(ladder, Look::dropped)].arrows[0];
  EXPECT_EQ(arrow.way, Way::to_wire);
  EXPECT_EQ(arrow.label, "SYN seq 0 win 512");
  EXPECT_EQ(arrow.remark, "dropped by rule 'lose-syn'");
}

TEST(Ladder, AHeldSegmentArrivesAtTheWireAndLeavesItLater) {
  const Ladder ladder = sample_ladder();
  ASSERT_EQ(ladder.waits.size(), 1U);
  EXPECT_EQ(ladder.waits[0].from, index_of_arrow(ladder, Look::held));
  EXPECT_EQ(ladder.waits[0].to, index_of_arrow(ladder, Look::released));
  const LadderArrow& left = ladder.rows[ladder.waits[0].to].arrows[0];
  EXPECT_EQ(left.way, Way::from_wire);
  EXPECT_EQ(left.label, "ACK seq 0 ack 1 win 512");
}

TEST(Ladder, AForgedSegmentBeginsAtTheWire) {
  const Ladder ladder = sample_ladder();
  const LadderArrow& arrow = ladder.rows[index_of_arrow(ladder, Look::forged)].arrows[0];
  EXPECT_EQ(arrow.way, Way::from_wire);
  EXPECT_EQ(arrow.from, End::server);
  EXPECT_EQ(arrow.remark, "forged");
}

TEST(Ladder, SilencesAreToldFromAHundredMillisecondsOn) {
  const Ladder ladder = sample_ladder();
  std::vector<std::string> told;
  for (const LadderRow* gap : of_kind(ladder, Kind::gap)) told.push_back(gap->text);
  EXPECT_EQ(told, (std::vector<std::string>{"1.000 s", "240 ms", "700 ms", "1 d 0 h"}));
  EXPECT_GT(of_kind(ladder, Kind::gap)[3]->height, of_kind(ladder, Kind::gap)[1]->height);
}

TEST(Ladder, ABarForEachStateUpToTheNext) {
  const Ladder ladder = sample_ladder();
  std::vector<LadderBar> client;
  std::ranges::copy_if(ladder.bars, std::back_inserter(client),
                       [](const LadderBar& bar) { return bar.end == End::client; });
  ASSERT_EQ(client.size(), 2U);
  EXPECT_EQ(client[0].state, TcpState::SYN_SENT);
  EXPECT_EQ(client[1].state, TcpState::ESTABLISHED);
  EXPECT_LE(client[0].bottom, client[1].top);
}

TEST(Ladder, FindingsStandWhereTheyShowed) {
  const Ladder ladder = sample_ladder();
  for (const LadderRow& row : ladder.rows) {
    const bool is_second_syn = !row.arrows.empty() && row.arrows[0].detail == "retransmission 1";
    const bool is_last = &row == &ladder.rows.back();
    ASSERT_EQ(row.marks.size(), is_second_syn || is_last ? 1U : 0U);
    if (is_second_syn) {
      EXPECT_EQ(row.marks[0].finding, 1U);
    }
    if (is_last) {
      EXPECT_EQ(row.marks[0].finding, 2U);
    }
    EXPECT_EQ(row.met[0].has_value(), row.side[0] == "→ ok, 1.000 s");
  }
}

TEST(Ladder, TheLinkIsDownBetweenItsTwoRows) {
  const Ladder ladder = sample_ladder();
  ASSERT_EQ(ladder.unplugged.size(), 1U);
  EXPECT_EQ(ladder.rows[ladder.unplugged[0].from].text, "the link is unplugged");
  EXPECT_EQ(ladder.rows[ladder.unplugged[0].to].text, "the link is plugged in");
}

TEST(Ladder, OfThousandsOfEventsThoseAboutFaultsAndFindingsAreKept) {
  Trace trace = sample_trace();
  trace.events.clear();
  for (uint64_t i = 1; i <= 5000; ++i)
    trace.events.emplace_back(sent(i * 1ms, i, End::client, Flags::ack));
  std::get<SegmentEvent>(trace.events[2000]).fate = "drop";
  CaseResult result = sample_result_of_trace();
  result.findings = {result.findings[1]};
  result.findings[0].event = 3000;
  const Ladder ladder = ladder_of(trace, result, 100);
  EXPECT_EQ(of_kind(ladder, Kind::segment).size(), 100U);
  EXPECT_EQ(ladder.left_out, 4900U);
  EXPECT_LT(index_of_arrow(ladder, Look::dropped), ladder.rows.size());
  const auto marked = std::ranges::find_if(ladder.rows, [](const LadderRow& row) {
    return row.kind == Kind::segment && !row.marks.empty();
  });
  ASSERT_NE(marked, ladder.rows.end());
  EXPECT_EQ(marked->time, 3001ms);
  ASSERT_FALSE(of_kind(ladder, Kind::left_out).empty());
  EXPECT_TRUE(of_kind(ladder, Kind::left_out)[0]->text.find("events left out, from") !=
              std::string::npos);
}

TEST(Ladder, OfAnEmptyTraceIsAPictureAllTheSame) {
  const Ladder ladder = ladder_of(Trace{}, CaseResult{});
  EXPECT_TRUE(ladder_svg(ladder, CaseResult{}).starts_with("<svg"));
}

TEST(LadderWords, MomentsAndLengthsAreShort) {
  EXPECT_EQ(ladder_clock(15471ms), "15.471 s");
  EXPECT_EQ(ladder_clock(131072ms), "0:02:11.072");
  EXPECT_EQ(ladder_clock(86400300ms), "1d 0:00:00.300");
  EXPECT_EQ(ladder_length(204ms), "204 ms");
  EXPECT_EQ(ladder_length(999999us), "1000 ms");
  EXPECT_EQ(ladder_length(31930ms), "31.93 s");
  EXPECT_EQ(ladder_length(131s), "2 min 11 s");
  EXPECT_EQ(ladder_length(25h), "1 d 1 h");
}

TEST(LadderWords, AnEditSaysWhatItChanged) {
  const SegmentEvent before = sent(0s, 1, End::client, Flags::ack, "change", 0);
  EmissionEvent after{.of = 1,
                      .toward = End::server,
                      .why = "edited",
                      .segment = before.segment,
                      .facts = before.facts};
  EXPECT_EQ(ladder_changes(before, after), "");
  after.segment->window = 0;
  after.segment->checksum_ok = false;
  EXPECT_EQ(ladder_changes(before, after), "win 512 → 0, checksum right → wrong");
}

}  // namespace
}  // namespace faultline
