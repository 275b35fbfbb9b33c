// shift = { from = END, isn = N } or { from = END, by = N }: this end's sequence numbers become
// others by a constant on their way, and the other end's acknowledgement and SACK numbers are taken
// back by it. With `isn` the constant is what makes the initial one N: 4294967000 lets the stream
// run across 2^32. For a rule that selects both directions of a connection from its SYN on.
#include <fmt/format.h>

#include "injectors/kinds.hpp"
#include "injectors/packet.hpp"

namespace faultline {
namespace {

struct Shifting {
  End from = End::client;
  bool to_isn = false;
  uint32_t number = 0;
};

class Shift : public Injector {
 public:
  explicit Shift(Shifting shifting) : shifting_(shifting) {}

  Fate on_match(const Arrival& arrival, Nanos, Outbox& out) override {
    const auto by = amount(arrival);
    auto packet = Packet::copy_of(arrival.bytes);
    const bool has_none = !arrival.segment.flags.has(Flags::ack) &&
                          arrival.facts.from != shifting_.from;  // of the numbers to be changed
    if (!by && has_none) return Fate::pass;
    if (!by || !packet) {
      out.trouble(fmt::format("shift: the {}'s SYN was not seen, so its numbers are not known",
                              to_string(shifting_.from)));
      return Fate::pass;
    }
    if (arrival.facts.from == shifting_.from)
      packet->put32(4, arrival.segment.seq.raw() + *by);
    else
      take_back(*packet, arrival.segment, *by);
    packet->mend_tcp_checksum();
    out.change(arrival, packet->take(), "shifted");
    return Fate::change;
  }

 private:
  [[nodiscard]] std::optional<uint32_t> amount(const Arrival& arrival) const {
    if (!shifting_.to_isn) return shifting_.number;
    if (!arrival.seen || !arrival.seen->of(shifting_.from).isn) return {};
    return shifting_.number - arrival.seen->of(shifting_.from).isn->raw();
  }

  static void take_back(Packet& packet, const Segment& segment, uint32_t by) {
    if (segment.flags.has(Flags::ack)) packet.put32(8, segment.ack.raw() - by);
    const auto sack = packet.option(5);
    if (sack.empty()) return;
    const auto first = static_cast<size_t>(sack.data() - packet.tcp().data()) + 2;
    for (size_t at = first; at + 4 <= first + sack.size() - 2; at += 4)
      packet.put32(at, packet.u32(at) - by);
  }

  Shifting shifting_;
};

MadeInjector make_shift(const nlohmann::json& value, const std::string& at) {
  constexpr int64_t highest = 0xffffffff;
  Fields fields(value, at);
  const auto from = end_from(fields, "from");
  const auto isn = fields.integer("isn", 0, highest);
  const auto by = fields.integer("by", 1, highest);
  if (fields.has("isn") == fields.has("by"))
    fields.refuse("", "write one of isn = NUMBER and by = NUMBER");
  if (!fields.has("from")) fields.refuse("", "shift needs 'from'");
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  return std::make_unique<Shift>(
      Shifting{*from, isn.has_value(), static_cast<uint32_t>(isn ? *isn : *by)});
}

}  // namespace

InjectorKind shift_kind() {
  return {.name = "shift", .make = make_shift, .both_directions = true};
}

}  // namespace faultline
