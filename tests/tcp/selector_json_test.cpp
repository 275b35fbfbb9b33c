#include "harness/tcp/selector_json.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using nlohmann::json;

Selector good(const char* text) {
  auto selector = selector_from(json::parse(text), "/match");
  if (selector) return *selector;
  ADD_FAILURE() << text << ": " << selector.error().what;
  return {};
}

std::string refused(const char* text) {
  const auto selector = selector_from(json::parse(text), "/match");
  return selector ? "accepted" : selector.error().at + ": " + selector.error().what;
}

TEST(SelectorJson, ReadsEveryKey) {
  const Selector s = good(R"({"from": "server", "connection": "two", "flags": "FIN ACK",
      "has": "PSH", "retransmission": true, "payload": "1-100", "seq": "1000-1999", "ack": 5,
      "while": {"client": ["FIN_WAIT_1", "CLOSING"]}, "nth": [1, "3-4", "9+"]})");
  EXPECT_EQ(s.from, End::server);
  EXPECT_EQ(s.connection, "two");
  EXPECT_EQ(s.flags, (Flags{Flags::fin | Flags::ack}));
  EXPECT_EQ(s.has, (Flags{Flags::psh}));
  EXPECT_EQ(s.retransmission, true);
  EXPECT_EQ(s.payload, (Range{1, 100}));
  EXPECT_EQ(s.seq, (Range{1000, 1999}));
  EXPECT_EQ(s.ack, (Range{5, 5}));
  EXPECT_EQ(s.while_->end, End::client);
  EXPECT_EQ(s.while_->states, (std::vector{TcpState::FIN_WAIT_1, TcpState::CLOSING}));
  EXPECT_EQ(s.nth, (std::vector<Range>{{1, 1}, {3, 4}, {9, Range::open}}));
}

TEST(SelectorJson, PayloadIsYesNoOrALength) {
  EXPECT_EQ(good(R"({"payload": true})").payload, (Range{1, Range::open}));
  EXPECT_EQ(good(R"({"payload": false})").payload, (Range{0, 0}));
  EXPECT_EQ(good(R"({"payload": 100})").payload, (Range{100, 100}));
}

TEST(SelectorJson, RetransmissionIsYesNoOrWhichOne) {
  EXPECT_FALSE(good(R"({"retransmission": true})").retransmission_number);
  const Selector s = good(R"({"retransmission": "2-3"})");
  EXPECT_EQ(s.retransmission, true);
  EXPECT_EQ(s.retransmission_number, (Range{2, 3}));
  EXPECT_EQ(refused(R"({"retransmission": 0})"),
            "/match/retransmission: the first retransmission is number 1; write false for none");
}

TEST(SelectorJson, KindsAndOptionsAreOneOrAList) {
  using enum SegmentKind;
  EXPECT_EQ(good(R"({"kind": "duplicate-ack"})").kinds, (std::vector{duplicate_ack}));
  EXPECT_EQ(good(R"({"kind": ["keepalive-probe", "pure-ack"]})").kinds,
            (std::vector{keepalive_probe, pure_ack}));
  EXPECT_EQ(good(R"({"option": "sack"})").options, (std::vector<uint8_t>{5}));
  EXPECT_EQ(good(R"({"option": [254, "timestamps"]})").options, (std::vector<uint8_t>{254, 8}));
  EXPECT_EQ(refused(R"({"kind": "duplicate-akc"})"),
            "/match/kind: unknown kind of segment 'duplicate-akc' (did you mean 'duplicate-ack'?)");
  EXPECT_EQ(refused(R"({"kind": ["pure-ack", 3]})"),
            "/match/kind/1: expected a kind, got an integer");
  EXPECT_EQ(refused(R"({"kind": []})"), "/match/kind: can never match: the list is empty");
  EXPECT_EQ(refused(R"({"option": ["sack", "timestamp"]})"),
            "/match/option/1: unknown TCP option 'timestamp' (did you mean 'timestamps'?)");
  EXPECT_EQ(refused(R"({"option": 256})"), "/match/option: an option's number is 2 to 255");
  EXPECT_EQ(refused(R"({"option": true})"),
            "/match/option: expected an option's name or number, got a boolean");
}

TEST(SelectorJson, WindowsAndBytesAreRanges) {
  EXPECT_EQ(good(R"({"window": 0})").window, (Range{0, 0}));
  EXPECT_EQ(good(R"({"byte": "100+"})").bytes, (Range{100, Range::open}));
}

TEST(SelectorJson, RefusesKindsBytesAndWindowsThatCanNeverMatch) {
  const std::string kinds =
      "/match: can never match: a segment of a kind is an ACK without SYN, "
      "FIN and RST";
  EXPECT_EQ(refused(R"({"kind": "pure-ack", "flags": "SYN ACK"})"), kinds);
  EXPECT_EQ(refused(R"({"kind": "pure-ack", "has": "RST"})"), kinds);
  EXPECT_EQ(refused(R"({"kind": "pure-ack", "flags": "none"})"), kinds);
  (void)good(R"({"kind": "zero-window-probe", "flags": "ACK", "payload": true})");
  EXPECT_EQ(refused(R"({"kind": "keepalive-probe", "payload": "2+"})"),
            "/match: can never match: no kind of segment has more than a byte of payload");
  EXPECT_EQ(refused(R"({"byte": 5, "payload": false})"),
            "/match: can never match: a segment without payload covers no byte");
  EXPECT_EQ(refused(R"({"byte": 0})"),
            "/match: can never match: the stream's first byte is number 1");
  EXPECT_EQ(refused(R"({"window": "65536+"})"),
            "/match: can never match: the header's window has 16 bits");
}

TEST(SelectorJson, AllIsEveryMatch) {
  EXPECT_TRUE(good(R"({"nth": "all"})").nth.empty());
  EXPECT_TRUE(good("{}").nth.empty());
}

TEST(SelectorJson, AFlagThatIsLeftOpenCanBeAskedForBesides) {
  (void)good(R"({"flags": "SYN ACK", "has": "ECE"})");
  (void)good(R"({"flags": "ACK", "has": "ACK PSH"})");
}

TEST(SelectorJson, RefusesWhatCanNeverMatch) {
  EXPECT_EQ(refused(R"({"flags": "SYN", "has": "ACK"})"),
            "/match: can never match: exactly SYN has no ACK");
  EXPECT_EQ(refused(R"({"flags": "SYN", "ack": 1})"),
            "/match: can never match: these flags have no ACK, and so no ack number");
  EXPECT_EQ(refused(R"({"flags": "RST", "retransmission": true})"),
            "/match: can never match: a RST is never retransmitted");
  EXPECT_EQ(refused(R"({"flags": "ACK", "payload": false, "retransmission": true})"),
            "/match: can never match: a segment without sequence space is never a retransmission");
  EXPECT_EQ(refused(R"({"payload": "65536+"})"), "/match: can never match: no payload is so long");
  EXPECT_EQ(refused(R"({"seq": 4294967296})"),
            "/match: can never match: sequence numbers have 32 bits");
  EXPECT_EQ(refused(R"({"nth": 0})"), "/match/nth: can never match: counting starts at 1");
  EXPECT_EQ(refused(R"({"nth": []})"), "/match/nth: can never match: the list is empty");
}

TEST(SelectorJson, RefusesWhatIsNoSelector) {
  EXPECT_EQ(refused("3"), "/match: expected a table, got an integer");
  EXPECT_EQ(refused(R"({"from": "sever"})"),
            "/match/from: unknown end 'sever' (did you mean 'server'?)");
  EXPECT_EQ(refused(R"({"from": 3})"), "/match/from: expected a string, got an integer");
  EXPECT_EQ(refused(R"({"flags": 2})"), "/match/flags: expected flags, got an integer");
  EXPECT_EQ(refused(R"({"while": {}})"),
            "/match/while: name one end: { client = STATE } or { server = STATE }");
  EXPECT_EQ(refused(R"({"while": {"client": "CLOSED", "server": "CLOSED"}})"),
            "/match/while: name one end: { client = STATE } or { server = STATE }");
  EXPECT_EQ(refused(R"({"while": {"client": ["FIN_WAIT1"]}})"),
            "/match/while/client/0: unknown state 'FIN_WAIT1' (did you mean 'FIN_WAIT_1'?)");
  EXPECT_EQ(refused(R"({"while": {"client": []}})"),
            "/match/while/client: the list of states is empty");
  EXPECT_EQ(refused(R"({"ack": -1})"), "/match/ack: a count or range is never negative");
  EXPECT_EQ(refused(R"({"nth": [1, "x"]})"),
            "/match/nth/1: expected \"all\", a number, a range like \"2-4\" or \"5+\", or a list");
  EXPECT_EQ(refused(R"({"sequence": 1})"),
            "/match/sequence: unknown key 'sequence'; known here: from, connection, flags, has, "
            "retransmission, kind, option, window, byte, payload, seq, ack, while, nth");
}

}  // namespace
}  // namespace faultline
