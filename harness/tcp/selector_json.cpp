#include "harness/tcp/selector_json.hpp"

#include <fmt/format.h>

#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

using nlohmann::json;

std::unexpected<FieldError> refuse(const std::string& at, std::string what) {
  return std::unexpected(FieldError{at, std::move(what)});
}

FieldResult<TcpState> state_from(const json& value, const std::string& at) {
  if (!value.is_string())
    return refuse(at, fmt::format("expected a state, got {}", kind_of(value)));
  const auto name = value.get<std::string>();
  if (const auto state = state_from_string(name)) return *state;
  std::vector<std::string> names;
  for (const TcpState state : all_states()) names.emplace_back(to_string(state));
  return refuse(at, fmt::format("unknown state '{}'{}", name, did_you_mean(name, names)));
}

FieldResult<Range> payload_from(const json& value, const std::string& at) {
  if (value.is_boolean()) return value.get<bool>() ? Range{1, Range::open} : Range{0, 0};
  return range_from(value, at);
}

// One word, or a list of them.
template <typename T>
FieldResult<std::vector<T>> list_from(const json& value, const std::string& at,
                                      FieldResult<T> (*one)(const json&, const std::string&)) {
  const json list = value.is_array() ? value : json::array({value});
  if (list.empty()) return refuse(at, "can never match: the list is empty");
  std::vector<T> result;
  for (size_t i = 0; i < list.size(); ++i) {
    auto item = one(list[i], value.is_array() ? fmt::format("{}/{}", at, i) : at);
    if (!item) return std::unexpected(item.error());
    result.push_back(*item);
  }
  return result;
}

FieldResult<SegmentKind> kind_from(const json& value, const std::string& at) {
  if (!value.is_string()) return refuse(at, fmt::format("expected a kind, got {}", kind_of(value)));
  const auto name = value.get<std::string>();
  if (const auto kind = segment_kind_from_string(name)) return *kind;
  std::vector<std::string> names;
  for (const SegmentKind kind : all_segment_kinds) names.emplace_back(to_string(kind));
  return refuse(at, fmt::format("unknown kind of segment '{}'{}", name, did_you_mean(name, names)));
}

FieldResult<uint8_t> option_from(const json& value, const std::string& at) {
  if (value.is_number_integer()) {
    const auto number = value.get<int64_t>();
    if (number >= 2 && number <= 255) return static_cast<uint8_t>(number);
    return refuse(at, "an option's number is 2 to 255");
  }
  if (!value.is_string())
    return refuse(at, fmt::format("expected an option's name or number, got {}", kind_of(value)));
  const auto name = value.get<std::string>();
  std::vector<std::string> names;
  for (const OptionName& known : tcp_option_names()) {
    if (known.name == name) return known.kind;
    names.emplace_back(known.name);
  }
  return refuse(at, fmt::format("unknown TCP option '{}'{}", name, did_you_mean(name, names)));
}

// true, false, or which of the retransmissions of one segment.
void read_retransmission(Fields& fields, Selector& s) {
  const auto* value = fields.value("retransmission");
  if (!value) return;
  if (value->is_boolean()) {
    s.retransmission = value->get<bool>();
    return;
  }
  const std::string at = fields.pointer("retransmission");
  s.retransmission_number = fields.take(range_from(*value, at));
  if (!s.retransmission_number) return;
  if (s.retransmission_number->low == 0)
    fields.refuse("retransmission", "the first retransmission is number 1; write false for none");
  s.retransmission = true;
}

FieldResult<Selector::While> while_from(const json& value, const std::string& at) {
  Fields fields(value, at);
  Selector::While result;
  int ends = 0;
  for (const End end : both_ends) {
    const std::string key(to_string(end));
    const auto* states = fields.value(key);
    if (!states) continue;
    ++ends;
    result.end = end;
    if (auto list = fields.take(states_from(*states, fields.pointer(key)))) result.states = *list;
  }
  if (ends != 1) fields.refuse("", "name one end: { client = STATE } or { server = STATE }");
  if (auto error = fields.finish()) return std::unexpected(*error);
  return result;
}

// A sentence that says why no segment can ever be selected, or "".
std::string contradiction(const Selector& s) {
  // Exactly SYN leaves it open whether there is an ECE: only some flags contradict it.
  const auto with_both = [&] { return Segment{.flags = {uint16_t(s.flags->bits | s.has->bits)}}; };
  if (s.flags && s.has && !matches(Selector{.flags = s.flags}, with_both(), {}))
    return fmt::format("can never match: exactly {} has no {}", to_string(*s.flags),
                       to_string(*s.has));
  const bool no_ack = s.flags && !s.flags->has(Flags::ack);
  if (no_ack && s.ack) return "can never match: these flags have no ACK, and so no ack number";
  const bool reset = s.flags && s.flags->has(Flags::rst);
  if (reset && s.retransmission == true) return "can never match: a RST is never retransmitted";
  const bool bare = s.flags && (s.flags->bits & (Flags::syn | Flags::fin)) == 0;
  if (bare && s.payload == Range{0, 0} && s.retransmission == true)
    return "can never match: a segment without sequence space is never a retransmission";
  constexpr uint16_t no_kind = Flags::syn | Flags::fin | Flags::rst;
  const uint16_t named = (s.flags ? s.flags->bits : 0) | (s.has ? s.has->bits : 0);
  if (!s.kinds.empty() && ((named & no_kind) != 0 || no_ack))
    return "can never match: a segment of a kind is an ACK without SYN, FIN and RST";
  if (!s.kinds.empty() && s.payload && s.payload->low > 1)
    return "can never match: no kind of segment has more than a byte of payload";
  const auto may_carry = [](SegmentKind kind) {
    return kind == SegmentKind::zero_window_probe || kind == SegmentKind::keepalive_probe;
  };
  const bool bare_kind = !s.kinds.empty() && std::ranges::none_of(s.kinds, may_carry);
  if (bare_kind && ((s.payload && s.payload->low > 0) || s.bytes))
    return "can never match: segments of this kind have no payload";
  if (s.bytes && s.payload == Range{0, 0})
    return "can never match: a segment without payload covers no byte";
  if (s.bytes && s.bytes->high == 0) return "can never match: the stream's first byte is number 1";
  if (s.window && s.window->low > 65535) return "can never match: the header's window has 16 bits";
  if (s.payload && s.payload->low > 65535) return "can never match: no payload is so long";
  if (s.seq && s.seq->low > 0xffffffffULL) return "can never match: sequence numbers have 32 bits";
  if (s.ack && s.ack->low > 0xffffffffULL) return "can never match: sequence numbers have 32 bits";
  return {};
}

}  // namespace

FieldResult<Flags> flags_from(const json& value, const std::string& at) {
  if (!value.is_string()) return refuse(at, fmt::format("expected flags, got {}", kind_of(value)));
  const auto text = value.get<std::string>();
  if (const auto flags = flags_from_string(text)) return *flags;
  return refuse(at, fmt::format("'{}' are not flags; write \"SYN\", \"SYN ACK\" or \"none\", of "
                                "SYN FIN RST PSH ACK URG ECE CWR AE",
                                text));
}

FieldResult<Range> range_from(const json& value, const std::string& at) {
  if (value.is_number_integer()) {
    if (value.get<int64_t>() < 0) return refuse(at, "a count or range is never negative");
    const auto n = value.get<uint64_t>();
    return Range{n, n};
  }
  if (value.is_string())
    if (const auto range = range_from_string(value.get<std::string>())) return *range;
  return refuse(at, "expected a number, or a range like \"2-4\" or \"5+\"");
}

FieldResult<std::vector<Range>> ranges_from(const json& value, const std::string& at) {
  if (value == "all") return std::vector<Range>{};
  std::vector<Range> ranges;
  const json list = value.is_array() ? value : json::array({value});
  if (list.empty()) return refuse(at, "can never match: the list is empty");
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string here = value.is_array() ? fmt::format("{}/{}", at, i) : at;
    auto range = range_from(list[i], here);
    if (!range)
      return refuse(here, "expected \"all\", a number, a range like \"2-4\" or \"5+\", or a list");
    if (range->high == 0) return refuse(here, "can never match: counting starts at 1");
    ranges.push_back(*range);
  }
  return ranges;
}

FieldResult<std::vector<TcpState>> states_from(const json& value, const std::string& at) {
  const json list = value.is_array() ? value : json::array({value});
  if (list.empty()) return refuse(at, "the list of states is empty");
  std::vector<TcpState> states;
  for (size_t i = 0; i < list.size(); ++i) {
    auto state = state_from(list[i], value.is_array() ? fmt::format("{}/{}", at, i) : at);
    if (!state) return std::unexpected(state.error());
    states.push_back(*state);
  }
  return states;
}

FieldResult<Selector> selector_from(const json& value, const std::string& at) {
  Fields fields(value, at);
  Selector s;
  static const std::vector<std::string> ends{"client", "server"};
  if (const auto from = fields.text("from")) {
    s.from = end_from_string(*from);
    if (!s.from)
      fields.refuse("from", fmt::format("unknown end '{}'{}", *from, did_you_mean(*from, ends)));
  }
  s.connection = fields.text("connection");
  if (const auto* v = fields.value("flags"))
    s.flags = fields.take(flags_from(*v, fields.pointer("flags")));
  if (const auto* v = fields.value("has"))
    s.has = fields.take(flags_from(*v, fields.pointer("has")));
  read_retransmission(fields, s);
  if (const auto* v = fields.value("kind"))
    if (auto list = fields.take(list_from(*v, fields.pointer("kind"), kind_from))) s.kinds = *list;
  if (const auto* v = fields.value("option"))
    if (auto list = fields.take(list_from(*v, fields.pointer("option"), option_from)))
      s.options = *list;
  if (const auto* v = fields.value("window"))
    s.window = fields.take(range_from(*v, fields.pointer("window")));
  if (const auto* v = fields.value("byte"))
    s.bytes = fields.take(range_from(*v, fields.pointer("byte")));
  if (const auto* v = fields.value("payload"))
    s.payload = fields.take(payload_from(*v, fields.pointer("payload")));
  if (const auto* v = fields.value("seq"))
    s.seq = fields.take(range_from(*v, fields.pointer("seq")));
  if (const auto* v = fields.value("ack"))
    s.ack = fields.take(range_from(*v, fields.pointer("ack")));
  if (const auto* v = fields.value("while"))
    s.while_ = fields.take(while_from(*v, fields.pointer("while")));
  if (const auto* v = fields.value("nth"))
    if (auto nth = fields.take(ranges_from(*v, fields.pointer("nth")))) s.nth = *nth;
  if (const std::string why = contradiction(s); !why.empty()) fields.refuse("", why);
  if (auto error = fields.finish()) return std::unexpected(*error);
  return s;
}

}  // namespace faultline
