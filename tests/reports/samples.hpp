// Results for the report tests: one of every outcome, and one whose every text is hostile.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

using namespace std::string_literals;

inline RunInfo sample_info() {
  return {.version = "0.1.0",
          .kernel = "6.18.0",
          .hostname = "bench",
          .started = "2025-01-31T12:00:00Z",
          .hz = 250,
          .seed = 7,
          .wall = 66s};
}

inline RunInfo interrupted_info() {
  RunInfo info = sample_info();
  info.interrupted = true;
  return info;
}

// Of three shards two are not there.
inline RunInfo info_without_shards() {
  RunInfo info = sample_info();
  info.asked.shards = 3;
  info.absent_shards = {1, 3};
  return info;
}

inline CaseResult sample(std::string case_id, Outcome outcome, std::string reason = "") {
  return {.case_id = case_id,
          .title = "A title",
          .file = "cases/" + case_id + ".toml",
          .sut = "client",
          .stack = "linux",
          .outcome = outcome,
          .reason = std::move(reason),
          .took = 1500ms,
          .rerun = "faultline run '" + case_id + "' --ipv4 --seed 7"};
}

inline CaseResult failed_sample() {
  CaseResult result = sample("close/fin-lost", Outcome::FAIL, "the 3rd gap is too long");
  result.title = "A lost FIN is retransmitted with exponential backoff";
  result.spec = {"RFC 6298 5.5"};
  result.line = 23;
  result.took = 65551ms;
  result.trace_file = "out/close/fin-lost[ipv4].json";
  result.story = {"0.000s client: connect",
                  "1.204s client > FIN ACK seq 1: dropped by rule 'fins'"};
  result.findings = {
      {.what = "client: connect succeeds", .line = 17},
      {.status = Finding::Status::broken,
       .what = "gaps between every FIN from the client",
       .wanted = "200ms, 400ms, 800ms",
       .got = "204ms, 408ms, 1.9s",
       .tolerance = "-1ms +32ms (one granule at 250 Hz)",
       .evidence = {"3.712s client > RST seq 2", "and nothing after it"},
       .owner = End::client,
       .line = 23},
      {.status = Finding::Status::unclear, .what = "only legal transitions"},
  };
  return result;
}

inline std::vector<CaseResult> one_of_each() {
  using enum Outcome;
  return {sample("handshake/plain", PASS),
          failed_sample(),
          sample("close/known", XFAIL, "Linux gives up early"),
          sample("close/fixed", XPASS, "known.toml is out of date"),
          sample("data/window", SKIP, "--sysctl changes what it expects"),
          sample("data/cork", UNSUPPORTED, "no TCP_CORK"),
          sample("data/late", INCONCLUSIVE, "the harness was 80ms late"),
          sample("toplevel", ERROR, "the driver died")};
}

// Markup, control characters, what steers a terminal, bytes that are no UTF-8, noncharacters.
inline const std::string nasty =
    "<b a='1'>&amp;]]>\"\x1b[2J\x1b]0;x\x07\r\n\t\x00\x7f"
    "\xff\xc3(\xed\xa0\x80\xc2\x9b\xe2\x80\xae\xef\xbf\xbf\xf4\x90\x80\x80 caf\xc3\xa9 {} %s"s;

inline CaseResult nasty_sample() {
  CaseResult result = failed_sample();
  result.case_id = "close/" + nasty;
  for (std::string* text : {&result.title, &result.file, &result.sut, &result.stack, &result.reason,
                            &result.rerun, &result.trace_file})
    *text = nasty;
  result.spec = result.story = {nasty, nasty};
  for (Finding& finding : result.findings) {
    finding.what = finding.wanted = finding.got = finding.tolerance = nasty;
    finding.evidence = {nasty, nasty};
  }
  return result;
}

inline RunInfo nasty_info() {
  RunInfo info = sample_info();
  info.version = info.kernel = info.hostname = info.started = nasty;
  return info;
}

}  // namespace faultline
