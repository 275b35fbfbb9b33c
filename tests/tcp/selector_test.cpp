#include "harness/tcp/selector.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using enum TcpState;

constexpr Flags syn{Flags::syn}, ack{Flags::ack}, syn_ack{Flags::syn | Flags::ack};

Segment segment(Flags flags, uint32_t payload = 0) {
  return {.flags = flags, .payload_length = payload};
}

TEST(Ranges, AreReadAndWritten) {
  EXPECT_EQ(range_from_string("3"), (Range{3, 3}));
  EXPECT_EQ(range_from_string("2-4"), (Range{2, 4}));
  EXPECT_EQ(range_from_string("5+"), (Range{5, Range::open}));
  EXPECT_EQ(range_from_string("0-0"), (Range{0, 0}));
  for (const char* text : {"", "+", "-", "-3", "3-", "4-2", "1-2-3", "a", "1 - 2", "0x10", "1.5",
                           "+5", "5++", "99999999999999999999"})
    EXPECT_FALSE(range_from_string(text)) << text;
  for (const char* text : {"3", "2-4", "5+"}) EXPECT_EQ(to_string(*range_from_string(text)), text);
}

TEST(Ranges, IncludeBothEnds) {
  const Range range{2, 4};
  EXPECT_FALSE(range.contains(1));
  EXPECT_TRUE(range.contains(2));
  EXPECT_TRUE(range.contains(4));
  EXPECT_FALSE(range.contains(5));
}

TEST(Matches, AnEmptySelectorEverything) {
  EXPECT_TRUE(matches({}, segment({}), {}));
  EXPECT_TRUE(matches({}, segment({0x1ff}, 1000), {.from = End::server}));
}

TEST(Matches, DirectionAndConnection) {
  const Selector selector{.from = End::server, .connection = "two"};
  EXPECT_TRUE(matches(selector, segment(ack), {.from = End::server, .connection = "two"}));
  EXPECT_FALSE(matches(selector, segment(ack), {.from = End::client, .connection = "two"}));
  EXPECT_FALSE(matches(selector, segment(ack), {.from = End::server, .connection = "main"}));
}

TEST(Matches, ExactFlagsLeaveOpenWhatTheSenderMayChoose) {
  EXPECT_TRUE(matches({.flags = syn}, segment(syn), {}));
  EXPECT_FALSE(matches({.flags = syn}, segment(syn_ack), {}));
  EXPECT_FALSE(matches({.flags = syn_ack}, segment(syn), {}));
  // A SYN that asks for ECN carries ECE and CWR; the last segment of a write carries PSH.
  EXPECT_TRUE(matches({.flags = syn}, segment({Flags::syn | Flags::ece | Flags::cwr}), {}));
  EXPECT_TRUE(matches({.flags = ack}, segment({Flags::ack | Flags::psh}), {}));
  EXPECT_FALSE(matches({.flags = ack}, segment({Flags::ack | Flags::urg}), {}));
  EXPECT_FALSE(matches({.flags = Flags{Flags::ack | Flags::psh}}, segment(ack), {}));
  EXPECT_TRUE(matches({.flags = Flags{}}, segment({Flags::psh}), {}));
  EXPECT_FALSE(matches({.flags = Flags{}}, segment(ack), {}));
}

TEST(Matches, FlagsAtLeast) {
  EXPECT_TRUE(matches({.has = ack}, segment(syn_ack), {}));
  EXPECT_FALSE(matches({.has = syn_ack}, segment(ack), {}));
}

TEST(Matches, Retransmissions) {
  EXPECT_TRUE(matches({.retransmission = true}, segment(syn), {.retransmission = true}));
  EXPECT_FALSE(matches({.retransmission = true}, segment(syn), {}));
  EXPECT_TRUE(matches({.retransmission = false}, segment(syn), {}));
}

TEST(Matches, PayloadLength) {
  EXPECT_TRUE(matches({.payload = Range{0, 0}}, segment(ack), {}));
  EXPECT_FALSE(matches({.payload = Range{0, 0}}, segment(ack, 1), {}));
  EXPECT_TRUE(matches({.payload = Range{1, Range::open}}, segment(ack, 1), {}));
}

TEST(Matches, SequenceNumbersThatOverlap) {
  const Selector selector{.seq = Range{1000, 1999}};
  const auto overlaps = [&](uint32_t seq, uint32_t length) {
    return matches(selector, segment(ack, length), {.seq = seq});
  };
  EXPECT_FALSE(overlaps(500, 500));
  EXPECT_TRUE(overlaps(500, 501));
  EXPECT_TRUE(overlaps(1999, 500));
  EXPECT_FALSE(overlaps(2000, 500));
  EXPECT_TRUE(overlaps(1, 5000));
  EXPECT_TRUE(overlaps(1000, 0));  // a bare ACK counts as its sequence number
  EXPECT_FALSE(overlaps(999, 0));
  EXPECT_FALSE(matches(selector, segment(ack, 10), {}));  // no ISN was seen
  EXPECT_TRUE(matches({.seq = Range{0, 0}}, segment(syn), {.seq = 0}));
  // A segment that ends beyond 2^32 from the ISN.
  EXPECT_TRUE(
      matches({.seq = Range{0xffffffff, Range::open}}, segment(ack, 100), {.seq = 0xfffffff0}));
}

TEST(Matches, Acknowledgements) {
  EXPECT_TRUE(matches({.ack = Range{1001, 1001}}, segment(ack), {.ack = 1001}));
  EXPECT_FALSE(matches({.ack = Range{1001, 1001}}, segment(ack), {.ack = 1000}));
  EXPECT_FALSE(matches({.ack = Range{0, Range::open}}, segment(ack), {}));
}

TEST(Matches, WhichRetransmission) {
  const Selector selector{.retransmission = true, .retransmission_number = Range{2, 3}};
  const auto number = [&](uint32_t n) {
    return matches(selector, segment(ack, 1),
                   {.retransmission = n > 0, .retransmission_number = n});
  };
  EXPECT_FALSE(number(0));
  EXPECT_FALSE(number(1));
  EXPECT_TRUE(number(2));
  EXPECT_TRUE(number(3));
  EXPECT_FALSE(number(4));
}

TEST(Matches, AnyOfTheKinds) {
  using enum SegmentKind;
  SegmentFacts facts;
  facts.kinds.add(pure_ack);
  facts.kinds.add(duplicate_ack);
  EXPECT_TRUE(matches({.kinds = {duplicate_ack}}, segment(ack), facts));
  EXPECT_TRUE(matches({.kinds = {window_update, pure_ack}}, segment(ack), facts));
  EXPECT_FALSE(matches({.kinds = {window_update, keepalive_probe}}, segment(ack), facts));
  EXPECT_FALSE(matches({.kinds = {pure_ack}}, segment(ack), {}));
}

TEST(Matches, AllOfTheOptions) {
  Segment s = segment(ack);
  s.options.set(5).set(254);
  EXPECT_TRUE(matches({.options = {5}}, s, {}));
  EXPECT_TRUE(matches({.options = {254, 5}}, s, {}));
  EXPECT_FALSE(matches({.options = {5, 8}}, s, {}));
}

TEST(Matches, TheWindowInTheHeader) {
  Segment s = segment(ack);
  s.window = 10;
  EXPECT_TRUE(matches({.window = Range{10, 20}}, s, {}));
  EXPECT_FALSE(matches({.window = Range{0, 9}}, s, {}));
}

TEST(Matches, BytesOfTheStream) {
  const Selector selector{.bytes = Range{1000, 1999}};
  const auto covers = [&](uint32_t seq, uint32_t length) {
    return matches(selector, segment(ack, length), {.seq = seq});
  };
  EXPECT_FALSE(covers(500, 500));
  EXPECT_TRUE(covers(500, 501));
  EXPECT_TRUE(covers(1999, 1));
  EXPECT_FALSE(covers(2000, 1));
  EXPECT_FALSE(covers(1500, 0)) << "without payload it covers none";
  EXPECT_FALSE(matches(selector, segment(ack, 5000), {})) << "no ISN was seen";
}

TEST(Matches, WhileAnEndIsInAState) {
  const Selector selector{.while_ = Selector::While{End::server, {FIN_WAIT_1, CLOSING}}};
  SegmentFacts facts;
  EXPECT_FALSE(matches(selector, segment(ack), facts));  // nobody looked
  facts.states[index(End::server)] = CLOSING;
  EXPECT_TRUE(matches(selector, segment(ack), facts));
  facts.states[index(End::server)] = ESTABLISHED;
  facts.states[index(End::client)] = CLOSING;
  EXPECT_FALSE(matches(selector, segment(ack), facts));
  EXPECT_TRUE(selector.looks_at_states());
  EXPECT_FALSE(Selector{}.looks_at_states());
}

TEST(Matcher, CountsOnlyWhatTheRestSelects) {
  Matcher matcher({.flags = syn, .nth = {{2, 2}, {4, Range::open}}});
  std::vector<bool> hits;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(matcher(segment(ack), {}));
    hits.push_back(matcher(segment(syn), {}));
  }
  EXPECT_EQ(hits, (std::vector{false, true, false, true, true}));
}

TEST(Describe, SelectorsInWords) {
  EXPECT_EQ(describe(Selector{}), "every segment");
  EXPECT_EQ(describe(Selector{.from = End::client, .flags = syn, .nth = {{2, 2}}}),
            "the 2nd SYN from the client");
  EXPECT_EQ(
      describe(Selector{.has = Flags{Flags::rst}, .nth = {{1, 1}, {3, 4}, {11, Range::open}}}),
      "the 1st, 3rd to 4th, 11th and later segment with RST");
  EXPECT_EQ(
      describe(Selector{.from = End::server,
                        .connection = "two",
                        .retransmission = true,
                        .payload = Range{1, Range::open},
                        .seq = Range{1, 1000},
                        .ack = Range{5, 5}}),
      "every retransmitted segment from the server of connection two with payload at sequence "
      "1-1000 acknowledging 5");
  EXPECT_EQ(
      describe(Selector{.retransmission = false,
                        .payload = Range{0, 0},
                        .while_ = Selector::While{End::client, {FIN_WAIT_1, CLOSING}}}),
      "every first-sent segment without payload while the client is in FIN_WAIT_1 or CLOSING");
  EXPECT_EQ(describe(Selector{.payload = Range{10, 20}, .nth = {{21, 21}, {112, 112}}}),
            "the 21st, 112th segment with 10-20 bytes of payload");
}

TEST(Describe, KindsOptionsWindowsAndBytes) {
  using enum SegmentKind;
  EXPECT_EQ(describe(Selector{.from = End::server, .kinds = {duplicate_ack, window_update}}),
            "every duplicate-ack or window-update segment from the server");
  EXPECT_EQ(describe(Selector{.retransmission = true,
                              .retransmission_number = Range{2, 2},
                              .options = {5, 254},
                              .window = Range{0, 0},
                              .bytes = Range{1, 100}}),
            "every 2nd retransmission of a segment with stream byte 1-100 with option sack and 254 "
            "with window 0");
}

// Every combination of a few values of each condition that the sieve knows.
TEST(Sieve, LetsThroughWhateverTheSelectorSelects) {
  std::vector<Selector> selectors;
  for (const std::optional<End> from : {std::optional<End>{}, {End::client}, {End::server}})
    for (const std::optional<Flags> flags :
         {std::optional<Flags>{}, {syn}, {Flags{}}, {Flags{Flags::ack | Flags::psh}}})
      for (const std::optional<Flags> has : {std::optional<Flags>{}, {ack}, {Flags{Flags::ece}}})
        for (const std::optional<bool> again : {std::optional<bool>{}, {true}, {false}})
          for (const std::optional<Range> payload :
               {std::optional<Range>{}, {Range{0, 0}}, {Range{1, Range::open}}, {Range{5, 9}}})
            selectors.push_back({.from = from,
                                 .flags = flags,
                                 .has = has,
                                 .retransmission = again,
                                 .payload = payload});
  int passed = 0, stopped = 0;
  for (const Selector& selector : selectors) {
    const Sieve sieve(selector);
    for (uint16_t bits = 0; bits < 0x200; ++bits)
      for (const uint32_t payload : {0U, 1U, 7U, 1460U})
        for (const End from : both_ends)
          for (const bool again : {false, true}) {
            const Segment s = segment({bits}, payload);
            const SegmentFacts facts{.from = from, .retransmission = again};
            const bool passes = sieve.passes(s, facts);
            ++(passes ? passed : stopped);
            EXPECT_TRUE(passes || !matches(selector, s, facts)) << describe(selector) << bits;
          }
  }
  EXPECT_GT(stopped, passed);
}

}  // namespace
}  // namespace faultline
