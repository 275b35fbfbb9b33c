#include "harness/tcp/selector.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace faultline {
namespace {

constexpr uint16_t always_compared =
    Flags::syn | Flags::fin | Flags::rst | Flags::ack | Flags::urg;

bool overlaps(Range range, uint32_t first, uint32_t length) {
  const uint64_t last = uint64_t{first} + (length == 0 ? 0 : length - 1);
  return range.low <= last && first <= range.high;
}

bool is_exactly(Flags wanted, Flags got) {
  const uint16_t compared = always_compared | wanted.bits;
  return (got.bits & compared) == wanted.bits;
}

std::optional<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::string ordinal(uint64_t n) {
  const uint64_t tens = n % 100;
  const bool teen = tens >= 11 && tens <= 13;
  const char* suffix = teen             ? "th"
                       : n % 10 == 1 ? "st"
                       : n % 10 == 2 ? "nd"
                       : n % 10 == 3 ? "rd"
                                     : "th";
  return fmt::format("{}{}", n, suffix);
}

std::string ordinals(const std::vector<Range>& nth) {
  std::vector<std::string> parts;
  for (const Range range : nth) {
    if (range.low == range.high)
      parts.push_back(ordinal(range.low));
    else if (range.high == Range::open)
      parts.push_back(fmt::format("{} and later", ordinal(range.low)));
    else
      parts.push_back(fmt::format("{} to {}", ordinal(range.low), ordinal(range.high)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::optional<Range> range_from_string(std::string_view text) {
  if (text.ends_with('+')) {
    const auto low = number(text.substr(0, text.size() - 1));
    if (!low) return {};
    return Range{*low, Range::open};
  }
  const size_t dash = text.find('-');
  const auto low = number(text.substr(0, dash));
  if (!low) return {};
  if (dash == std::string_view::npos) return Range{*low, *low};
  const auto high = number(text.substr(dash + 1));
  if (!high || *high < *low) return {};
  return Range{*low, *high};
}

std::string to_string(Range range) {
  if (range.high == Range::open) return fmt::format("{}+", range.low);
  if (range.low == range.high) return fmt::format("{}", range.low);
  return fmt::format("{}-{}", range.low, range.high);
}

bool matches(const Selector& selector, const Segment& segment, const SegmentFacts& facts) {
  if (selector.from && *selector.from != facts.from) return false;
  if (selector.connection && *selector.connection != facts.connection) return false;
  if (selector.flags && !is_exactly(*selector.flags, segment.flags)) return false;
  if (selector.has && !segment.flags.has(selector.has->bits)) return false;
  if (selector.retransmission && *selector.retransmission != facts.retransmission) return false;
  if (selector.payload && !selector.payload->contains(segment.payload_length)) return false;
  if (selector.seq &&
      !(facts.seq && overlaps(*selector.seq, *facts.seq, segment.sequence_length())))
    return false;
  if (selector.ack && !(facts.ack && selector.ack->contains(*facts.ack))) return false;
  if (selector.while_) {
    const auto& state = facts.states[index(selector.while_->end)];
    if (!state || std::ranges::find(selector.while_->states, *state) ==
                      selector.while_->states.end())
      return false;
  }
  return true;
}

Sieve::Sieve(const Selector& selector) {
  if (selector.from) from_ = static_cast<uint8_t>(1U << index(*selector.from));
  if (selector.retransmission) retransmission_ = *selector.retransmission ? 0b10 : 0b01;
  if (selector.flags) {
    flags_compared_ = always_compared | selector.flags->bits;
    flags_wanted_ = selector.flags->bits;
  }
  if (selector.has) {
    flags_compared_ |= selector.has->bits;
    flags_wanted_ |= selector.has->bits;
  }
  if (selector.payload) {
    constexpr uint64_t most = std::numeric_limits<uint32_t>::max();
    payload_low_ = static_cast<uint32_t>(std::min(selector.payload->low, most));
    payload_high_ = static_cast<uint32_t>(std::min(selector.payload->high, most));
  }
}

bool Matcher::operator()(const Segment& segment, const SegmentFacts& facts) {
  if (!matches(selector_, segment, facts)) return false;
  ++seen_;
  if (selector_.nth.empty()) return true;
  return std::ranges::any_of(selector_.nth, [&](Range r) { return r.contains(seen_); });
}

std::string describe(const Selector& selector) {
  std::string text = selector.nth.empty() ? "every " : "the " + ordinals(selector.nth) + " ";
  if (selector.retransmission) text += *selector.retransmission ? "retransmitted " : "first-sent ";
  if (selector.flags)
    text += to_string(*selector.flags);
  else if (selector.has)
    text += "segment with " + to_string(*selector.has);
  else
    text += "segment";
  if (selector.flags && selector.has) text += " with " + to_string(*selector.has);
  if (selector.from) text += fmt::format(" from the {}", to_string(*selector.from));
  if (selector.connection) text += fmt::format(" of connection {}", *selector.connection);
  if (selector.payload) {
    if (*selector.payload == Range{0, 0})
      text += " without payload";
    else if (*selector.payload == Range{1, Range::open})
      text += " with payload";
    else
      text += fmt::format(" with {} bytes of payload", to_string(*selector.payload));
  }
  if (selector.seq) text += fmt::format(" at sequence {}", to_string(*selector.seq));
  if (selector.ack) text += fmt::format(" acknowledging {}", to_string(*selector.ack));
  if (selector.while_) {
    std::vector<std::string_view> names;
    for (const TcpState state : selector.while_->states) names.push_back(to_string(state));
    text += fmt::format(" while the {} is in {}", to_string(selector.while_->end),
                        fmt::join(names, " or "));
  }
  return text;
}

}  // namespace faultline
