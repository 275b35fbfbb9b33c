// The ordered record of one run, and everything that a verdict needs (DESIGN D3). Times are
// nanoseconds since the run began, on a monotonic clock.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/tcp/segment.hpp"
#include "harness/tcp/timer_promise.hpp"
#include "harness/util/time.hpp"

namespace faultline {

// A segment arrived at the wire and was decided about. `time` is the kernel's enqueue time.
struct SegmentEvent {
  Nanos time{};
  uint64_t id = 0;  // from 1
  Segment segment;
  SegmentFacts facts;
  std::string fate;  // "pass", "drop", "hold", "change"
  int rule = -1;     // index of the rule that decided; -1: none did; -2: the link was unplugged
  std::vector<std::byte> header;  // IP and TCP header as they came
};

// The wire sent a packet of its own: a held segment, a duplicate, a changed or forged one.
struct EmissionEvent {
  Nanos time{};
  uint64_t of = 0;  // the id of the segment that it is a copy of or that brought it about; 0: a step
  End toward = End::client;
  std::string why;  // "released", "duplicate", "edited", "forged", …
  // What it says, where it is a whole TCP segment. The relative numbers are as the end that it goes to
  // counts.
  std::optional<Segment> segment;
  SegmentFacts facts;
  std::vector<std::byte> head;  // its first bytes, where they are not those of the segment `of`
};

// A packet that is no TCP segment or is malformed; it was passed on. 
struct OddPacketEvent {
  Nanos time{};
  End from = End::client;
  std::string what;
  std::vector<std::byte> head;  // its first bytes
};

// An end of a connection was seen in a new state. It was still in the former one at `since`, so the
// change happened between the two.
struct StateEvent {
  Nanos time{};
  Nanos since{};
  End end = End::client;
  std::string connection;
  TcpState state = TcpState::CLOSED;
};

struct CallEvent {
  Nanos time{};
  int step = 0;  // index into the case's steps; -1 and below: the set-up's own calls
  End end = End::client;
  std::string call, socket;
};

// The end of a call. `began` and `ended` are the driver's own stamps on the same clock.
struct ResultEvent {
  Nanos time{};
  int step = 0;
  Nanos began{}, ended{};
  std::string connection;            // which the call's socket is an end of; "" for none yet
  std::optional<std::string> error;  // errno's name
  int64_t value = 0;                 // bytes sent or received, an option's value
  bool eof = false;                  // recv: the stream ended
  std::optional<uint64_t> mismatch;  // recv: offset in the stream of the first byte that differs
};

// A wait is over: satisfied, or given up.
struct WaitEvent {
  Nanos time{};
  int step = 0;
  bool satisfied = true;
};

struct LinkEvent {
  Nanos time{};
  bool up = true;
};

// The harness itself was late: it looked at a segment this long after the kernel had queued it.
struct StallEvent {
  Nanos time{};
  Nanos length{};
};

// Something that takes the verdict's ground away.
struct TroubleEvent {
  enum class Kind : uint8_t { error, inconclusive, unsupported };
  Nanos time{};
  Kind kind = Kind::error;
  std::string what;
};

using Event = std::variant<SegmentEvent, EmissionEvent, OddPacketEvent, StateEvent, CallEvent,
                           ResultEvent, WaitEvent, LinkEvent, StallEvent, TroubleEvent>;
[[nodiscard]] Nanos time_of(const Event& event);

struct EndEnvironment {
  std::string stack;                          // "linux"
  std::map<std::string, std::string> sysctl;  // as read back, full names: "net.ipv4.tcp_syn_retries"
  std::optional<Ticks> ticks;                 // of its clock; nothing: Linux's timer wheel
  std::vector<TimerPromise> promises;         // its own, where its timers are not Linux's
};

struct Environment {
  std::string kernel;  // uname -r
  int hz = 0;
  bool virtual_time = false;  // and computing takes none of it: times are exact
  uint64_t seed = 0;
  double timing_scale = 1;
  std::map<std::string, std::string> overrides;  // --sysctl, as given
  std::array<EndEnvironment, 2> ends;
};

struct RuleRecord {
  uint64_t hits = 0;
  uint64_t still_held = 0;
};

struct Trace {
  static constexpr int current_version = 1;
  int version = current_version;
  std::string case_id, case_file, case_text;
  std::string family;  // "ipv4", "ipv6"
  std::string sut;     // "client", "server", "both"
  Environment environment;
  std::vector<RuleRecord> rules;  // one for each of the case's
  std::vector<Event> events;      // ordered by time
  Nanos length{};                 // of the whole run
};

}  // namespace faultline
