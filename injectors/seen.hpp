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
  uint16_t window = 0;                   // of its latest ACK, as it stands in the header
  bool window_of_syn = false;            // that ACK was a SYN, whose window is never scaled
  std::optional<uint8_t> window_scale;   // that its SYN offered
  std::optional<Timestamps> timestamps;  // of its latest segment
  uint8_t ttl = 64;
  // What the other end reads instead of each of its sequence numbers is so much more: the wire
  // changed them (the fault `shift`, or `edit` of a SYN).
  uint32_t shift = 0;

  // The latest news of this end's window that reached the other one (SND.WND, WL1, WL2 and UNA of
  // RFC 9293 3.10.7.4): not what was lost, and as the wire changed it.
  struct Read {
    uint16_t window = 0;
    Seq seq, ack;
  };
  std::optional<Read> read;
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
