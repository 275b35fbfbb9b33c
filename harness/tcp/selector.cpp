#include "harness/tcp/selector.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace faultline {
namespace {

constexpr uint16_t always_compared = Flags::syn | Flags::fin | Flags::rst | Flags::ack | Flags::urg;

bool overlaps(Range range, uint32_t first, uint32_t length) {
  const uint64_t last = uint64_t{first} + (length == 0 ? 0 : length - 1);
  return range.low <= last && first <= range.high;
}

bool is_exactly(Flags wanted, Flags got) {
  const uint16_t compared = always_compared | wanted.bits;
  return (got.bits & compared) == wanted.bits;
}

bool covers(Range bytes, uint32_t first, uint32_t length) {
  return length != 0 && overlaps(bytes, first, length);
}

bool is_one_of(const std::vector<SegmentKind>& wanted, SegmentKinds got) {
  return std::ranges::any_of(wanted, [&](SegmentKind kind) { return got.has(kind); });
}

bool carries(const std::bitset<256>& options, const std::vector<uint8_t>& wanted) {
  return std::ranges::all_of(wanted, [&](uint8_t kind) { return options[kind]; });
}

std::string option_text(uint8_t kind) {
  const auto known = std::ranges::find(tcp_option_names(), kind, &OptionName::kind);
  return known == tcp_option_names().end() ? fmt::format("{}", kind) : std::string(known->name);
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
  const char* suffix = teen          ? "th"
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

std::span<const OptionName> tcp_option_names() {
  static constexpr std::array names{OptionName{"mss", 2},
                                    OptionName{"window-scale", 3},
                                    OptionName{"sack-permitted", 4},
                                    OptionName{"sack", 5},
                                    OptionName{"timestamps", 8},
                                    OptionName{"md5", 19},
                                    OptionName{"user-timeout", 28},
                                    OptionName{"ao", 29},
                                    OptionName{"mptcp", 30},
                                    OptionName{"fast-open", 34}};
  return names;
}

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
  if (selector.retransmission_number &&
      !selector.retransmission_number->contains(facts.retransmission_number))
    return false;
  if (!selector.kinds.empty() && !is_one_of(selector.kinds, facts.kinds)) return false;
  if (!carries(segment.options, selector.options)) return false;
  if (selector.window && !selector.window->contains(segment.window)) return false;
  if (selector.bytes && !(facts.seq && covers(*selector.bytes, *facts.seq, segment.payload_length)))
    return false;
  if (selector.ack && !(facts.ack && selector.ack->contains(*facts.ack))) return false;
  if (selector.while_) {
    const auto& state = facts.states[index(selector.while_->end)];
    if (!state ||
        std::ranges::find(selector.while_->states, *state) == selector.while_->states.end())
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

std::string describe_none(const Selector& selector) {
  constexpr std::string_view every = "every ";
  const std::string text = describe(selector);
  return text.starts_with(every) ? "no " + text.substr(every.size()) : "never " + text;
}

std::string describe(const Selector& selector) {
  std::string text = selector.nth.empty() ? "every " : "the " + ordinals(selector.nth) + " ";
  if (selector.retransmission_number)
    text += fmt::format("{} retransmission of a ", ordinals({*selector.retransmission_number}));
  else if (selector.retransmission)
    text += *selector.retransmission ? "retransmitted " : "first-sent ";
  if (!selector.kinds.empty()) {
    std::vector<std::string_view> names;
    for (const SegmentKind kind : selector.kinds) names.push_back(to_string(kind));
    text += fmt::format("{} ", fmt::join(names, " or "));
  }
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
  if (selector.bytes) text += fmt::format(" with stream byte {}", to_string(*selector.bytes));
  if (!selector.options.empty()) {
    std::vector<std::string> names;
    for (const uint8_t kind : selector.options) names.push_back(option_text(kind));
    text += fmt::format(" with option {}", fmt::join(names, " and "));
  }
  if (selector.window) text += fmt::format(" with window {}", to_string(*selector.window));
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
