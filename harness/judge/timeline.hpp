// A trace with its parts at hand: what the expectations ask of it.
#pragma once

#include <map>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/trace/describe.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

class Timeline {
 public:
  // Both must outlive this.
  Timeline(const Case& the_case, const Trace& trace);

  [[nodiscard]] const Case& the_case() const { return case_; }
  [[nodiscard]] const Trace& trace() const { return trace_; }

  [[nodiscard]] const std::vector<const SegmentEvent*>& segments() const { return segments_; }
  // Those that the selector names, `nth` included.
  [[nodiscard]] std::vector<const SegmentEvent*> select(const Selector& selector) const;
  // In the order they were seen. Empty where that end was never seen in any state.
  [[nodiscard]] std::vector<const StateEvent*> states(const ConnectionEnd& end) const;

  // By the step's index; null where it did not come to that.
  [[nodiscard]] const CallEvent* call(int step) const;
  [[nodiscard]] const ResultEvent* result(int step) const;
  [[nodiscard]] const WaitEvent* wait(int step) const;
  [[nodiscard]] int step_index(const std::string& name) const;  // the reader checked that it exists

  // Which of the trace's events this is; nothing of null. REQUIRES: it points into the trace.
  [[nodiscard]] std::optional<size_t> index_of(const void* event) const;

  // How the case calls its rules and steps.
  [[nodiscard]] const EventNames& names() const { return names_; }

  // The longest time that the harness itself was late between two points in time.
  [[nodiscard]] Nanos longest_stall(Nanos from, Nanos to) const;

  // A segment left an end, or something reached one: a segment that passed or was let go later, or
  // what the wire changed or forged, as it was then. In the order of the times, and where those are
  // equal, as in virtual time, in the order in which it happened.
  struct Crossing {
    Nanos time{};
    const SegmentEvent* departure = nullptr;  // or null: an arrival
    End from = End::client;
    std::string_view connection;
    const Segment* segment = nullptr;
  };
  [[nodiscard]] std::vector<Crossing> crossings() const;

  // Whether the wire put bytes of its own into what this end received, or took some out of line: its
  // stream is then no longer the other end's.
  [[nodiscard]] bool wire_made_stream(const ConnectionEnd& receiver) const;

  // When it, or what the wire made of it, reached the other end: nothing where nothing did.
  [[nodiscard]] std::optional<Nanos> delivered(const SegmentEvent& segment) const;

  // The bounds of the round-trip times that this end's stack can have measured: from a segment that
  // takes sequence space to the delivery of the first that acknowledges it, as seen at the wire, the
  // harness having been late with it as much as it may.
  struct RoundTrip {
    Nanos low{}, high{};
  };
  [[nodiscard]] RoundTrip round_trip(End end) const;

 private:
  const Case& case_;
  const Trace& trace_;
  EventNames names_;
  std::vector<const SegmentEvent*> segments_;
  std::map<int, const CallEvent*> calls_;
  std::map<int, const ResultEvent*> results_;
  std::map<int, const WaitEvent*> waits_;
  std::map<uint64_t, Nanos> released_;  // by the id of a held segment
  std::vector<const StallEvent*> stalls_;
};

}  // namespace faultline
