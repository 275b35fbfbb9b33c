// A run for the tests of ladders and pages: a handshake whose first SYN is lost, a held segment, a
// forged one, an unplugged link.
#pragma once

#include "harness/trace/trace.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {

inline SegmentEvent sent(Nanos time, uint64_t id, End from, uint16_t flags,
                         std::string fate = "pass", int rule = -1) {
  SegmentEvent event{.time = time, .id = id, .fate = std::move(fate), .rule = rule};
  event.segment.flags.bits = flags;
  event.segment.window = 512;
  event.facts.from = from;
  event.facts.connection = "main";
  event.facts.seq = 0;
  event.facts.ack = 1;
  return event;
}

inline StateEvent seen(Nanos time, End end, TcpState state) {
  return {.time = time, .since = time, .end = end, .connection = "main", .state = state};
}

inline Trace sample_trace() {
  const auto client = End::client, server = End::server;
  Trace trace{.case_id = "close/fin-lost",
              .case_file = "cases/close/fin-lost.toml",
              .case_text = "title = \"A <case>\"\n\n[[step]]\nclient = \"connect\"\n",
              .family = "ipv4",
              .sut = "client"};
  trace.environment.kernel = "6.12.0";
  trace.environment.hz = 250;
  trace.environment.ends[0] = {.stack = "linux", .sysctl = {{"net.ipv4.tcp_syn_retries", "5"}}};
  trace.environment.ends[1] = {.stack = "lwip", .sysctl = {{"net.ipv4.tcp_fin_timeout", "60"}}};
  trace.rules.resize(2);
  SegmentEvent again = sent(1s, 2, client, Flags::syn);
  again.facts.retransmission = true;
  again.facts.retransmission_number = 1;
  EmissionEvent forged{.time = 1300ms, .of = 0, .toward = client, .why = "forged"};
  forged.segment.emplace().flags.bits = Flags::rst;
  forged.head.resize(40);
  trace.events = {CallEvent{.time = 0s, .step = 0, .end = client, .call = "connect"},
                  sent(0s, 1, client, Flags::syn, "drop", 0),
                  seen(0s, client, TcpState::SYN_SENT),
                  again,
                  seen(1s, server, TcpState::SYN_RECV),
                  sent(1s, 3, server, Flags::syn | Flags::ack),
                  seen(1s, client, TcpState::ESTABLISHED),
                  ResultEvent{.time = 1s, .step = 0, .began = 0s, .ended = 1s},
                  sent(1010ms, 4, client, Flags::ack, "hold", 1),
                  EmissionEvent{.time = 1250ms, .of = 4, .toward = server, .why = "released"},
                  forged,
                  LinkEvent{.time = 2s, .up = false},
                  sent(2s, 5, client, Flags::fin | Flags::ack, "drop", -2),
                  LinkEvent{.time = 86402s, .up = true}};
  trace.length = 86402s;
  return trace;
}

// Its findings: the call as wanted, the gap broken at the 2nd SYN, one without a moment.
inline CaseResult sample_result_of_trace() {
  CaseResult result = failed_sample();
  result.names = {.rules = {"lose-syn", "hold-ack"}, .steps = {"client: connect"}};
  result.findings = {{.what = "client: connect (step-1)",
                      .wanted = "succeeds",
                      .got = "succeeds",
                      .owner = End::client,
                      .line = 4,
                      .event = 7},
                     {.status = Finding::Status::broken,
                      .what = "gaps between every SYN from the client",
                      .wanted = "3s",
                      .got = "1s",
                      .owner = End::client,
                      .line = 4,
                      .event = 3},
                     {.status = Finding::Status::unclear, .what = "final state of the server"}};
  return result;
}

}  // namespace faultline
