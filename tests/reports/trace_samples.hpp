// A trace for the report tests, with everything that a wire does to a segment.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "harness/trace/describe.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

inline std::vector<std::byte> bytes_of(std::initializer_list<int> numbers) {
  std::vector<std::byte> bytes;
  for (const int number : numbers) bytes.push_back(static_cast<std::byte>(number));
  return bytes;
}

// IPv4 and TCP headers without options, from the client where `from` is it; the checksums are 0,
// which a reader takes for not computed.
inline std::vector<std::byte> sample_header(End from, uint32_t seq, uint8_t flags, int payload) {
  const bool out = from == End::client;
  const int length = 40 + payload;
  auto bytes = bytes_of({0x45, 0, length >> 8, length & 0xff, 0, 0, 0x40, 0, 64, 6, 0, 0});
  const auto add = [&](std::initializer_list<int> more) {
    for (const std::byte byte : bytes_of(more)) bytes.push_back(byte);
  };
  add({192, 0, 2, out ? 1 : 2, 192, 0, 2, out ? 2 : 1});
  const int port = 40000;
  add({out ? port >> 8 : 19, out ? port & 0xff : 136, out ? 19 : port >> 8,
       out ? 136 : port & 0xff});
  add({static_cast<int>(seq >> 24), static_cast<int>(seq >> 16 & 0xff),
       static_cast<int>(seq >> 8 & 0xff), static_cast<int>(seq & 0xff)});
  add({0, 0, 0, 1, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0});
  return bytes;
}

inline SegmentEvent sample_segment(Nanos time, uint64_t id, End from, std::string fate, int rule,
                                   int payload = 0) {
  Segment segment;
  segment.payload_length = static_cast<uint32_t>(payload);
  return {.time = time,
          .id = id,
          .segment = segment,
          .facts = {.from = from, .connection = "main"},
          .fate = std::move(fate),
          .rule = rule,
          .header = sample_header(from, static_cast<uint32_t>(100 * id), 0x10, payload)};
}

// Segment 1 passes, 2 is dropped, 3 held and released, 4 changed, 5 duplicated, 6 lost unplugged; a
// RST is forged, an ICMP error is no segment, and a fragment passes.
inline Trace captured_sample() {
  Trace trace;
  trace.case_id = "close/fin-lost";
  trace.family = "ipv4";
  trace.sut = "server";
  trace.environment.kernel = "6.12.1";
  trace.environment.ends[0].stack = "linux";
  trace.environment.ends[1].stack = "lwip";
  const auto emission = [](Nanos time, uint64_t of, std::string why, std::vector<std::byte> head) {
    return EmissionEvent{.time = time,
                         .of = of,
                         .toward = End::server,
                         .why = std::move(why),
                         .segment = {},
                         .facts = {},
                         .head = std::move(head)};
  };
  EmissionEvent edited = emission(4s, 4, "edited", sample_header(End::client, 999, 0x10, 100));
  edited.segment = Segment{};
  edited.segment->payload_length = 100;
  const auto icmp = bytes_of({0x45, 0, 0,   28, 0, 0, 0x40, 0, 64, 1, 0, 0, 192, 0,
                              2,    1, 192, 0,  2, 2, 3,    4, 0,  0, 0, 0, 0,   0});
  trace.events = {sample_segment(1ns, 1, End::client, "pass", -1, 1000),
                  sample_segment(2s, 2, End::server, "drop", 0),
                  sample_segment(3s, 3, End::client, "hold", 1),
                  sample_segment(4s, 4, End::client, "change", 2, 100),
                  edited,
                  sample_segment(5s, 5, End::client, "pass", 3, 5),
                  emission(5s, 5, "duplicate", {}),
                  sample_segment(6s, 6, End::client, "drop", -2),
                  emission(6s, 0, "forged", sample_header(End::client, 7, 0x04, 0)),
                  emission(6s, 2, "icmp", icmp),
                  OddPacketEvent{7s, End::server, "a fragment",
                                 bytes_of({0x45, 0, 0,   20, 0, 1, 0x20, 0, 64, 6,
                                           0,    0, 192, 0,  2, 2, 192,  0, 2,  1})},
                  emission(400 * 24h, 3, "released", {})};
  trace.length = 400 * 24h;
  return trace;
}

// Of its rules; one more did something to segment 5.
inline EventNames captured_names() {
  return {.rules = {"lose-fins", "rule-2", "twist"}, .steps = {}};
}

}  // namespace faultline
