// forge = { from = END, flags = "RST", seq = "next", … }: a new segment from this end's address to
// the other's, its numbers relative to what the wire has seen. In a rule the segment that matches
// passes, and the forged one follows it; a step forges one when it comes to it.
#include <fmt/format.h>

#include "injectors/kinds.hpp"
#include "injectors/number.hpp"
#include "injectors/packet.hpp"

namespace faultline {
namespace {

struct Forgery {
  End from = End::client;
  Flags flags{Flags::ack};
  Number seq{Number::Base::next}, ack{Number::Base::next};
  std::optional<int64_t> window;  // none: as this end offered last
  int64_t payload = 0, urgent = 0;
  std::optional<int64_t> ttl, mss;
  bool timestamps = true;      // where this end uses them
  int64_t timestamp_plus = 0;  // to what it said last
};

void append(std::vector<std::byte>& bytes, uint32_t value, int count) {
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
    bytes.push_back(std::byte(value >> shift));
}

class Forge : public Injector {
 public:
  explicit Forge(Forgery forgery) : forgery_(forgery) {}

  Fate on_match(const Arrival& arrival, Nanos, Outbox& out) override {
    if (arrival.seen)
      send(*arrival.seen, arrival.id, out);
    else
      out.trouble("forge: the segment that it follows belongs to no connection of the case");
    return Fate::pass;
  }
  void on_demand(const Seen& seen, Nanos, Outbox& out) override { send(seen, 0, out); }

 private:
  void send(const Seen& seen, SegmentId because_of, Outbox& out) const {
    auto content = content_of(seen);
    if (!content) return out.trouble("forge: " + content.error().what);
    out.forge(because_of, other(forgery_.from), Packet::make(*content).take(), "forged");
  }

  [[nodiscard]] Result<SegmentContent> content_of(const Seen& seen) const {
    const SeenEnd& from = seen.of(forgery_.from);
    SegmentContent content{
        .source = from.endpoint,
        .destination = seen.of(other(forgery_.from)).endpoint,
        .ttl = static_cast<uint8_t>(forgery_.ttl.value_or(from.ttl)),
        .flags = forgery_.flags,
        .window = static_cast<uint16_t>(forgery_.window.value_or(usual_window(seen))),
        .urgent = static_cast<uint16_t>(forgery_.urgent),
        .options = options(seen),
        .payload = std::vector(static_cast<size_t>(forgery_.payload), pattern)};
    const auto seq = sequence_number(forgery_.seq, seen, forgery_.from);
    if (!seq) return std::unexpected(seq.error());
    content.seq = *seq;
    if (!forgery_.flags.has(Flags::ack)) return content;
    const auto ack = acknowledgement_number(forgery_.ack, seen, forgery_.from);
    if (!ack) return std::unexpected(ack.error());
    content.ack = *ack;
    return content;
  }

  // As this end offered last. A SYN's window is not scaled, that of any other segment is.
  [[nodiscard]] int64_t usual_window(const Seen& seen) const {
    const SeenEnd& from = seen.of(forgery_.from);
    const bool scales = from.window_of_syn && !forgery_.flags.has(Flags::syn);
    return from.window >> (scales ? scale_in_force(from, seen.of(other(forgery_.from))) : 0);
  }

  [[nodiscard]] std::vector<std::byte> options(const Seen& seen) const {
    std::vector<std::byte> bytes;
    if (forgery_.mss) append(bytes, 0x02040000 | static_cast<uint32_t>(*forgery_.mss), 4);
    const auto& own = seen.of(forgery_.from).timestamps;
    const auto& peers = seen.of(other(forgery_.from)).timestamps;
    if (!forgery_.timestamps || !own) return bytes;
    append(bytes, 0x0101080a, 4);  // two no-operations align it (RFC 7323 appendix A)
    append(bytes, own->value + static_cast<uint32_t>(forgery_.timestamp_plus), 4);
    append(bytes, peers && forgery_.flags.has(Flags::ack) ? peers->value : 0, 4);
    return bytes;
  }

  // Differs from what a stream of the case is likely to carry at the same place.
  static constexpr std::byte pattern{0xf0};

  Forgery forgery_;
};

// timestamps = false, or a number to be added to the latest.
void read_timestamps(Fields& fields, Forgery& forgery) {
  const auto* value = fields.value("timestamps");
  if (!value) return;
  if (*value == false)
    forgery.timestamps = false;
  else
    forgery.timestamp_plus = fields.integer("timestamps", -0x7fffffffLL, 0x7fffffffLL).value_or(0);
}

MadeInjector make_forge(const nlohmann::json& value, const std::string& at) {
  constexpr int64_t most_payload = 1400;  // below any MTU of the worlds, whatever the options are
  Fields fields(value, at);
  Forgery forgery;
  if (!fields.has("from")) fields.refuse("", "forge needs 'from': whose address it bears");
  forgery.from = end_from(fields, "from").value_or(End::client);
  forgery.flags = flags_field(fields, "flags").value_or(forgery.flags);
  if (const auto* seq = fields.value("seq"))
    forgery.seq = fields.take(number_from(*seq, fields.pointer("seq"), false)).value_or(Number{});
  if (const auto* ack = fields.value("ack"))
    forgery.ack = fields.take(number_from(*ack, fields.pointer("ack"), false)).value_or(Number{});
  if (fields.has("ack") && !forgery.flags.has(Flags::ack))
    fields.refuse("ack", "these flags have no ACK, and so no ack number");
  forgery.window = fields.integer("window", 0, 65'535);
  forgery.payload = fields.integer("payload", 0, most_payload).value_or(0);
  forgery.urgent = fields.integer("urgent", 0, 65'535).value_or(0);
  forgery.ttl = fields.integer("ttl", 0, 255);
  forgery.mss = fields.integer("mss", 0, 65'535);
  read_timestamps(fields, forgery);
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  return std::make_unique<Forge>(forgery);
}

}  // namespace

InjectorKind forge_kind() {
  return {.name = "forge", .make = make_forge, .on_demand = true};
}

}  // namespace faultline
