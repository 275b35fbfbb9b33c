#include "harness/trace/trace_json.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace faultline {
namespace {

using nlohmann::json;

Segment segment() {
  Segment s;
  s.source = {*address_from_string("192.0.2.1"), 40000};
  s.destination = {*address_from_string("192.0.2.2"), 80};
  s.ttl = 64;
  s.seq = Seq(4294967295U);
  s.ack = Seq(1);
  s.flags.bits = Flags::syn | Flags::ack | Flags::ae;
  s.window = 65535;
  s.urgent = 9;
  s.payload_length = 1460;
  s.mss = 1460;
  s.window_scale = 7;
  s.sack_permitted = true;
  s.timestamps = Timestamps{1, 4294967295U};
  s.sack.push_back({Seq(10), Seq(20)});
  s.sack.push_back({Seq(30), Seq(40)});
  s.options.set(2).set(254);
  s.checksum_ok = false;
  return s;
}

// One event of every kind, every field away from its usual value.
Trace full() {
  Trace trace;
  trace.case_id = "close/fin-lost";
  trace.case_file = "cases/close/fin-lost.toml";
  trace.case_text = "title = \"a\\b\"\n# \xC3\xA9\x01\n";
  trace.family = "ipv6";
  trace.sut = "both";
  trace.length = 63s + 1ns;
  trace.rules = {{3, 1}, {0, std::numeric_limits<uint64_t>::max()}};
  Environment& env = trace.environment;
  env.kernel = "6.18.0";
  env.hz = 250;
  env.virtual_time = true;
  env.seed = std::numeric_limits<uint64_t>::max();
  env.timing_scale = 1.5;
  env.overrides = {{"tcp_syn_retries", "3"}};
  env.ends[0] = {"linux", {{"net.ipv4.tcp_rmem", "4096\t131072\t6291456"}}};
  env.ends[1] = {"lwip", {}};

  SegmentFacts facts{End::server, "two", 0, 4294967295U, true, 3, {}, {TcpState::SYN_SENT, {}}};
  facts.kinds.add(SegmentKind::duplicate_ack);
  trace.events = {
      SegmentEvent{-1ns, 1, segment(), facts, "hold", 2, {std::byte{0x45}, std::byte{0xff}}},
      SegmentEvent{1ns, 2, {}, {}, "drop", -2, {}},
      EmissionEvent{2ns, 1, End::server, "released", {}, {}, {}},
      EmissionEvent{2ns, 0, End::client, "forged", segment(), facts, {std::byte{0x60}}},
      OddPacketEvent{3ns, End::server, "a fragment", {std::byte{0}}},
      StateEvent{5ns, 4ns, End::server, "two", TcpState::TIME_WAIT},
      CallEvent{6ns, -1, End::server, "accept", "two"},
      ResultEvent{7ns, 3, 6ns, 7ns, "two", "ECONNRESET", std::numeric_limits<int64_t>::min(), true,
                  17},
      WaitEvent{8ns, 4, false},
      LinkEvent{9ns, false},
      StallEvent{10ns, 11ns},
      TroubleEvent{12ns, TroubleEvent::Kind::unsupported, "no such option"},
  };
  return trace;
}

json full_json() {
  return json::parse(to_json(full()));
}
std::string refusal(const json& changed) {
  const auto trace = trace_from_json(changed.dump());
  return trace ? "read" : trace.error().what;
}
std::string refusal_of_text(std::string_view text) {
  const auto trace = trace_from_json(text);
  return trace ? "read" : trace.error().what;
}

TEST(TraceJson, EveryEventSurvivesTheRoundTrip) {
  const std::string text = to_json(full());
  const auto trace = trace_from_json(text);
  ASSERT_TRUE(trace) << trace.error().what;
  EXPECT_EQ(to_json(*trace), text);
  ASSERT_EQ(trace->events.size(), full().events.size());

  // The writer itself is held to values by hand: a field that both directions forget would show
  // here.
  const auto& held = std::get<SegmentEvent>(trace->events[0]);
  EXPECT_EQ(held.time, -1ns);
  EXPECT_EQ(held.rule, 2);
  EXPECT_EQ(held.header, (std::vector<std::byte>{std::byte{0x45}, std::byte{0xff}}));
  EXPECT_EQ(held.facts.states[0], TcpState::SYN_SENT);
  EXPECT_FALSE(held.facts.states[1]);
  EXPECT_EQ(held.facts.ack, 4294967295U);
  EXPECT_EQ(held.segment.source, segment().source);
  EXPECT_EQ(held.segment.flags, segment().flags);
  EXPECT_EQ(held.segment.seq, segment().seq);
  EXPECT_EQ(held.segment.sack[1].right, Seq(40));
  EXPECT_EQ(held.segment.timestamps->echo, 4294967295U);
  EXPECT_FALSE(held.segment.checksum_ok);
  const auto& result = std::get<ResultEvent>(trace->events[7]);
  EXPECT_EQ(result.error, "ECONNRESET");
  EXPECT_EQ(result.connection, "two");
  EXPECT_EQ(result.mismatch, 17U);
  EXPECT_EQ(std::get<TroubleEvent>(trace->events[11]).kind, TroubleEvent::Kind::unsupported);
  EXPECT_EQ(trace->environment.seed, std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(trace->environment.ends[0].sysctl, full().environment.ends[0].sysctl);
  EXPECT_EQ(trace->case_text, full().case_text);
  EXPECT_EQ(trace->rules[1].still_held, std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(trace->length, 63s + 1ns);
}

TEST(TraceJson, WhatAForgedSegmentSaysSurvives) {
  const auto trace = trace_from_json(to_json(full()));
  ASSERT_TRUE(trace);
  const auto& copy = std::get<EmissionEvent>(trace->events[2]);
  EXPECT_FALSE(copy.segment);
  EXPECT_TRUE(copy.head.empty());
  const auto& forged = std::get<EmissionEvent>(trace->events[3]);
  EXPECT_EQ(forged.of, 0u);
  EXPECT_EQ(forged.head, (std::vector{std::byte{0x60}}));
  ASSERT_TRUE(forged.segment);
  EXPECT_EQ(forged.segment->window, 65535);
  EXPECT_TRUE(forged.segment->options[254]);
  EXPECT_FALSE(forged.segment->options[253]);
  EXPECT_EQ(forged.facts.retransmission_number, 3u);
  EXPECT_TRUE(forged.facts.kinds.has(SegmentKind::duplicate_ack));
  EXPECT_FALSE(forged.facts.kinds.has(SegmentKind::pure_ack));
}

TEST(TraceJson, OneEventALineInAStableOrder) {
  Trace trace;
  trace.events = {LinkEvent{5ns, true},
                  StateEvent{7ns, 6ns, End::client, "main", TcpState::CLOSED}};
  EXPECT_EQ(to_json(trace),
            R"({"faultline_trace":1,
"case":"",
"file":"",
"text":"",
"family":"",
"sut":"",
"environment":{"kernel":"","hz":0,"virtual_time":false,"seed":0,"timing_scale":1.0,"overrides":{},"client":{"stack":"","sysctl":{}},"server":{"stack":"","sysctl":{}}},
"rules":[],
"length":0,
"events":[
{"event":"link","time":5,"up":true},
{"event":"state","time":7,"since":6,"end":"client","connection":"main","state":"CLOSED"}
]}
)");
}

TEST(TraceJson, WhatIsAbsentIsLeftOut) {
  Trace trace;
  trace.events = {SegmentEvent{5ns, 1, {}, {}, "pass", -1, {}}};
  const json event = json::parse(to_json(trace))["events"][0];
  EXPECT_EQ(event.dump(),
            R"({"event":"segment","facts":{"from":"client"},"fate":"pass","id":1,)"
            R"("segment":{"ack":0,"destination":"0.0.0.0:0","flags":"none","length":0,)"
            R"("seq":0,"source":"0.0.0.0:0","ttl":0,"window":0},"time":5})");
}

TEST(TraceJson, Ipv6EndpointsAndHugeTimesSurvive) {
  Trace trace = full();
  auto& event = std::get<SegmentEvent>(trace.events[0]);
  event.segment.source = {*address_from_string("2001:db8::1"), 65535};
  event.time = 24 * 365h;
  const auto read = trace_from_json(to_json(trace));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(std::get<SegmentEvent>(read->events[0]).segment.source, event.segment.source);
  EXPECT_EQ(time_of(read->events[0]), 24 * 365h);
}

TEST(TraceJson, BytesThatAreNoUtf8AreReplaced) {
  Trace trace = full();
  std::get<TroubleEvent>(trace.events.back()).what = "bad \xFF\xC3 text";
  const auto read = trace_from_json(to_json(trace));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(std::get<TroubleEvent>(read->events.back()).what, "bad \uFFFD\uFFFD text");
}

TEST(TraceJson, AnotherVersionIsRefusedWithWhatToDo) {
  json changed = full_json();
  changed["faultline_trace"] = 2;
  EXPECT_EQ(
      refusal(changed),
      "the trace is of version 2, this program reads version 1: judge it with the program that "
      "wrote it, or run the case again");
  changed.erase("faultline_trace");
  EXPECT_EQ(refusal(changed), "this is no trace: it has no key 'faultline_trace'");
  EXPECT_EQ(refusal_of_text("[]"), "this is no trace: it has no key 'faultline_trace'");
}

TEST(TraceJson, AnErrorSaysWhichEventAndWhat) {
  const std::vector<std::tuple<std::string, json, std::string>> wrong{
      {"/events/0/time", "1s", "event 1 (/events/0/time): expected an integer, got a string"},
      {"/events/0/time", 1.5, "event 1 (/events/0/time): expected an integer, got a number"},
      {"/events/0/time", std::numeric_limits<uint64_t>::max(),
       "event 1 (/events/0/time): 18446744073709551615 is out of range: it can be "
       "-9223372036854775808 to 9223372036854775807"},
      {"/events/0/time", std::numeric_limits<int64_t>::min(),
       "event 1 (/events/0/time): -9223372036854775808 ns is more than ten years"},
      {"/events/0/fate", "eaten", "event 1 (/events/0/fate): 'eaten' is not known here"},
      {"/events/0/segment/flags", "SYN FIM",
       "event 1 (/events/0/segment/flags): 'SYN FIM' is not known here"},
      {"/events/0/segment/source", "192.0.2.1:99999",
       "event 1 (/events/0/segment/source): '192.0.2.1:99999' is not known here"},
      {"/events/0/segment/window", 65536,
       "event 1 (/events/0/segment/window): 65536 is out of range: it can be 0 to 65535"},
      {"/events/0/segment/sack/1/left", -1,
       "event 1 (/events/0/segment/sack/1/left): -1 is out of range: it can be 0 to 4294967295"},
      {"/events/0/segment/wndow", 1,
       "event 1 (/events/0/segment/wndow): unknown key 'wndow' (did you mean 'window'?)"},
      {"/events/0/header", "45f", "event 1 (/events/0/header): expected hex, two digits a byte"},
      {"/events/0/header", "4 ", "event 1 (/events/0/header): expected hex, two digits a byte"},
      {"/events/5/state", "SYN_SEND", "event 6 (/events/5/state): 'SYN_SEND' is not known here"},
      {"/events/5/event", "stat",
       "event 6 (/events/5/event): there is no event 'stat' (did you mean 'state'?)"},
      {"/events/5", 7, "event 6 (/events/5): expected a table, got an integer"},
      {"/events", 7, "/events: expected an array of events"},
      {"/environment/hz", "250", "/environment/hz: expected an integer, got a string"},
      {"/environment/client/sysctl/a~1b", 5,
       "/environment/client/sysctl/a~1b: expected a string, got an integer"},
      {"/sut", "me", "/sut: 'me' is not known here"},
  };
  for (const auto& [at, value, message] : wrong) {
    json changed = full_json();
    changed[json::json_pointer(at)] = value;
    EXPECT_EQ(refusal(changed), message);
  }
  json changed = full_json();
  changed["events"][2].erase("of");
  EXPECT_EQ(refusal(changed), "event 3 (/events/2): key 'of' is missing");
  changed.erase("events");
  EXPECT_EQ(refusal(changed), "/events: expected an array of events");
  changed.erase("sut");
  EXPECT_EQ(refusal(changed), "trace: key 'sut' is missing");
}

// Every value of a trace replaced by every kind of wrong one: read or refused, never a crash.
TEST(TraceJson, NoValueOfAWrongKindCrashes) {
  const json whole = full_json();
  const json values = whole.flatten();
  for (const auto& [pointer, _] : values.items())
    for (const json& value : {json(), json(true), json(-1), json(1e300), json(UINT64_MAX), json(""),
                              json::array(), json::object(), json::array({json::array()})}) {
      json changed = whole;
      changed[json::json_pointer(pointer)] = value;
      (void)refusal(changed);
    }
}

TEST(TraceJson, ATruncatedTraceIsRefused) {
  const std::string text = to_json(full());
  for (size_t n = 0; n + 2 < text.size(); ++n)
    ASSERT_TRUE(refusal_of_text(text.substr(0, n)).starts_with("the trace is no JSON: ")) << n;
}

TEST(TraceJson, DeepNestingIsRefusedUnparsed) {
  EXPECT_EQ(refusal_of_text(std::string(10'000'000, '[')),
            "this is no trace: it is nested deeper than 16 levels");
  Trace brackets = full();
  brackets.case_text = "\"\\" + std::string(100, '[');  // in a string they are no nesting
  EXPECT_TRUE(trace_from_json(to_json(brackets)));
}

TEST(TraceJson, HugeNumbersAndTokensAreRefusedInAFewWords) {
  EXPECT_LT(refusal_of_text(R"({"faultline_trace":1e999})").size(), 300U);
  EXPECT_LT(refusal_of_text("{\"a\":" + std::string(100'000, '9') + "x}").size(), 300U);
  EXPECT_LT(refusal_of_text(R"({"faultline_trace":")" + std::string(100'000, 'x') + "\"}").size(),
            300U);
}

TEST(TraceJson, IsSavedAndLoaded) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("t-{}.json", ::getpid());
  ASSERT_TRUE(save_trace(full(), path));
  const auto trace = load_trace(path);
  ASSERT_TRUE(trace) << trace.error().what;
  EXPECT_EQ(to_json(*trace), to_json(full()));
  std::filesystem::resize_file(path, 100);
  EXPECT_TRUE(load_trace(path).error().what.starts_with(path.string() + ": the trace is no JSON"));
  std::filesystem::remove(path);
  EXPECT_TRUE(load_trace(path).error().what.starts_with("opening "));
}

}  // namespace
}  // namespace faultline
