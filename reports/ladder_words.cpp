#include "reports/ladder_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace faultline {
namespace {

using Seconds = std::chrono::duration<double>;

std::string number(std::optional<uint32_t> relative, Seq raw) {
  return relative ? std::to_string(*relative) : fmt::format("#{}", raw.raw());
}

std::string rule_name(int rule, const EventNames& names) {
  if (rule < static_cast<int>(names.rules.size())) return names.rules[static_cast<size_t>(rule)];
  return std::to_string(int64_t{rule} + 1);
}

std::string or_none(const auto& value) {
  return value ? std::to_string(*value) : "none";
}

// A list of what differs between two segments.
class Changes {
 public:
  void add(std::string_view field, const std::string& before, const std::string& after) {
    if (before != after) all_.push_back(fmt::format("{} {} → {}", field, before, after));
  }
  [[nodiscard]] std::string text() const { return fmt::format("{}", fmt::join(all_, ", ")); }

 private:
  std::vector<std::string> all_;
};

std::string_view without_end(std::string_view step) {
  for (const std::string_view end : {"client: ", "server: "})
    if (step.starts_with(end)) step.remove_prefix(end.size());
  if (const auto at = step.find(", in the background"); at != step.npos) step = step.substr(0, at);
  return step;
}

}  // namespace

std::string ladder_label(const Segment& segment, const SegmentFacts& facts) {
  std::string text = to_string(segment.flags) + " seq " + number(facts.seq, segment.seq);
  if (segment.flags.has(Flags::ack)) text += " ack " + number(facts.ack, segment.ack);
  if (segment.payload_length > 0) text += fmt::format(" len {}", segment.payload_length);
  if (!segment.flags.has(Flags::rst)) text += fmt::format(" win {}", segment.window);
  if (segment.flags.has(Flags::urg)) text += fmt::format(" urgent {}", segment.urgent);
  if (segment.sack.size() > 0) text += fmt::format(" sack ×{}", segment.sack.size());
  return text;
}

std::string ladder_changes(const SegmentEvent& before, const EmissionEvent& after) {
  if (!after.segment) return "";
  const Segment &a = before.segment, &b = *after.segment;
  const bool relative = before.facts.seq && after.facts.seq;
  const bool relative_ack = before.facts.ack && after.facts.ack;
  Changes changes;
  changes.add("flags", to_string(a.flags), to_string(b.flags));
  changes.add("seq", number(relative ? before.facts.seq : std::nullopt, a.seq),
              number(relative ? after.facts.seq : std::nullopt, b.seq));
  if (a.flags.has(Flags::ack) && b.flags.has(Flags::ack))
    changes.add("ack", number(relative_ack ? before.facts.ack : std::nullopt, a.ack),
                number(relative_ack ? after.facts.ack : std::nullopt, b.ack));
  changes.add("len", std::to_string(a.payload_length), std::to_string(b.payload_length));
  changes.add("win", std::to_string(a.window), std::to_string(b.window));
  changes.add("urgent", std::to_string(a.urgent), std::to_string(b.urgent));
  changes.add("mss", or_none(a.mss), or_none(b.mss));
  changes.add("scale", or_none(a.window_scale), or_none(b.window_scale));
  changes.add("sack-permitted", a.sack_permitted ? "yes" : "no", b.sack_permitted ? "yes" : "no");
  if (a.timestamps && !b.timestamps) changes.add("timestamps", "some", "none");
  if (a.timestamps && b.timestamps) {
    changes.add("ts", std::to_string(a.timestamps->value), std::to_string(b.timestamps->value));
    changes.add("ts echo", std::to_string(a.timestamps->echo), std::to_string(b.timestamps->echo));
  }
  changes.add("sack blocks", std::to_string(a.sack.size()), std::to_string(b.sack.size()));
  changes.add("checksum", a.checksum_ok ? "right" : "wrong", b.checksum_ok ? "right" : "wrong");
  return changes.text();
}

std::string ladder_fate(const SegmentEvent& event, const EventNames& names) {
  if (event.rule == -2) return "lost: the link is unplugged";
  const std::string_view word = event.fate == "drop"     ? "dropped"
                                : event.fate == "hold"   ? "held"
                                : event.fate == "change" ? "changed"
                                                         : "";
  if (word.empty()) return "";
  if (event.rule < 0) return std::string(word);
  return fmt::format("{} by rule '{}'", word, rule_name(event.rule, names));
}

std::string ladder_call(const CallEvent& event, const EventNames& names) {
  const auto step = static_cast<size_t>(event.step);
  if (event.step >= 0 && step < names.steps.size())
    return std::string(without_end(names.steps[step]));
  const bool named = !event.socket.empty() && event.socket != "main";
  return event.call + (named ? ", socket " + event.socket : "");
}

std::string ladder_result(const ResultEvent& event) {
  std::string text = "→ ";
  if (event.error)
    text += *event.error;
  else if (event.eof)
    text +=
        event.value != 0 ? fmt::format("{} bytes, end of stream", event.value) : "end of stream";
  else
    text += event.value != 0 ? std::to_string(event.value) : "ok";
  if (event.mismatch) text += fmt::format(", wrong byte at {}", *event.mismatch);
  if (const Nanos took = event.ended - event.began; took >= 1ms) text += ", " + ladder_length(took);
  return text;
}

std::string ladder_clock(Nanos time) {
  const double seconds = Seconds(time).count();
  if (seconds < 60) return fmt::format("{:.3f} s", seconds);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  const auto whole = ms / 1000;
  const std::string clock = fmt::format("{}:{:02}:{:02}.{:03}", whole / 3600 % 24, whole / 60 % 60,
                                        whole % 60, ms % 1000);
  return whole < 86400 ? clock : fmt::format("{}d {}", whole / 86400, clock);
}

std::string ladder_length(Nanos length) {
  const double seconds = Seconds(length).count();
  const auto whole = std::chrono::round<std::chrono::seconds>(length).count();
  if (length < 100ms) return fmt::format("{:.3g} ms", seconds * 1000);
  if (length < 1s) return fmt::format("{:.0f} ms", seconds * 1000);
  if (length < 10s) return fmt::format("{:.3f} s", seconds);
  if (length < 60s) return fmt::format("{:.2f} s", seconds);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {} h", whole / 86400, whole / 3600 % 24);
}

std::string_view status_sign(Finding::Status status) {
  switch (status) {
    case Finding::Status::met:
      return "✓";
    case Finding::Status::broken:
      return "✗";
    case Finding::Status::unclear:
      return "?";
  }
  return "";
}

}  // namespace faultline
