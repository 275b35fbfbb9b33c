// icmp = { error = "port-unreachable", … }: the sender of the segment gets this ICMP message about
// it, from the address that the segment was for. The segment itself is lost, as it is where such
// messages come from, unless segment = "pass". A step says with `to` which end gets one, about the
// data that it has outstanding.
#include <fmt/format.h>

#include <algorithm>

#include "injectors/checksum.hpp"
#include "injectors/kinds.hpp"
#include "injectors/number.hpp"
#include "injectors/packet.hpp"

namespace faultline {
namespace {

// RFC 792, 1191, 1812; RFC 4443. A type of -1: there is none in that version.
struct ErrorKind {
  std::string_view title;  // "ICMP " and its name
  int type4, code4, type6, code6;
  [[nodiscard]] constexpr std::string_view name() const { return title.substr(5); }
};
constexpr std::array kinds{ErrorKind{"ICMP net-unreachable", 3, 0, 1, 0},
                           ErrorKind{"ICMP host-unreachable", 3, 1, 1, 3},
                           ErrorKind{"ICMP protocol-unreachable", 3, 2, -1, 0},
                           ErrorKind{"ICMP port-unreachable", 3, 3, 1, 4},
                           ErrorKind{"ICMP packet-too-big", 3, 4, 2, 0},
                           ErrorKind{"ICMP source-route-failed", 3, 5, -1, 0},
                           ErrorKind{"ICMP admin-prohibited", 3, 13, 1, 1},
                           ErrorKind{"ICMP source-quench", 4, 0, -1, 0},
                           ErrorKind{"ICMP time-exceeded", 11, 0, 3, 0},
                           ErrorKind{"ICMP parameter-problem", 12, 0, 4, 0}};

struct Message {
  ErrorKind kind{};
  uint32_t mtu = 0;
  std::optional<Number> seq;  // what the quoted segment says instead
  bool drops = true;
  std::optional<End> to;
};

using Bytes = std::vector<std::byte>;

void store16(Bytes& bytes, size_t at, size_t value) {
  bytes[at] = std::byte(value >> 8);
  bytes[at + 1] = std::byte(value);
}

Bytes ip_header(const Address& source, const Address& destination, size_t payload) {
  const bool v4 = source.version == 4;
  constexpr std::byte ttl{64};
  Bytes bytes(v4 ? 20 : 40);
  bytes[0] = std::byte(v4 ? 0x45 : 0x60);
  store16(bytes, v4 ? 2 : 4, v4 ? payload + 20 : payload);
  bytes[v4 ? 8 : 7] = ttl;
  bytes[v4 ? 9 : 6] = std::byte(v4 ? 1 : 58);
  const auto put = [&](size_t at, const Address& address) {
    std::memcpy(bytes.data() + at, address.bytes.data(), v4 ? 4 : 16);
  };
  put(v4 ? 12 : 8, source);
  put(v4 ? 16 : 24, destination);
  if (v4) {
    const auto checksum = static_cast<uint16_t>(~folded(ones_sum(bytes)));
    std::memcpy(bytes.data() + 10, &checksum, 2);
  }
  return bytes;
}

// The whole message about `quoted`, a packet from `destination`'s host to `source`'s.
Bytes message(const Message& what, const Address& source, const Address& destination,
              std::span<const std::byte> quoted) {
  const bool v4 = source.version == 4;
  // RFC 1812 4.3.2.3: no more than 576 bytes in all; RFC 4443 2.4 (c): 1280.
  const size_t room = v4 ? 576 - 28 : 1280 - 48;
  quoted = quoted.first(std::min(quoted.size(), room));
  Bytes body(8 + quoted.size());
  body[0] = std::byte(v4 ? what.kind.type4 : what.kind.type6);
  body[1] = std::byte(v4 ? what.kind.code4 : what.kind.code6);
  store16(body, 4, v4 ? 0 : what.mtu >> 16);
  store16(body, 6, what.mtu & 0xffff);
  std::ranges::copy(quoted, body.begin() + 8);
  const uint64_t sum =
      ones_sum(body) + (v4 ? 0 : pseudo_header_sum(source, destination, 58, body.size()));
  const auto checksum = static_cast<uint16_t>(~folded(sum));
  std::memcpy(body.data() + 2, &checksum, 2);
  Bytes packet = ip_header(source, destination, body.size());
  packet.insert(packet.end(), body.begin(), body.end());
  return packet;
}

class Icmp : public Injector {
 public:
  explicit Icmp(Message message) : message_(message) {}

  Fate on_match(const Arrival& arrival, Nanos, Outbox& out) override {
    auto quoted = Packet::copy_of(arrival.bytes);
    if (!quoted) return Fate::pass;
    if (message_.seq && !arrival.seen) {
      out.trouble("icmp: the segment belongs to no connection, so 'seq' means nothing");
      return Fate::pass;
    }
    if (message_.seq && !edit(*quoted, *arrival.seen, arrival.facts.from, arrival.segment.seq, out))
      return Fate::pass;
    send(arrival.segment.destination.address, arrival.segment.source.address, quoted->take(),
         arrival.id, arrival.facts.from, out);
    return message_.drops ? Fate::drop : Fate::pass;
  }

  void on_demand(const Seen& seen, Nanos, Outbox& out) override {
    const End to = message_.to.value_or(End::client);
    const SeenEnd& about = seen.of(to);
    if (message_.seq && message_.seq->base == Number::Base::itself)
      return out.trouble("icmp: a step has no segment that 'seq' could change");
    SegmentContent content{.source = about.endpoint,
                           .destination = seen.of(other(to)).endpoint,
                           .ttl = about.ttl,
                           .ack = about.acknowledged.value_or(Seq()),
                           .flags = {Flags::ack},
                           .window = about.window};
    const auto seq =
        sequence_number(message_.seq.value_or(Number{Number::Base::expected}), seen, to);
    if (!seq) return out.trouble("icmp: " + seq.error().what);
    // As the end that sent it wrote it.
    content.seq = Seq(seq->raw() - about.shift);
    send(content.destination.address, content.source.address, Packet::make(content).take(), 0, to,
         out);
  }

 private:
  bool edit(Packet& quoted, const Seen& seen, End from, Seq itself, Outbox& out) const {
    const auto seq = sequence_number(*message_.seq, seen, from, itself);
    if (!seq) {
      out.trouble("icmp: " + seq.error().what);
      return false;
    }
    const bool relative = message_.seq->base == Number::Base::itself;
    quoted.put32(4, relative ? seq->raw() : seq->raw() - seen.of(from).shift);
    quoted.mend_tcp_checksum();
    return true;
  }

  void send(const Address& source, const Address& destination, const Bytes& quoted,
            SegmentId because_of, End to, Outbox& out) const {
    out.forge(because_of, to, message(message_, source, destination, quoted), message_.kind.title);
  }

  Message message_;
};

MadeInjector make_icmp(const nlohmann::json& value, const std::string& at) {
  Fields fields(value, at);
  std::vector<std::string> names;
  for (const ErrorKind& kind : kinds) names.emplace_back(kind.name());
  static const std::vector<std::string> fates{"drop", "pass"};
  Message message;
  const auto name = fields.one_of("error", names);
  if (name) message.kind = *std::ranges::find(kinds, *name, &ErrorKind::name);
  if (!fields.has("error")) fields.refuse("", "icmp needs 'error': which one");
  const bool too_big = name == "packet-too-big";
  message.mtu = static_cast<uint32_t>(fields.integer("mtu", 0, 0xffffffffLL).value_or(0));
  if (too_big != fields.has("mtu") && name)
    fields.refuse("", too_big ? "packet-too-big needs 'mtu'" : "'mtu' goes with packet-too-big");
  if (const auto* seq = fields.value("seq"))
    message.seq = fields.take(number_from(*seq, fields.pointer("seq"), true));
  message.drops = fields.one_of("segment", fates).value_or("drop") == "drop";
  message.to = end_from(fields, "to");
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  return std::make_unique<Icmp>(message);
}

std::string refuse_ip(const nlohmann::json& value, int version) {
  if (version == 4 && value.value("mtu", int64_t{0}) > 0xffff)
    return "an ICMPv4 message has 16 bits for the MTU";
  const auto kind = std::ranges::find(kinds, value.value("error", ""), &ErrorKind::name);
  if (version == 4 || kind == kinds.end() || kind->type6 >= 0) return {};
  return fmt::format("ICMPv6 has no {}", kind->name());
}

}  // namespace

InjectorKind icmp_kind() {
  return {.name = "icmp",
          .make = make_icmp,
          .on_demand = true,
          .refuse_ip = refuse_ip,
          .rule_only = "segment",
          .step_only = "to"};
}

}  // namespace faultline
