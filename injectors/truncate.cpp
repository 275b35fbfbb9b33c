// truncate = { payload = N } or { header = N }: the segment ends after N bytes of its payload, or
// of its TCP header. The IP header says so; the checksums are mended, as far as there still is one,
// unless checksums = "keep".
#include <fmt/format.h>

#include "injectors/kinds.hpp"
#include "injectors/packet.hpp"

namespace faultline {
namespace {

struct Cut {
  bool in_payload = false;
  size_t kept = 0;
  bool mend = true;
};

class Truncate : public Injector {
 public:
  explicit Truncate(Cut cut) : cut_(cut) {}

  Fate on_match(const Arrival& arrival, Nanos, Outbox& out) override {
    auto packet = Packet::copy_of(arrival.bytes);
    if (!packet) return Fate::pass;
    const size_t header = packet->tcp().size() - packet->payload().size();
    const size_t there = cut_.in_payload ? packet->payload().size() : header;
    if (cut_.kept >= there) {
      out.trouble(fmt::format("truncate: the segment's {} has no more than {} bytes",
                              cut_.in_payload ? "payload" : "header", there));
      return Fate::pass;
    }
    packet->truncate(cut_.in_payload ? header + cut_.kept : cut_.kept);
    packet->mend_ip_checksum();
    if (cut_.mend) packet->mend_tcp_checksum();
    out.change(arrival, packet->take(), "truncated");
    return Fate::change;
  }

 private:
  Cut cut_;
};

MadeInjector make_truncate(const nlohmann::json& value, const std::string& at) {
  Fields fields(value, at);
  const auto payload = fields.integer("payload", 0, 65'535);
  const auto header = fields.integer("header", 1, 59);
  const bool mend = mends_checksums(fields);
  if (fields.has("payload") == fields.has("header"))
    fields.refuse("", "write one of { payload = BYTES } and { header = BYTES }");
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  return std::make_unique<Truncate>(
      Cut{payload.has_value(), static_cast<size_t>(payload ? *payload : *header), mend});
}

}  // namespace

InjectorKind truncate_kind() {
  return {.name = "truncate", .make = make_truncate};
}

}  // namespace faultline
