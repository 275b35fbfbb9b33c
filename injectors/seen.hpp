// What the wire has seen of a connection: what forged segments and ICMP messages are made from.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/tcp/segment.hpp"

namespace faultline {

// One end. Sequence numbers are as this end itself writes or reads them.
struct SeenEnd {
  Endpoint endpoint;
  std::optional<Seq> isn;                // of its SYN
  Seq next;                              // one past the highest sequence number that it has sent
  std::optional<Seq> acknowledged;       // the highest number that it has acknowledged
  uint16_t window = 0;                   // of its latest ACK, unscaled
  uint16_t window_read = 0;         // the other end's last news of it: the wire may have changed it
  std::optional<uint8_t> window_scale;   // that its SYN offered
  std::optional<Timestamps> timestamps;  // of its latest segment
  uint8_t ttl = 64;
  // What the other end reads instead of each of its sequence numbers is so much more: the wire
  // changed them (the fault `shift`, or `edit` of a SYN).
  uint32_t shift = 0;
};

struct Seen {
  std::string connection;
  std::array<SeenEnd, 2> ends;  // by index(End)

  [[nodiscard]] const SeenEnd& of(End end) const { return ends[index(end)]; }
  // One past what this end has sent, as the other end reads it.
  [[nodiscard]] Seq next_as_read(End end) const { return of(end).next + of(end).shift; }
  // What this end has acknowledged, in the numbers of the one that sent it.
  [[nodiscard]] std::optional<Seq> acknowledged_as_sent(End end) const {
    const auto& number = of(end).acknowledged;
    if (!number) return {};
    return Seq(number->raw() - of(other(end)).shift);
  }
};

}  // namespace faultline
