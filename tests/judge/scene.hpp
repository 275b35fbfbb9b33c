// Runs made by hand: a case as text, and what happened in it as a trace.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/judge/judge.hpp"

namespace faultline::test {

// Numbers count from the sender's initial sequence number, as in cases.
struct SceneSegment {
  Nanos at{};
  End from = End::client;
  std::string flags = "ACK";
  uint32_t seq = 0, ack = 0, payload = 0;
  bool retransmission = false;
  std::string fate = "pass";
  uint16_t window = 1000;
  bool checksum_ok = true;
  std::string connection = "main";
  std::optional<uint8_t> scale;
  std::optional<TcpState> server_is;  // the server's state before it crossed
};

class Scene {
 public:
  // A case about the client without its head; the trace is one of a stack under test there, at
  // 250 Hz with Linux's defaults, every rule hit once. A case that the reader refuses is one
  // without steps, and a failure.
  explicit Scene(const std::string& body);

  // `took` is the call's own time. A call that began and did not end: `begins` alone.
  Scene& call(const std::string& step, Nanos at, Nanos took, int64_t value = 0);
  Scene& fails(const std::string& step, Nanos at, Nanos took, const std::string& error);
  Scene& begins(const std::string& step, Nanos at);
  Scene& wait(const std::string& step, Nanos at, bool satisfied = true);
  Scene& segment(const SceneSegment& segment);
  // A held or delayed segment, by its number from 1, is let go.
  Scene& released(uint64_t segment, Nanos at);
  // The wire sends this of its own, for a segment by its number from 1 or, 0, for none. Its numbers
  // are as the end that it goes to counts, if the wire does not shift them.
  Scene& made_by_wire(const SceneSegment& segment, uint64_t of = 0);
  // Seen at `at`, not yet so at `since`.
  Scene& state(End end, TcpState state, Nanos at, std::optional<Nanos> since = {},
               const std::string& connection = "main");
  Scene& stall(Nanos until, Nanos length);
  Scene& trouble(TroubleEvent::Kind kind, const std::string& what);

  [[nodiscard]] CaseResult judged(const std::vector<KnownDeviation>& known = {});
  // The first finding of which this is a part. A run without one has failed the test.
  [[nodiscard]] Finding finding(const std::string& what);
  // The result of the last call of a step, to be changed.
  [[nodiscard]] ResultEvent& result() { return std::get<ResultEvent>(trace.events.back()); }

  Case the_case;
  Trace trace;

 private:
  int step(const std::string& name) const;
  uint64_t segments_ = 0;
};

using Status = Finding::Status;
using enum TcpState;

// A connect() and what it takes to be judged: most scenes are about something else.
inline const std::string connect_step = "[[step]]\nname = \"dial\"\nclient = \"connect\"\n";

}  // namespace faultline::test
