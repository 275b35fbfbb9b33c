#include "harness/trace/describe.hpp"

#include <fmt/format.h>

namespace faultline {
namespace {

// The connection is named only where there is more than the usual one.
std::string end_name(End end, const std::string& connection) {
  const std::string name(to_string(end));
  return connection.empty() || connection == "main" ? name : name + ":" + connection;
}

// What a segment says besides its numbers: of what the wire made, all of it.
std::string header_details(const Segment& segment) {
  std::string text = fmt::format(" ttl {}", segment.ttl);
  if (segment.flags.has(Flags::urg)) text += fmt::format(" urgent {}", segment.urgent);
  if (segment.mss) text += fmt::format(" mss {}", *segment.mss);
  if (segment.window_scale) text += fmt::format(" scale {}", *segment.window_scale);
  if (segment.sack_permitted) text += " sack-permitted";
  if (!segment.sack.empty()) text += fmt::format(" sack x{}", segment.sack.size());
  if (segment.timestamps)
    text += fmt::format(" ts {}/{}", segment.timestamps->value, segment.timestamps->echo);
  return text;
}

struct Describer {
  const EventNames& names;

  std::string rule(int number) const {
    if (number < static_cast<int>(names.rules.size()))
      return fmt::format(" by rule '{}'", names.rules[static_cast<size_t>(number)]);
    return fmt::format(" by rule {}", int64_t{number} + 1);
  }

  std::string step(int number) const {
    if (number < 0) return "set-up";
    if (number < static_cast<int>(names.steps.size()))
      return names.steps[static_cast<size_t>(number)];
    return fmt::format("step {}", int64_t{number} + 1);
  }

  std::string fate(const SegmentEvent& e) const {
    if (e.rule == -2) return ": lost, the link was unplugged";
    const std::string_view word = e.fate == "drop"     ? "dropped"
                                  : e.fate == "hold"   ? "held"
                                  : e.fate == "change" ? "changed"
                                                       : "passed";
    if (e.rule >= 0) return fmt::format(": {}{}", word, rule(e.rule));
    return e.fate == "pass" ? "" : fmt::format(": {}", word);
  }

  std::string operator()(const SegmentEvent& e) const {
    std::string text = fmt::format("{} > {}", end_name(e.facts.from, e.facts.connection),
                                   describe(e.segment, e.facts));
    if (e.facts.retransmission) text += " (retransmission)";
    if (!e.segment.checksum_ok) text += " (bad checksum)";
    return text + fate(e);
  }

  std::string operator()(const EmissionEvent& e) const {
    const std::string to = fmt::format("wire > {}", end_name(e.toward, e.facts.connection));
    if (!e.segment)
      return e.head.empty() ? fmt::format("{}: a copy of segment {} ({})", to, e.of, e.why)
                            : fmt::format("{}: {}", to, e.why);
    std::string text = fmt::format("{}: {}", to, describe(*e.segment, e.facts));
    if (!e.head.empty()) text += header_details(*e.segment);
    if (!e.segment->checksum_ok) text += " (bad checksum)";
    return fmt::format("{} ({})", text, e.why);
  }

  std::string operator()(const OddPacketEvent& e) const {
    return fmt::format("{} > {}: passed", to_string(e.from), e.what);
  }

  std::string operator()(const StateEvent& e) const {
    return fmt::format("{} is {}", end_name(e.end, e.connection), to_string(e.state));
  }

  std::string operator()(const CallEvent& e) const {
    const bool named = !e.socket.empty() && e.socket != "main";
    return fmt::format("{}: {}{}", to_string(e.end), e.call,
                       named ? fmt::format(" on '{}'", e.socket) : "");
  }

  std::string operator()(const ResultEvent& e) const {
    std::string outcome = e.error ? fmt::format("failed with {}", *e.error) : "succeeded";
    if (e.eof) outcome += ", end of the stream";
    if (e.value != 0) outcome += fmt::format(", value {}", e.value);
    if (e.mismatch) outcome += fmt::format(", wrong byte at offset {}", *e.mismatch);
    return fmt::format("{} {} after {}", step(e.step), outcome, format_duration(e.ended - e.began));
  }

  std::string operator()(const WaitEvent& e) const {
    return fmt::format("{}: {}", step(e.step), e.satisfied ? "it came" : "given up");
  }

  std::string operator()(const LinkEvent& e) const {
    return e.up ? "the link is plugged in" : "the link is unplugged";
  }

  std::string operator()(const StallEvent& e) const {
    return fmt::format("the harness was {} late", format_duration(e.length));
  }

  std::string operator()(const TroubleEvent& e) const {
    return fmt::format("{}: {}", to_string(e.kind), e.what);
  }
};

}  // namespace

std::string_view to_string(TroubleEvent::Kind kind) {
  switch (kind) {
    case TroubleEvent::Kind::error:
      return "error";
    case TroubleEvent::Kind::inconclusive:
      return "inconclusive";
    case TroubleEvent::Kind::unsupported:
      return "unsupported";
  }
  return "?";
}

std::string format_moment(Nanos time) {
  return fmt::format("{:.3f}s", std::chrono::duration<double>(time).count());
}

std::string describe(const Event& event, const EventNames& names) {
  return format_moment(time_of(event)) + " " + std::visit(Describer{names}, event);
}

}  // namespace faultline
