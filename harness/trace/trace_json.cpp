#include "harness/trace/trace_json.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "harness/trace/file.hpp"
#include "harness/trace/trace_fields.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

using archive::In;
using archive::Out;
using archive::Problem;

// Deeper than anything that a trace holds; what is deeper is refused before it is parsed.
constexpr int deepest = 16;
// What every trace begins with, and how it is told from other files.
constexpr std::string_view first_key = "{\"faultline_trace\"";

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
  std::string text = fmt::format("{}:{},\n", first_key, trace.version);
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

bool is_trace(const std::filesystem::path& path) {
  std::error_code error;
  if (path.extension() != ".json" || !std::filesystem::is_regular_file(path, error)) return false;
  std::string head(first_key.size(), '\0');
  std::ifstream(path, std::ios::binary).read(head.data(), std::ssize(head));
  return head == first_key;
}

}  // namespace faultline
