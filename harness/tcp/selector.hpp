// Which segments: the one language in which rules, waits and expectations name segments.
// A selector says only what it cares about; an absent field matches everything.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/tcp/segment.hpp"

namespace faultline {

// Whole numbers from `low` to `high`, both included. Written "3", "2-4" or "5+" (5 and more).
struct Range {
  static constexpr uint64_t open = std::numeric_limits<uint64_t>::max();
  uint64_t low = 0, high = open;
  [[nodiscard]] bool contains(uint64_t n) const { return low <= n && n <= high; }
  [[nodiscard]] bool operator==(const Range&) const = default;
};
[[nodiscard]] std::optional<Range> range_from_string(std::string_view text);
[[nodiscard]] std::string to_string(Range range);

struct Selector {
  std::optional<End> from;
  std::optional<std::string> connection;
  // Exactly these of SYN FIN RST ACK URG. PSH, ECE, CWR and AE count only where they are named:
  // which segments of a stream carry them is the sender's choice.
  std::optional<Flags> flags;
  // At least these, whatever else is set.
  std::optional<Flags> has;
  std::optional<bool> retransmission;
  // Of the retransmissions of one and the same segment, which. Empty: all.
  std::optional<Range> retransmission_number;
  // Is at least one of these. Empty: any or none.
  std::vector<SegmentKind> kinds;
  // Carries each of these options (IANA's kinds).
  std::vector<uint8_t> options;
  std::optional<Range> window;  // as it stands in the header, unscaled
  // Its payload covers at least one of these bytes of its sender's stream; the first is number 1,
  // as its sequence number is.
  std::optional<Range> bytes;
  std::optional<Range> payload;  // the length of the payload in bytes
  // The sequence numbers of the segment, relative to its sender's ISN, overlap this range. A
  // segment without sequence space counts as its sequence number alone.
  std::optional<Range> seq;
  std::optional<Range> ack;  // the acknowledgement number, relative to the other end's ISN
  // Only while that end is in one of these states. An end that was not looked at is in none.
  struct While {
    End end = End::client;
    std::vector<TcpState> states;
  };
  std::optional<While> while_;
  // Of the segments that all the rest selects: the first is number 1. Empty: all.
  std::vector<Range> nth;

  [[nodiscard]] bool looks_at_states() const { return while_.has_value(); }
};

// Everything but `nth`.
[[nodiscard]] bool matches(const Selector& selector, const Segment& segment,
                           const SegmentFacts& facts);

// A necessary condition, cheap to ask: of many rules most are settled by it.
class Sieve {
 public:
  explicit Sieve(const Selector& selector);
  // False only where `matches` is. No branch in it: which condition fails cannot be predicted.
  [[nodiscard]] bool passes(const Segment& segment, const SegmentFacts& facts) const {
    const bool flags = (segment.flags.bits & flags_compared_) == flags_wanted_;
    const bool payload =
        (payload_low_ <= segment.payload_length) & (segment.payload_length <= payload_high_);
    const int masks = (from_ >> index(facts.from)) & (retransmission_ >> int{facts.retransmission});
    return flags & payload & ((masks & 1) != 0);
  }

 private:
  uint16_t flags_compared_ = 0, flags_wanted_ = 0;
  uint8_t from_ = 0b11, retransmission_ = 0b11;  // a bit for each value that passes
  uint32_t payload_low_ = 0, payload_high_ = std::numeric_limits<uint32_t>::max();
};

// Counts along one run: true for the segments that `selector` names, `nth` included.
class Matcher {
 public:
  explicit Matcher(Selector selector) : selector_(std::move(selector)) {}
  [[nodiscard]] bool operator()(const Segment& segment, const SegmentFacts& facts);
  [[nodiscard]] const Selector& selector() const { return selector_; }

 private:
  Selector selector_;
  uint64_t seen_ = 0;
};

// The options that have a name, for `options`: "mss" is 2.
struct OptionName {
  std::string_view name;
  uint8_t kind;
};
[[nodiscard]] std::span<const OptionName> tcp_option_names();

// In words, for reports: "the client's 2nd SYN", "server segments with payload 1-100".
[[nodiscard]] std::string describe(const Selector& selector);
// The same of segments that must not come: "no RST from the server".
[[nodiscard]] std::string describe_none(const Selector& selector);

}  // namespace faultline
