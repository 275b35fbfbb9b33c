// A case: one TOML file as plain values. docs/case-format.md is the contract for users;
// `read_case` (harness/case/reader.hpp) makes one of these from text and refuses everything else.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/tcp/selector.hpp"
#include "harness/util/time.hpp"

namespace faultline {

enum class Family : uint8_t { ipv4, ipv6 };
[[nodiscard]] constexpr std::string_view to_string(Family family) {
  return family == Family::ipv4 ? "ipv4" : "ipv6";
}

// What kind of promise a case holds a stack to: an RFC's MUST, SHOULD or MAY, or what the stack's
// own documentation and settings say (DESIGN D8). `endurance`: none in particular; the stack has to
// survive, and only such a case may lose segments at random.
enum class Level : uint8_t { must, should, may, documented, endurance };
[[nodiscard]] std::string_view to_string(Level level);

// Which end the stack under test stands at. `both`: it is judged at either.
enum class About : uint8_t { client, server, both };
[[nodiscard]] std::string_view to_string(About about);

// How long something takes. One of three forms:
//  sum     "63s" or "1s+2s+4s": timers that run one after the other; each may be late by the wheel's
//          granule, so the written composition gives the tighter bound
//  range   { min = "5s", max = "6s" }: exactly that, only the tolerance of the machine is added
//  timer   "timer:connect": the model's prediction from the sysctls in force
struct TimeSpec {
  std::vector<Nanos> sum;
  std::optional<Nanos> min, max;
  std::string timer;

  [[nodiscard]] bool is_literal() const { return timer.empty(); }
};
[[nodiscard]] std::string to_string(const TimeSpec& spec);

// An end of a connection. A connection is named after the socket that called connect(); "main" where
// nothing else is said.
struct ConnectionEnd {
  End end = End::client;
  std::string connection = "main";
  [[nodiscard]] auto operator<=>(const ConnectionEnd&) const = default;
};
[[nodiscard]] std::string to_string(const ConnectionEnd& end);  // "client", "server:two"

struct EndSetup {
  std::map<std::string, std::string> sysctl;  // "tcp_syn_retries" → "5": below net.ipv4 unless dotted
  std::map<std::string, int64_t> options;     // set on every socket before connect or listen
  bool listen = false;                        // a socket "listener" listens before the first step
  int backlog = 16;
};

struct Rule {
  std::string name;  // given, or "rule-1"
  Selector match;
  std::string fault;      // the injector's name: "drop", "delay", …
  nlohmann::json params;  // its parameters as written
  bool optional = false;  // may match nothing
  // It becomes active when that rule has decided about a segment for the first time, or when that
  // step is over; at most one is given. `lasting`: for so long, from then or from the beginning.
  std::string after_rule, after_step;
  std::optional<Nanos> lasting;
};

enum class Call : uint8_t {
  bind, listen, accept, connect, send, recv, shutdown, close, abort, setsockopt, getsockopt, kill
};
[[nodiscard]] std::string_view to_string(Call call);

// A call of the socket interface by one end's application.
struct CallStep {
  End end = End::client;
  Call call = Call::connect;
  std::string socket = "main";
  bool background = false;             // the next step starts as soon as the call is under way
  std::optional<uint64_t> bytes;       // send: how many; recv: until so many (absent: until EOF)
  std::string how;                     // shutdown: "read", "write" or "both"
  std::string option;                  // setsockopt, getsockopt: "TCP_USER_TIMEOUT", …
  std::string field;                   // getsockopt TCP_INFO: "tcpi_rto", …
  int64_t value = 0;                   // setsockopt
  std::optional<uint16_t> port;        // bind, connect: the local port

  // What must come of it. A call that says nothing must succeed; recv with `bytes` must get them all.
  std::optional<std::string> fails;    // errno's name
  bool may_fail = false;               // any outcome will do
  std::optional<Range> returns;        // the value: bytes received, the option's value
  std::optional<TimeSpec> takes;
};

// How long a wait without `within` lasts at most: longer than the timers that most cases wait for
// (a connect() with Linux's defaults gives up after 131 s and its lateness).
inline constexpr Nanos default_within = 3min;

// Goes on when something has happened; `within` bounds it (absent: `default_within`).
struct WaitStep {
  struct ForState {
    ConnectionEnd end;
    std::vector<TcpState> states;
  };
  struct ForSegment {
    Selector segment;  // counted from the start of the run; a past match counts
  };
  struct ForCall {
    std::string step;  // the name of a call in the background
  };
  std::variant<Nanos, ForState, ForSegment, ForCall> until;
  std::optional<Nanos> within;
};

enum class LinkStep : uint8_t { unplug, plug };

// A fault that the wire does at this point, without a segment that brings it about.
struct FaultStep {
  std::string fault;      // the injector's name: "forge", "icmp"
  nlohmann::json params;  // its parameters as written
  std::string connection = "main";
};

struct Step {
  std::string name;  // given, or "step-1"
  std::variant<CallStep, WaitStep, LinkStep, FaultStep> what;
  int line = 0;  // in the case file
};
[[nodiscard]] std::string describe(const Step& step);  // "client: connect", "wait for FIN_WAIT_2 …"

// A point in time of a run, for `times`.
struct Moment {
  struct CallBegins {
    std::string step;
  };
  struct CallEnds {
    std::string step;
  };
  struct SegmentPasses {
    Selector segment;  // the first that it selects (or the one that its `nth` says)
  };
  struct StateBegins {
    ConnectionEnd end;
    TcpState state;
  };
  std::variant<CallBegins, CallEnds, SegmentPasses, StateBegins> what;
};
[[nodiscard]] std::string describe(const Moment& moment);

// The expectations. Each knows its line in the case file, for reports.
struct StatesExpectation {
  ConnectionEnd end;
  std::vector<TcpState> states;  // without the CLOSED or LISTEN that every connection begins in
  bool exactly = true;           // else: these occur, in this order, with others between or around
  int line = 0;
};
struct FinalExpectation {
  ConnectionEnd end;
  TcpState state = TcpState::CLOSED;
  int line = 0;
};
struct GapsExpectation {
  Selector of;
  std::vector<TimeSpec> are;  // between one match and the next, in order: exactly so many
  std::string timer;          // or all from a model
  int line = 0;
};
// What segments can have in common; `CountExpectation` then counts the values, not the segments.
//  seq            the sequence number as it stands in the header
//  seq_high_byte  its highest byte: initial numbers that only follow a clock keep it for long
//  port           the sender's port
enum class Distinct : uint8_t { seq, seq_high_byte, port };
[[nodiscard]] std::string_view to_string(Distinct distinct);  // "seq-high-byte"

struct CountExpectation {
  Selector of;
  std::optional<Distinct> distinct;
  std::optional<Range> is;
  std::string timer;  // or from a model
  int line = 0;
};
struct TimeExpectation {
  Moment from, to;
  TimeSpec is;
  int line = 0;
};
struct NeverExpectation {
  Selector segment;
  int line = 0;
};
struct SegmentsExpectation {
  std::vector<Selector> in_order;  // each matches a segment after the one before it
  int line = 0;
};
struct StreamExpectation {
  ConnectionEnd receiver;
  uint64_t bytes = 0;  // its application got so many, each equal to what the other end sent
  int line = 0;
};
using Expectation =
    std::variant<StatesExpectation, FinalExpectation, GapsExpectation, CountExpectation,
                 TimeExpectation, NeverExpectation, SegmentsExpectation, StreamExpectation>;

struct Case {
  std::string id;    // its path below the suite's folder without ".toml"
  std::string file;  // as it was opened
  std::string text;  // the file's content
  std::string title;
  About about = About::client;
  Level level = Level::must;
  std::vector<std::string> spec;    // where the requirement is written down
  std::vector<std::string> claims;  // ids like "S04"
  bool slow = false;  // takes minutes to days: on a real clock only on request
  std::vector<Family> families{Family::ipv4, Family::ipv6};
  std::array<EndSetup, 2> ends{EndSetup{}, EndSetup{.listen = true}};
  std::vector<Rule> rules;
  std::vector<Step> steps;
  std::vector<Expectation> expectations;

  [[nodiscard]] const EndSetup& setup(End end) const { return ends[index(end)]; }
  // Whether anything in the case needs the ends' states to be observed.
  [[nodiscard]] bool looks_at_states() const;
  // Whether it expects times or numbers that are written out, not "timer:…".
  [[nodiscard]] bool has_literals() const;
};

}  // namespace faultline
