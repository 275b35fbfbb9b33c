#include "harness/trace/trace_json.hpp"

#include <algorithm>

#include "harness/trace/describe.hpp"
#include "harness/trace/file.hpp"
#include "harness/trace/json_archive.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {

using archive::In;
using archive::OneOf;
using archive::Out;
using archive::Problem;

static bool from_word(const std::string& text, End& out) {
  const auto end = end_from_string(text);
  out = end.value_or(out);
  return end.has_value();
}

static bool from_word(const std::string& text, TcpState& out) {
  const auto state = state_from_string(text);
  out = state.value_or(out);
  return state.has_value();
}

static bool from_word(const std::string& text, Flags& out) {
  const auto flags = flags_from_string(text);
  out = flags.value_or(out);
  return flags.has_value();
}

static bool from_word(const std::string& text, Endpoint& out) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const bool bracketed = text.front() == '[';
  const auto address =
      address_from_string(bracketed ? text.substr(1, colon - 2) : text.substr(0, colon));
  if (!address) return false;
  out.address = *address;
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), out.port);
  return to_string(out) == text;  // there is one way to write each
}

static bool from_word(const std::string& text, TroubleEvent::Kind& out) {
  using enum TroubleEvent::Kind;
  for (const auto kind : {error, inconclusive, unsupported})
    if (text == to_string(kind)) {
      out = kind;
      return true;
    }
  return false;
}

// Each names all members of its type, so that a new one cannot be forgotten: it would not compile.

template <class Archive>
static void fields(Archive& a, Timestamps& t) {
  auto& [value, echo] = t;
  a("value", value);
  a("echo", echo);
}

template <class Archive>
static void fields(Archive& a, SackBlock& block) {
  auto& [left, right] = block;
  a("left", left);
  a("right", right);
}

// A segment cannot carry more than four blocks; further ones are left out.
static void sack_blocks(Out& a, const char* key, const SackBlocks& blocks) {
  std::vector<SackBlock> list(blocks.begin(), blocks.end());
  a.maybe(key, list);
}
static void sack_blocks(In& a, const char* key, SackBlocks& blocks) {
  std::vector<SackBlock> list;
  a.maybe(key, list);
  for (const SackBlock block : list) blocks.push_back(block);
}

template <class Archive>
static void fields(Archive& a, Segment& s) {
  auto& [source, destination, ttl, seq, ack, flags, window, urgent, payload_length, mss,
         window_scale, sack_permitted, timestamps, sack, checksum_ok] = s;
  a("source", source);
  a("destination", destination);
  a("ttl", ttl);
  a("flags", flags);
  a("seq", seq);
  a("ack", ack);
  a("window", window);
  a("length", payload_length);
  a.maybe("urgent", urgent);
  a.maybe("mss", mss);
  a.maybe("window_scale", window_scale);
  a.maybe("sack_permitted", sack_permitted);
  a.maybe("timestamps", timestamps);
  sack_blocks(a, "sack", sack);
  a.maybe("checksum_ok", checksum_ok, true);
}

template <class Archive>
static void fields(Archive& a, SegmentFacts& facts) {
  auto& [from, connection, seq, ack, retransmission, states] = facts;
  a("from", from);
  a.maybe("connection", connection);
  a.maybe("seq", seq);
  a.maybe("ack", ack);
  a.maybe("retransmission", retransmission);
  a.maybe("client_state", states[index(End::client)]);
  a.maybe("server_state", states[index(End::server)]);
}

template <class Archive>
static void fields(Archive& a, SegmentEvent& e) {
  auto& [time, id, segment, facts, fate, rule, header] = e;
  OneOf fate_word{fate, {"pass", "drop", "hold"}};
  a("time", time);
  a("id", id);
  a("fate", fate_word);
  a.maybe("rule", rule, -1);
  a("facts", facts);
  a("segment", segment);
  a.maybe("header", header);
}

template <class Archive>
static void fields(Archive& a, EmissionEvent& e) {
  auto& [time, of, toward, why] = e;
  a("time", time);
  a("of", of);
  a("toward", toward);
  a("why", why);
}

template <class Archive>
static void fields(Archive& a, OddPacketEvent& e) {
  auto& [time, from, what, head] = e;
  a("time", time);
  a("from", from);
  a("what", what);
  a.maybe("head", head);
}

template <class Archive>
static void fields(Archive& a, StateEvent& e) {
  auto& [time, since, end, connection, state] = e;
  a("time", time);
  a("since", since);
  a("end", end);
  a.maybe("connection", connection);
  a("state", state);
}

template <class Archive>
static void fields(Archive& a, CallEvent& e) {
  auto& [time, step, end, call, socket] = e;
  a("time", time);
  a("step", step);
  a("end", end);
  a("call", call);
  a.maybe("socket", socket);
}

template <class Archive>
static void fields(Archive& a, ResultEvent& e) {
  auto& [time, step, began, ended, connection, error, value, eof, mismatch] = e;
  a("time", time);
  a("step", step);
  a("began", began);
  a("ended", ended);
  a.maybe("connection", connection);
  a.maybe("error", error);
  a("value", value);
  a.maybe("eof", eof);
  a.maybe("mismatch", mismatch);
}

template <class Archive>
static void fields(Archive& a, WaitEvent& e) {
  auto& [time, step, satisfied] = e;
  a("time", time);
  a("step", step);
  a("satisfied", satisfied);
}

template <class Archive>
static void fields(Archive& a, LinkEvent& e) {
  auto& [time, up] = e;
  a("time", time);
  a("up", up);
}

template <class Archive>
static void fields(Archive& a, StallEvent& e) {
  auto& [time, length] = e;
  a("time", time);
  a("length", length);
}

template <class Archive>
static void fields(Archive& a, TroubleEvent& e) {
  auto& [time, kind, what] = e;
  a("time", time);
  a("kind", kind);
  a("what", what);
}

template <class Archive>
static void fields(Archive& a, EndEnvironment& e) {
  auto& [stack, sysctl] = e;
  a("stack", stack);
  a("sysctl", sysctl);
}

template <class Archive>
static void fields(Archive& a, Environment& e) {
  auto& [kernel, hz, virtual_time, seed, timing_scale, overrides, ends] = e;
  a("kernel", kernel);
  a("hz", hz);
  a("virtual_time", virtual_time);
  a("seed", seed);
  a("timing_scale", timing_scale);
  a("overrides", overrides);
  a("client", ends[index(End::client)]);
  a("server", ends[index(End::server)]);
}

template <class Archive>
static void fields(Archive& a, RuleRecord& r) {
  auto& [hits, still_held] = r;
  a("hits", hits);
  a("still_held", still_held);
}

// All but the version and the events.
template <class Archive>
static void fields(Archive& a, Trace& t) {
  auto& [version, case_id, case_file, case_text, family, sut, environment, rules, events, length] =
      t;
  OneOf family_word{family, {"ipv4", "ipv6"}};
  OneOf sut_word{sut, {"client", "server", "both"}};
  a("case", case_id);
  a("file", case_file);
  a("text", case_text);
  a("family", family_word);
  a("sut", sut_word);
  a("environment", environment);
  a("rules", rules);
  a("length", length);
}

namespace {

// Deeper than anything that a trace holds; what is deeper is refused before it is parsed.
constexpr int deepest = 16;

// In the order of the variant.
constexpr std::array<std::string_view, std::variant_size_v<Event>> event_names{
    "segment", "emission", "odd_packet", "state", "call",
    "result",  "wait",     "link",       "stall", "trouble"};

std::string dump(const archive::Json& json) {
  return json.dump(-1, ' ', false, archive::Json::error_handler_t::replace);
}

// `fields` serves both directions and so takes what it may change; writing changes nothing.
template <class T>
void write_fields(Out& out, const T& value) {
  fields(out, const_cast<T&>(value));
}

std::string line_of(const Event& event) {
  Out out;
  out.json["event"] = event_names[event.index()];
  std::visit([&](const auto& e) { write_fields(out, e); }, event);
  return dump(out.json);
}

// A default-made event of the kind of that number.
template <size_t... I>
Event event_of_kind(size_t number, std::index_sequence<I...>) {
  Event event;
  ((number == I ? void(event.emplace<I>()) : void()), ...);
  return event;
}

Problem read_event(const nlohmann::json& json, Event& event) {
  In in(json);
  std::string name;
  in("event", name);
  const auto* const kind = std::ranges::find(event_names, name);
  if (kind == event_names.end()) {
    const std::vector<std::string> known(event_names.begin(), event_names.end());
    in.take("event", archive::problem(fmt::format("there is no event '{:.40}'{}", name,
                                                  did_you_mean(name, known))));
    return in.finish();
  }
  event = event_of_kind(static_cast<size_t>(kind - event_names.begin()),
                        std::make_index_sequence<event_names.size()>());
  std::visit([&](auto& e) { fields(in, e); }, event);
  return in.finish();
}

bool is_deeper_than(std::string_view text, int limit) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '[')) {
      if (++depth > limit) return true;
    } else if (!quoted && (c == '}' || c == ']')) {
      --depth;
    }
  }
  return false;
}

Result<nlohmann::json> parse(std::string_view text) {
  if (text.size() > trace_size_limit)
    return fail("the trace is larger than {} MiB, the most that is read", trace_size_limit >> 20);
  if (is_deeper_than(text, deepest))
    return fail("this is no trace: it is nested deeper than {} levels", deepest);
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::exception& e) {
    const std::string_view what = e.what();  // "[json.exception.…] parse error at line 1, …"
    return fail("the trace is no JSON: {:.200}", what.substr(what.find(']') + 2));
  }
}

Result<void> check_version(const nlohmann::json& json) {
  const auto version = json.is_object() ? json.find("faultline_trace") : json.end();
  if (version == json.end()) return fail("this is no trace: it has no key 'faultline_trace'");
  if (*version == Trace::current_version) return {};
  return fail(
      "the trace is of version {:.20}, this program reads version {}: judge it with the program "
      "that "
      "wrote it, or run the case again",
      version->dump(-1, ' ', true), Trace::current_version);
}

}  // namespace

std::string to_json(const Trace& trace) {
  std::string text = fmt::format("{{\"faultline_trace\":{},\n", trace.version);
  Out out;
  write_fields(out, trace);
  for (const auto& [key, value] : out.json.items())
    text += fmt::format("\"{}\":{},\n", key, dump(value));
  text += "\"events\":[";
  for (const Event& event : trace.events) {
    text += &event == trace.events.data() ? "\n" : ",\n";
    text += line_of(event);
  }
  return text + "\n]}\n";
}

Result<Trace> trace_from_json(std::string_view text) {
  const auto json = parse(text);
  if (!json) return std::unexpected(json.error());
  if (auto known = check_version(*json); !known) return std::unexpected(known.error());
  Trace trace;
  In in(*json);
  (void)in.value("faultline_trace");
  fields(in, trace);
  const auto* events = in.value("events");
  if (!events || !events->is_array())
    in.take("events", archive::problem("expected an array of events"));
  if (auto p = in.finish()) return fail("{}: {}", p->at.empty() ? "trace" : p->at, p->what);
  trace.events.resize(events->size());
  for (size_t i = 0; i < trace.events.size(); ++i)
    if (auto p = read_event((*events)[i], trace.events[i]))
      return fail("event {} (/events/{}{}): {}", i + 1, i, p->at, p->what);
  return trace;
}

Result<void> save_trace(const Trace& trace, const std::filesystem::path& path) {
  return write_file(path, to_json(trace));
}

Result<Trace> load_trace(const std::filesystem::path& path) {
  const auto text = read_file(path, trace_size_limit);
  if (!text) return std::unexpected(text.error());
  auto trace = trace_from_json(*text);
  if (!trace) return fail("{}: {}", path.string(), trace.error().what);
  return trace;
}

}  // namespace faultline
