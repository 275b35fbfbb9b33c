// corrupt = { payload = OFFSET } or { header = OFFSET }: every bit of this byte is turned over, and
// the checksum stays what it was: wrong, since one byte's change always shows in it. Offsets count
// from 0, in the payload or in the TCP header.
#include <fmt/format.h>

#include "injectors/kinds.hpp"
#include "injectors/packet.hpp"

namespace faultline {
namespace {

struct Place {
  bool in_payload = false;
  size_t offset = 0;
};

class Corrupt : public Injector {
 public:
  explicit Corrupt(Place place) : place_(place) {}

  Fate on_match(const Arrival& arrival, Nanos, Outbox& out) override {
    auto packet = Packet::copy_of(arrival.bytes);
    if (!packet) return Fate::pass;
    const auto payload = packet->payload();
    const auto header = packet->tcp().first(packet->tcp().size() - payload.size());
    const auto part = place_.in_payload ? payload : header;
    if (place_.offset >= part.size()) {
      out.trouble(fmt::format("corrupt: the segment's {} has {} bytes, and none at offset {}",
                              place_.in_payload ? "payload" : "header", part.size(),
                              place_.offset));
      return Fate::pass;
    }
    part[place_.offset] = ~part[place_.offset];
    out.change(arrival, packet->take(), "corrupted");
    return Fate::change;
  }

 private:
  Place place_;
};

MadeInjector make_corrupt(const nlohmann::json& value, const std::string& at) {
  constexpr int64_t longest_header = 60, longest_payload = 65'535;
  Fields fields(value, at);
  const auto payload = fields.integer("payload", 0, longest_payload - 1);
  const auto header = fields.integer("header", 0, longest_header - 1);
  if (fields.has("payload") == fields.has("header"))
    fields.refuse("", "write one of { payload = OFFSET } and { header = OFFSET }");
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  const Place place{payload.has_value(), static_cast<size_t>(payload ? *payload : *header)};
  return std::make_unique<Corrupt>(place);
}

}  // namespace

InjectorKind corrupt_kind() {
  return {.name = "corrupt", .make = make_corrupt};
}

}  // namespace faultline
