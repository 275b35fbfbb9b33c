// The short texts of a ladder.
#pragma once

#include <string>
#include <string_view>

#include "harness/judge/result.hpp"
#include "harness/trace/describe.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

// "PSH ACK seq 1 ack 1 len 1000 win 502": as on a whiteboard, without what is usual.
[[nodiscard]] std::string ladder_label(const Segment& segment, const SegmentFacts& facts);

// "win 510 → 0, ttl 64 → 63": what the wire changed; "" where no field that is known differs.
[[nodiscard]] std::string ladder_changes(const SegmentEvent& before, const EmissionEvent& after);

// "dropped by rule 'lose-syns'", or "" of what just passed.
[[nodiscard]] std::string ladder_fate(const SegmentEvent& event, const EventNames& names);

// "connect", "send 1000 bytes": of a step's call without its end.
[[nodiscard]] std::string ladder_call(const CallEvent& event, const EventNames& names);
// "→ ETIMEDOUT, 15.47 s"
[[nodiscard]] std::string ladder_result(const ResultEvent& event);

// "15.471 s", "0:02:11.072", "1d 0:00:00.300": a moment.
[[nodiscard]] std::string ladder_clock(Nanos time);
// "31.9 s", "2 min 11 s", "1 d 0 h": a length of time to three places or so.
[[nodiscard]] std::string ladder_length(Nanos length);

// "✓", "✗", "?": how a finding is marked.
[[nodiscard]] std::string_view status_sign(Finding::Status status);

}  // namespace faultline
