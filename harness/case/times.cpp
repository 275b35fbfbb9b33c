// How long (TimeSpec) and when (Moment).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/case/names.hpp"
#include "harness/case/reading.hpp"
#include "harness/tcp/selector_json.hpp"

namespace faultline {
namespace {

using nlohmann::json;

constexpr std::string_view timer_prefix = "timer:";
constexpr size_t longest_sum = 64;  // timers of one sum; tcp_retries2 at its default makes 17

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

FieldResult<TimeSpec> sum_from(std::string_view text, const std::string& at) {
  TimeSpec spec;
  for (;;) {
    const size_t plus = text.find('+');
    const auto part = duration_from(std::string(trimmed(text.substr(0, plus))), at);
    if (!part) return std::unexpected(part.error());
    spec.sum.push_back(*part);
    if (spec.sum.size() > longest_sum)
      return refuse(at, fmt::format("a sum has at most {} durations", longest_sum));
    if (plus == std::string_view::npos) return spec;
    text.remove_prefix(plus + 1);
  }
}

FieldResult<TimeSpec> range_from_table(const json& value, const std::string& at) {
  Fields fields(value, at);
  TimeSpec spec;
  spec.min = fields.duration("min");
  spec.max = fields.duration("max");
  if (auto error = fields.finish()) return std::unexpected(*error);
  if (!spec.min && !spec.max) return refuse(at, "give 'min', 'max' or both");
  if (spec.min && spec.max && *spec.min > *spec.max)
    return refuse(fields.pointer("min"),
                  fmt::format("min {} is more than max {}", format_duration(*spec.min),
                              format_duration(*spec.max)));
  return spec;
}

// The name of a step that is a call.
FieldResult<std::string> call_from(const json& value, const std::string& at, Reading& reading) {
  auto name = name_from(value, at);
  if (name) reading.mention(Mention::Of::call, *name, at);
  return name;
}

FieldResult<Moment::StateBegins> state_begins(Fields& fields, const std::string& key,
                                              Reading& reading) {
  const json& value = *fields.value(key);
  const std::string at = fields.pointer(key);
  if (value.is_array()) return refuse(at, "a moment is when one state begins: name one state");
  const auto states = states_from(value, at);
  if (!states) return std::unexpected(states.error());
  Moment::StateBegins moment{{*end_from_string(key)}, states->front()};
  moment.end.connection = name_or(fields, "connection", "main");
  const bool named = fields.has("connection");
  reading.mention(Mention::Of::connection, moment.end.connection,
                  named ? fields.pointer("connection") : at);
  return moment;
}

}  // namespace

FieldResult<std::optional<std::string>> timer_from(const json& value, const std::string& at) {
  if (!value.is_string()) return std::nullopt;
  const auto text = value.get<std::string>();
  if (!text.starts_with(timer_prefix)) return std::nullopt;
  return known(text.substr(timer_prefix.size()), at, "timer", timer_names());
}

FieldResult<TimeSpec> time_spec_from(const json& value, const std::string& at) {
  if (value.is_object()) return range_from_table(value, at);
  const auto timer = timer_from(value, at);
  if (!timer) return std::unexpected(timer.error());
  if (*timer) return TimeSpec{.timer = **timer};
  if (value.is_string()) return sum_from(value.get<std::string>(), at);
  return refuse(at, fmt::format("expected a time like \"63s\", \"1s+2s+4s\", \"timer:connect\" or "
                                "{{ min = \"5s\", max = \"6s\" }}, got {}",
                                kind_of(value)));
}

FieldResult<Moment> moment_from(const json& value, const std::string& at, Reading& reading) {
  Fields fields(value, at);
  const auto kinds = given(fields, {"call", "result", "segment", "client", "server"});
  Moment moment;
  for (const char* key : {"call", "result", "segment", "client", "server", "connection"}) {
    const auto* field = fields.value(key);
    if (!field || kinds.size() != 1 || kinds[0] != key) continue;
    const std::string here = fields.pointer(key);
    if (kinds[0] == "call") {
      if (auto step = fields.take(call_from(*field, here, reading)))
        moment.what = Moment::CallBegins{*step};
    } else if (kinds[0] == "result") {
      if (auto step = fields.take(call_from(*field, here, reading)))
        moment.what = Moment::CallEnds{*step};
    } else if (kinds[0] == "segment") {
      if (auto segment = fields.take(reading.selector(*field, here)))
        moment.what = Moment::SegmentPasses{std::move(*segment)};
    } else if (auto state = fields.take(state_begins(fields, key, reading))) {
      moment.what = std::move(*state);
    }
  }
  if (auto error = fields.finish()) return std::unexpected(*error);
  if (kinds.size() != 1)
    return refuse(at,
                  "a moment is one of { call = STEP }, { result = STEP }, { segment = "
                  "SELECTOR }, { client = STATE }, { server = STATE }");
  if (fields.has("connection") && !std::holds_alternative<Moment::StateBegins>(moment.what))
    return refuse_key(fields.pointer("connection"),
                      fmt::format("'connection' goes with a state, not with '{}'", kinds[0]));
  return moment;
}

}  // namespace faultline
