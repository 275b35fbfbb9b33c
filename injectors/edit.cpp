// edit = { window = 0, seq = "+5", mss = 100, timestamps = false, … }: the segment crosses with
// these fields changed. An option can be given another value, or taken out (false): no-operations
// stand in its place. What the segment does not have cannot be edited: an ERROR.
#include <fmt/format.h>

#include <algorithm>

#include "injectors/kinds.hpp"
#include "injectors/number.hpp"
#include "injectors/packet.hpp"

namespace faultline {
namespace {

// An option's change: its new body, or nothing to take it out.
struct OptionEdit {
  std::string name;
  uint8_t kind = 0;
  std::optional<std::vector<uint8_t>> body;
};

struct Edits {
  std::optional<Number> seq, ack;
  std::optional<Flags> flags;
  std::optional<int64_t> window, urgent, ttl, ecn;
  std::vector<OptionEdit> options;
  bool mend = true;
};

class Edit : public Injector {
 public:
  explicit Edit(Edits edits) : edits_(std::move(edits)) {}

  Fate on_match(const Arrival& arrival, Nanos, Outbox& out) override {
    auto packet = Packet::copy_of(arrival.bytes);
    if (!packet) return Fate::pass;
    auto done = edit_numbers(*packet, arrival);
    for (const OptionEdit& option : edits_.options)
      if (done) done = edit_option(*packet, option);
    if (!done) {
      out.trouble("edit: " + done.error().what);
      return Fate::pass;
    }
    edit_fields(*packet);
    if (edits_.mend) {
      packet->mend_ip_checksum();
      packet->mend_tcp_checksum();
    }
    out.change(arrival, packet->take(), "edited");
    return Fate::change;
  }

 private:
  Result<void> edit_numbers(Packet& packet, const Arrival& arrival) const {
    const Seen nothing;
    const Seen& seen = arrival.seen ? *arrival.seen : nothing;
    const Segment& segment = arrival.segment;
    if (edits_.seq) {
      const auto seq = sequence_number(*edits_.seq, seen, arrival.facts.from, segment.seq);
      if (!seq) return std::unexpected(seq.error());
      packet.put32(4, seq->raw());
    }
    if (edits_.ack) {
      if (!segment.flags.has(Flags::ack)) return fail("a segment without ACK has no ack number");
      const auto ack = acknowledgement_number(*edits_.ack, seen, arrival.facts.from, segment.ack);
      if (!ack) return std::unexpected(ack.error());
      packet.put32(8, ack->raw());
    }
    return {};
  }

  void edit_fields(Packet& packet) const {
    if (edits_.flags) packet.set_flags(*edits_.flags);
    if (edits_.window) packet.put16(14, static_cast<uint16_t>(*edits_.window));
    if (edits_.urgent) packet.put16(18, static_cast<uint16_t>(*edits_.urgent));
    if (edits_.ttl) packet.set_ttl(static_cast<uint8_t>(*edits_.ttl));
    if (edits_.ecn) packet.set_ecn(static_cast<uint8_t>(*edits_.ecn));
  }

  static Result<void> edit_option(Packet& packet, const OptionEdit& edit) {
    constexpr std::byte no_operation{1};
    const auto option = packet.option(edit.kind);
    if (option.empty()) return fail("the segment has no option {}", edit.name);
    if (!edit.body) {
      std::ranges::fill(option, no_operation);
      return {};
    }
    const auto body = option.subspan(2);
    if (body.size() != edit.body->size())
      return fail("the segment's option {} has {} bytes, not {}", edit.name, option.size(),
                  edit.body->size() + 2);
    std::ranges::transform(*edit.body, body.begin(), [](uint8_t byte) { return std::byte{byte}; });
    return {};
  }

  Edits edits_;
};

void append(std::vector<uint8_t>& body, uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    body.push_back(static_cast<uint8_t>(value >> shift));
}

// The body for a value, of which `bytes` bytes stand in the option; false takes the option out.
void read_option(Fields& fields, Edits& edits, const std::string& key, uint8_t kind, int bytes) {
  const auto* value = fields.value(key);
  if (!value) return;
  OptionEdit edit{.name = key, .kind = kind};
  if (*value != false) {
    const auto number = bytes == 0 ? std::nullopt : fields.integer(key, 0, (1LL << 8 * bytes) - 1);
    if (bytes == 0) fields.refuse(key, "it can only be taken out: write false");
    append(edit.body.emplace(), static_cast<uint64_t>(number.value_or(0)), bytes);
  }
  edits.options.push_back(std::move(edit));
}

// timestamps = { value = N, echo = N } or false.
void read_timestamps(Fields& fields, Edits& edits) {
  const auto* value = fields.value("timestamps");
  if (!value) return;
  OptionEdit edit{.name = "timestamps", .kind = 8};
  if (*value != false) {
    Fields inner(*value, fields.pointer("timestamps"));
    for (const char* key : {"value", "echo"}) {
      if (!inner.has(key)) inner.refuse("", "write { value = NUMBER, echo = NUMBER }, or false");
      if (!edit.body) edit.body.emplace();
      const auto number = inner.integer(key, 0, 0xffffffffLL);
      append(*edit.body, static_cast<uint64_t>(number.value_or(0)), 4);
    }
    if (auto error = inner.finish()) fields.refuse(std::move(*error));
  }
  edits.options.push_back(std::move(edit));
}

void read_numbers(Fields& fields, Edits& edits) {
  if (const auto* value = fields.value("seq"))
    edits.seq = fields.take(number_from(*value, fields.pointer("seq"), true));
  if (const auto* value = fields.value("ack"))
    edits.ack = fields.take(number_from(*value, fields.pointer("ack"), true));
  edits.flags = flags_field(fields, "flags");
  edits.window = fields.integer("window", 0, 65'535);
  edits.urgent = fields.integer("urgent", 0, 65'535);
  edits.ttl = fields.integer("ttl", 0, 255);
  static const std::vector<std::string> codepoints{"not-ect", "ect1", "ect0", "ce"};
  if (const auto name = fields.one_of("ecn", codepoints))
    edits.ecn = std::ranges::find(codepoints, *name) - codepoints.begin();
}

MadeInjector make_edit(const nlohmann::json& value, const std::string& at) {
  Fields fields(value, at);
  Edits edits;
  read_numbers(fields, edits);
  read_option(fields, edits, "mss", 2, 2);
  read_option(fields, edits, "window_scale", 3, 1);
  read_option(fields, edits, "sack_permitted", 4, 0);
  read_option(fields, edits, "sack", 5, 0);
  read_timestamps(fields, edits);
  edits.mend = mends_checksums(fields);
  const bool any = edits.seq || edits.ack || edits.flags || edits.window || edits.urgent ||
                   edits.ttl || edits.ecn || !edits.options.empty();
  if (!any) fields.refuse("", "nothing is edited: name at least one field");
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  return std::make_unique<Edit>(std::move(edits));
}

}  // namespace

InjectorKind edit_kind() {
  return {.name = "edit", .make = make_edit};
}

}  // namespace faultline
