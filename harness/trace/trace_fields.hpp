// The fields of a trace for harness/trace/json_archive.hpp: the names in the JSON, their order, and
// which may be left out. For trace_json.cpp only.
#pragma once

#include "harness/trace/describe.hpp"
#include "harness/trace/json_archive.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

inline bool from_word(const std::string& text, End& out) {
  const auto end = end_from_string(text);
  out = end.value_or(out);
  return end.has_value();
}

inline bool from_word(const std::string& text, TcpState& out) {
  const auto state = state_from_string(text);
  out = state.value_or(out);
  return state.has_value();
}

inline bool from_word(const std::string& text, Flags& out) {
  const auto flags = flags_from_string(text);
  out = flags.value_or(out);
  return flags.has_value();
}

inline bool from_word(const std::string& text, SegmentKind& out) {
  const auto kind = segment_kind_from_string(text);
  out = kind.value_or(out);
  return kind.has_value();
}

inline bool from_word(const std::string& text, Endpoint& out) {
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

inline bool from_word(const std::string& text, TroubleEvent::Kind& out) {
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
void fields(Archive& a, Timestamps& t) {
  auto& [value, echo] = t;
  a("value", value);
  a("echo", echo);
}

template <class Archive>
void fields(Archive& a, SackBlock& block) {
  auto& [left, right] = block;
  a("left", left);
  a("right", right);
}

// A segment cannot carry more than four blocks; further ones are left out.
inline void sack_blocks(archive::Out& a, const char* key, const SackBlocks& blocks) {
  std::vector<SackBlock> list(blocks.begin(), blocks.end());
  a.maybe(key, list);
}
inline void sack_blocks(archive::In& a, const char* key, SackBlocks& blocks) {
  std::vector<SackBlock> list;
  a.maybe(key, list);
  for (const SackBlock block : list) blocks.push_back(block);
}

inline void options(archive::Out& a, const char* key, const std::bitset<256>& kinds) {
  std::vector<uint8_t> list;
  for (size_t kind = 0; kind < kinds.size(); ++kind)
    if (kinds[kind]) list.push_back(static_cast<uint8_t>(kind));
  a.maybe(key, list);
}
inline void options(archive::In& a, const char* key, std::bitset<256>& kinds) {
  std::vector<uint8_t> list;
  a.maybe(key, list);
  for (const uint8_t kind : list) kinds.set(kind);
}

inline void segment_kinds(archive::Out& a, const char* key, const SegmentKinds& kinds) {
  std::vector<SegmentKind> list;
  for (const SegmentKind kind : all_segment_kinds)
    if (kinds.has(kind)) list.push_back(kind);
  a.maybe(key, list);
}
inline void segment_kinds(archive::In& a, const char* key, SegmentKinds& kinds) {
  std::vector<SegmentKind> list;
  a.maybe(key, list);
  for (const SegmentKind kind : list) kinds.add(kind);
}

template <class Archive>
void fields(Archive& a, Segment& s) {
  auto& [source, destination, ttl, seq, ack, flags, window, urgent, payload_length, mss,
         window_scale, sack_permitted, timestamps, sack, option_kinds, checksum_ok] = s;
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
  options(a, "options", option_kinds);
  a.maybe("checksum_ok", checksum_ok, true);
}

template <class Archive>
void fields(Archive& a, SegmentFacts& facts) {
  auto& [from, connection, seq, ack, retransmission, retransmission_number, kinds, states] = facts;
  a("from", from);
  a.maybe("connection", connection);
  a.maybe("seq", seq);
  a.maybe("ack", ack);
  a.maybe("retransmission", retransmission);
  a.maybe("retransmission_number", retransmission_number);
  segment_kinds(a, "kinds", kinds);
  a.maybe("client_state", states[index(End::client)]);
  a.maybe("server_state", states[index(End::server)]);
}

template <class Archive>
void fields(Archive& a, SegmentEvent& e) {
  auto& [time, id, segment, facts, fate, rule, header] = e;
  archive::OneOf fate_word{fate, {"pass", "drop", "hold", "change"}};
  a("time", time);
  a("id", id);
  a("fate", fate_word);
  a.maybe("rule", rule, -1);
  a("facts", facts);
  a("segment", segment);
  a.maybe("header", header);
}

inline void facts_of_changed(archive::Out& a, std::optional<Segment>& segment,
                             SegmentFacts& facts) {
  if (!segment) return;
  a("segment", *segment);
  a("facts", facts);
}
inline void facts_of_changed(archive::In& a, std::optional<Segment>& segment,
                             SegmentFacts& facts) {
  a.maybe("segment", segment);
  if (segment) a("facts", facts);
}

template <class Archive>
void fields(Archive& a, EmissionEvent& e) {
  auto& [time, of, toward, why, segment, facts, head] = e;
  a("time", time);
  a("of", of);
  a("toward", toward);
  a("why", why);
  facts_of_changed(a, segment, facts);
  a.maybe("head", head);
}

template <class Archive>
void fields(Archive& a, OddPacketEvent& e) {
  auto& [time, from, what, head] = e;
  a("time", time);
  a("from", from);
  a("what", what);
  a.maybe("head", head);
}

template <class Archive>
void fields(Archive& a, StateEvent& e) {
  auto& [time, since, end, connection, state] = e;
  a("time", time);
  a("since", since);
  a("end", end);
  a.maybe("connection", connection);
  a("state", state);
}

template <class Archive>
void fields(Archive& a, CallEvent& e) {
  auto& [time, step, end, call, socket] = e;
  a("time", time);
  a("step", step);
  a("end", end);
  a("call", call);
  a.maybe("socket", socket);
}

template <class Archive>
void fields(Archive& a, ResultEvent& e) {
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
void fields(Archive& a, WaitEvent& e) {
  auto& [time, step, satisfied] = e;
  a("time", time);
  a("step", step);
  a("satisfied", satisfied);
}

template <class Archive>
void fields(Archive& a, LinkEvent& e) {
  auto& [time, up] = e;
  a("time", time);
  a("up", up);
}

template <class Archive>
void fields(Archive& a, StallEvent& e) {
  auto& [time, length] = e;
  a("time", time);
  a("length", length);
}

template <class Archive>
void fields(Archive& a, TroubleEvent& e) {
  auto& [time, kind, what] = e;
  a("time", time);
  a("kind", kind);
  a("what", what);
}

template <class Archive>
void fields(Archive& a, Ticks& t) {
  auto& [late, early] = t;
  a("late", late);
  a("early", early);
}

template <class Archive>
void fields(Archive& a, TimerPromise& p) {
  auto& [timer, first, gaps, end] = p;
  a("timer", timer);
  a.maybe("first", first);
  a.maybe("gaps", gaps);
  a.maybe("end", end);
}

template <class Archive>
void fields(Archive& a, EndEnvironment& e) {
  auto& [stack, sysctl, ticks, promises] = e;
  a("stack", stack);
  a("sysctl", sysctl);
  a.maybe("ticks", ticks);
  a.maybe("promises", promises);
}

template <class Archive>
void fields(Archive& a, Environment& e) {
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
void fields(Archive& a, RuleRecord& r) {
  auto& [hits, still_held] = r;
  a("hits", hits);
  a("still_held", still_held);
}

// All but the version and the events.
template <class Archive>
void fields(Archive& a, Trace& t) {
  auto& [version, case_id, case_file, case_text, family, sut, environment, rules, events, length] =
      t;
  archive::OneOf family_word{family, {"ipv4", "ipv6"}};
  archive::OneOf sut_word{sut, {"client", "server", "both"}};
  a("case", case_id);
  a("file", case_file);
  a("text", case_text);
  a("family", family_word);
  a("sut", sut_word);
  a("environment", environment);
  a("rules", rules);
  a("length", length);
}

}  // namespace faultline
