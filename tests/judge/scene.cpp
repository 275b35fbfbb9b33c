#include "tests/judge/scene.hpp"

#include <algorithm>

#include "harness/case/reader.hpp"
#include "tests/timers/linux_inputs.hpp"

namespace faultline::test {
namespace {

const std::vector<FaultKind> faults{
    {.name = "drop", .value_is_nth = true, .check = {}},
    {.name = "hold", .check = [](const auto&, const auto&) { return FieldResult<void>{}; }},
    {.name = "delay", .check = [](const auto&, const auto&) { return FieldResult<void>{}; }},
};

// One that wraps soon, so that every test is also one of wrapping numbers.
Seq isn(End end) {
  return end == End::client ? Seq(0xfffffff0) : Seq(5000);
}

SegmentEvent segment_event(const SceneSegment& given) {
  SegmentEvent event{.time = given.at, .fate = given.fate};
  event.segment.flags = flags_from_string(given.flags).value();
  event.segment.seq = isn(given.from) + given.seq;
  event.segment.ack = isn(other(given.from)) + given.ack;
  event.segment.payload_length = given.payload;
  event.segment.window = given.window;
  event.segment.window_scale = given.scale;
  event.segment.checksum_ok = given.checksum_ok;
  event.facts.from = given.from;
  event.facts.connection = given.connection;
  event.facts.seq = given.seq;
  if (event.segment.flags.has(Flags::ack)) event.facts.ack = given.ack;
  event.facts.retransmission = given.retransmission;
  event.facts.states[index(End::server)] = given.server_is;
  return event;
}

}  // namespace

Scene::Scene(const std::string& body) {
  const std::string head =
      "title = \"t\"\nabout = \"client\"\nlevel = \"must\"\nspec = [\"RFC 9293\"]\n";
  auto read = read_case(head + body, "scene.toml", "scene", faults);
  if (!read) {
    ADD_FAILURE() << to_string(read.error());
    return;
  }
  the_case = std::move(*read);
  trace.case_id = the_case.id;
  trace.family = "ipv4";
  trace.sut = "client";
  trace.environment.hz = 250;
  for (EndEnvironment& end : trace.environment.ends) end.sysctl = linux_inputs().sysctl;
  trace.rules.resize(the_case.rules.size(), {.hits = 1});
  trace.length = 1h;
}

int Scene::step(const std::string& name) const {
  const auto found = std::ranges::find(the_case.steps, name, &Step::name);
  EXPECT_NE(found, the_case.steps.end()) << name;
  return static_cast<int>(found - the_case.steps.begin());
}

Scene& Scene::begins(const std::string& name, Nanos at) {
  const int index = step(name);
  const auto& what = the_case.steps.at(static_cast<size_t>(index)).what;
  const auto& call = std::get<CallStep>(what);
  trace.events.emplace_back(CallEvent{.time = at,
                                      .step = index,
                                      .end = call.end,
                                      .call = std::string(to_string(call.call)),
                                      .socket = call.socket});
  return *this;
}

Scene& Scene::call(const std::string& name, Nanos at, Nanos took, int64_t value) {
  begins(name, at);
  trace.events.emplace_back(ResultEvent{.time = at + took,
                                        .step = step(name),
                                        .began = at,
                                        .ended = at + took,
                                        .connection = "main",
                                        .error = {},
                                        .value = value,
                                        .mismatch = {}});
  return *this;
}

Scene& Scene::fails(const std::string& name, Nanos at, Nanos took, const std::string& error) {
  call(name, at, took);
  result().error = error;
  return *this;
}

Scene& Scene::wait(const std::string& name, Nanos at, bool satisfied) {
  trace.events.emplace_back(WaitEvent{.time = at, .step = step(name), .satisfied = satisfied});
  return *this;
}

Scene& Scene::made_by_wire(const SceneSegment& given, uint64_t of) {
  const SegmentEvent like = segment_event(given);
  trace.events.emplace_back(EmissionEvent{.time = given.at,
                                          .of = of,
                                          .toward = other(given.from),
                                          .why = "made",
                                          .segment = like.segment,
                                          .facts = like.facts,
                                          .head = {std::byte{0x45}}});
  return *this;
}

Scene& Scene::segment(const SceneSegment& given) {
  SegmentEvent event = segment_event(given);
  event.id = ++segments_;
  trace.events.emplace_back(std::move(event));
  return *this;
}

Scene& Scene::released(uint64_t segment, Nanos at) {
  trace.events.emplace_back(EmissionEvent{.time = at, .of = segment, .why = "released"});
  return *this;
}

Scene& Scene::state(End end, TcpState state, Nanos at, std::optional<Nanos> since,
                    const std::string& connection) {
  trace.events.emplace_back(StateEvent{.time = at,
                                       .since = since.value_or(at),
                                       .end = end,
                                       .connection = connection,
                                       .state = state});
  return *this;
}

Scene& Scene::stall(Nanos until, Nanos length) {
  trace.events.emplace_back(StallEvent{.time = until, .length = length});
  return *this;
}

Scene& Scene::trouble(TroubleEvent::Kind kind, const std::string& what) {
  trace.events.emplace_back(TroubleEvent{.time = 0ns, .kind = kind, .what = what});
  return *this;
}

CaseResult Scene::judged(const std::vector<KnownDeviation>& known) {
  std::ranges::stable_sort(trace.events, {}, time_of);
  return judge(the_case, trace, known);
}

Finding Scene::finding(const std::string& what) {
  const CaseResult result = judged();
  for (const Finding& finding : result.findings)
    if (finding.what.find(what) != std::string::npos) return finding;
  ADD_FAILURE() << "no finding about " << what;
  return {};
}

}  // namespace faultline::test
