// A rig for injectors that look into packets: real bytes are parsed and tracked as the wire does
// it, and what the wire would send is parsed again.
#pragma once

#include <algorithm>
#include <memory>

#include "injectors/parse.hpp"
#include "injectors/tracker.hpp"
#include "tests/injectors/packets.hpp"
#include "tests/injectors/rig.hpp"

namespace faultline::testing {

struct SentPacket {
  SegmentId of = 0;
  End toward = End::client;
  std::string why;
  bool is_copy = true;
  Bytes bytes;
  std::optional<ParsedSegment> parsed;  // empty: it is no whole TCP segment
};

// Client 192.0.2.1 (2001:db8::1), port 40000; server .2 (::2), port 80.
class PacketRig {
 public:
  explicit PacketRig(const std::vector<RuleSpec>& rules, int version = 4)
      : engine(make_rules(rules)), version_(version) {
    tracker.expect_connect(End::client, "main");
  }

  // What became of it, as `Rig::feed` says it.
  std::string feed(End from, PacketSpec spec, Nanos now = 0s) {
    spec.version = version_;
    spec.source = default_address(version_, from == End::client ? 1 : 2);
    spec.destination = default_address(version_, from == End::client ? 2 : 1);
    if (from == End::server) std::swap(spec.source_port, spec.destination_port);
    return feed(make_packet(spec), now);
  }
  // In a heap block of exactly its size, so that a sanitizer sees whoever reads beyond.
  std::string feed(const Bytes& packet, Nanos now = 0s) {
    const auto block = std::make_unique<std::byte[]>(packet.size());
    std::ranges::copy(packet, block.get());
    const std::span<const std::byte> bytes(block.get(), packet.size());
    const auto parsed = parse_segment(bytes);
    if (!parsed) return std::string(to_string(parsed.error()));
    const SegmentFacts facts = tracker.track(parsed->segment);
    const Arrival arrival{++id, bytes, parsed->segment, facts, tracker.latest()};
    const Decision decision = engine.on_segment(arrival, now);
    if (decision.fate == Fate::pass) tracker.passed(parsed->segment, facts.from);
    collect(decision.fate == Fate::change ? &parsed->segment : nullptr);
    return decision.rule == Decision::no_rule
               ? std::string(to_string(decision.fate))
               : fmt::format("{} {}", to_string(decision.fate), decision.rule);
  }

  // The client's ISN is 1000, the server's 5000. Both offer what a usual SYN does; their clocks
  // stand at 100 and 200.
  void handshake() {
    feed(End::client, {.seq = 1000,
                       .flags = Flags::syn,
                       .tcp_options = from_hex("020405b4 0402 080a 00000064 00000000 01 0303 07")});
    feed(End::server, {.seq = 5000,
                       .ack = 1001,
                       .flags = Flags::syn | Flags::ack,
                       .tcp_options = from_hex("020405b4 0402 080a 000000c8 00000064 01 0303 02")});
    feed(End::client, {.seq = 1001,
                       .ack = 5001,
                       .flags = Flags::ack,
                       .tcp_options = from_hex("0101 080a 00000065 000000c8"),
                       .window = 500});
  }
  void demand(const std::string& fault, const std::string& value) {
    const auto injector = make(fault, value);
    ASSERT_TRUE(injector) << injector.error().what;
    const Seen* seen = tracker.seen("main");
    ASSERT_NE(seen, nullptr);
    engine.on_demand(**injector, *seen, 0s);
    collect(nullptr);
  }

  // What the latest segment, step or timer made the wire send.
  std::vector<SentPacket> sent;
  // The only one of these, parsed.
  [[nodiscard]] const Segment& segment() const {
    static const Segment none;
    EXPECT_EQ(sent.size(), 1u);
    if (sent.size() != 1 || !sent[0].parsed) {
      ADD_FAILURE() << "no segment was sent";
      return none;
    }
    return sent[0].parsed->segment;
  }
  // Why faults could not be done, since the last call.
  std::string troubles() {
    std::string text;
    for (const std::string& why : engine.take_troubles()) text += why + "\n";
    return text;
  }

  Engine engine;
  Tracker tracker{{std::vector{default_address(4, 1), default_address(6, 1)},
                   std::vector{default_address(4, 2), default_address(6, 2)}}};
  SegmentId id = 0;

 private:
  void collect(const Segment* original) {
    sent.clear();
    for (Emission& emission : engine.take_emissions()) {
      const auto parsed = parse_segment(emission.bytes);
      if (parsed)
        tracker.sent_own(parsed->segment, emission.toward, emission.of == id ? original : nullptr);
      sent.push_back({emission.of, emission.toward, std::string(emission.why), emission.is_copy,
                      std::move(emission.bytes), parsed ? std::optional(*parsed) : std::nullopt});
    }
  }

  int version_;
};

// Why this is no value of the fault: "/window: …", the place below the fault's key.
inline std::string refused(const std::string& fault, const std::string& value) {
  const auto made = make(fault, value);
  if (made) return "accepted";
  return made.error().at.substr(("/rule/0/" + fault).size()) + ": " + made.error().what;
}

inline const std::string client_data = R"({"from": "client", "payload": true})";

}  // namespace faultline::testing
