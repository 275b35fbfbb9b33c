#include "reports/pcapng.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "reports/file_names.hpp"
#include "reports/missing_parts.hpp"
#include "reports/pcapng_blocks.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

constexpr uint32_t delivered = 2;
constexpr int unplugged = -2;

uint32_t clamped(uint64_t length) {
  return static_cast<uint32_t>(std::min<uint64_t>(length, std::numeric_limits<uint32_t>::max()));
}

// What an IP header says is the packet's length; that of `head` where it is none.
uint32_t ip_length(const std::vector<std::byte>& head) {
  const auto number = [&](size_t at) {
    return std::to_integer<uint32_t>(head[at]) << 8 | std::to_integer<uint32_t>(head[at + 1]);
  };
  const int version = head.empty() ? 0 : std::to_integer<int>(head[0]) >> 4;
  if (version == 4 && head.size() >= 4) return number(2);
  if (version == 6 && head.size() >= 6) return 40 + number(4);
  return clamped(head.size());
}

class Capture {
 public:
  Capture(const Trace& trace, const EventNames& names, std::string_view program)
      : trace_(trace),
        rules_(names.rules),
        blocks_(safe_text(program), "Linux " + safe_text(trace.environment.kernel),
                safe_text(fmt::format("{} over {}", trace.case_id, trace.family))) {
    const std::optional<End> sut = end_from_string(trace.sut);
    const End first = sut == End::client ? End::server : End::client;
    for (const End end : {first, other(first)}) add_interface(end, sut);
    blocks_.interface("delivered", "what reached the ends");
    interface_of_[index(other(first))] = 1;
    for (const Event& event : trace.events)
      if (const auto* segment = std::get_if<SegmentEvent>(&event))
        segments_.emplace(segment->id, segment);
  }

  std::string whole() {
    for (const Event& event : trace_.events) std::visit([&](const auto& one) { add(one); }, event);
    return blocks_.take();
  }

 private:
  void add_interface(End end, std::optional<End> sut) {
    const std::string name(!sut ? to_string(end) : end == *sut ? "sut" : "ref");
    const EndEnvironment& there = trace_.environment.ends[index(end)];
    blocks_.interface("from-" + name,
                      safe_text(fmt::format("sent by the {} ({})", to_string(end), there.stack)));
  }

  [[nodiscard]] std::string by_rule(int rule) const {
    if (rule < 0) return "";
    const auto at = static_cast<size_t>(rule);
    if (at >= rules_.size()) return fmt::format(" by rule {}", at + 1);
    return fmt::format(" by rule '{}'", rules_[at]);
  }

  [[nodiscard]] std::string comment_on(const SegmentEvent& event) const {
    if (event.rule == unplugged) return "lost: the link was unplugged";
    if (event.fate == "drop") return "dropped" + by_rule(event.rule);
    if (event.fate == "hold") return "held" + by_rule(event.rule);
    if (event.fate == "change") return "changed" + by_rule(event.rule);
    return event.rule < 0 ? "" : "passed" + by_rule(event.rule);
  }

  // "released: segment 12, held by rule 'late'", "forged: because of segment 3, by rule 'reset'"
  [[nodiscard]] std::string comment_on(const EmissionEvent& event) const {
    const auto cause = segments_.find(event.of);
    if (cause == segments_.end()) return event.why;
    const std::string_view link = event.head.empty() ? "" : "because of ";
    return fmt::format("{}: {}segment {}{}", event.why, link, event.of,
                       by_rule(cause->second->rule));
  }

  void add(const SegmentEvent& event) {
    PcapngBlocks::Packet packet{
        .interface = interface_of_[index(event.facts.from)],
        .time = event.time,
        .bytes = event.header,
        .whole_length = clamped(uint64_t{event.header.size()} + event.segment.payload_length),
        .id = event.id};
    const std::string comment = safe_text(comment_on(event));
    packet.comment = comment;
    put(packet);
    if (event.fate != "pass") return;
    packet.interface = delivered;
    packet.outbound = true;
    put(packet);
  }

  void add(const EmissionEvent& event) {
    const auto cause = segments_.find(event.of);
    const bool is_copy = event.head.empty();
    if (is_copy && cause == segments_.end()) return;  // nothing of it is known
    const auto& head = is_copy ? cause->second->header : event.head;
    const Segment* const segment = is_copy         ? &cause->second->segment
                                   : event.segment ? &*event.segment
                                                   : nullptr;
    const std::string comment = safe_text(comment_on(event));
    put({.interface = delivered,
         .time = event.time,
         .bytes = head,
         .whole_length =
             segment ? clamped(uint64_t{head.size()} + segment->payload_length) : ip_length(head),
         .outbound = true,
         .id = is_copy ? event.of : 0,
         .comment = comment});
  }

  void add(const OddPacketEvent& event) {
    const std::string comment = safe_text(event.what + ": passed");
    PcapngBlocks::Packet packet{.interface = interface_of_[index(event.from)],
                                .time = event.time,
                                .bytes = event.head,
                                .whole_length = ip_length(event.head),
                                .comment = comment};
    put(packet);
    packet.interface = delivered;
    packet.outbound = true;
    put(packet);
  }

  template <class Other>
  void add(const Other& /*no packet*/) {}

  void put(const PcapngBlocks::Packet& packet) {
    if (!packet.bytes.empty()) blocks_.packet(packet);
  }

  const Trace& trace_;
  const std::vector<std::string>& rules_;
  PcapngBlocks blocks_;
  std::array<uint32_t, 2> interface_of_{};
  std::unordered_map<uint64_t, const SegmentEvent*> segments_;
};

}  // namespace

std::string pcapng(const Trace& trace, const EventNames& names, std::string_view program) {
  return Capture(trace, names, program).whole();
}

Result<void> pcapng_report(const RunInfo& info, const std::vector<CaseResult>& results,
                           const TraceSource& trace_of, const FileSink& sink) {
  const std::string program = "faultline " + info.version;
  const std::vector<std::string> names = file_names(results);
  std::string index_text;
  for (size_t i = 0; i < results.size(); ++i) {
    const auto trace = trace_of(results[i]);
    const std::string file = names[i] + ".pcapng";
    if (trace)
      if (const auto done = sink(file, pcapng(*trace, results[i].names, program)); !done)
        return done;
    index_text +=
        fmt::format("{}  {}  {}\n", to_string(results[i].outcome), safe_text(results[i].variant()),
                    trace ? file : "no capture: " + safe_text(trace.error().what));
  }
  for (const std::string& part : missing_parts(info)) index_text += part + "\n";
  return sink("index.txt", index_text);
}

}  // namespace faultline
