// [[step]]: a call, a wait, or the link.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "harness/case/names.hpp"
#include "harness/case/reading.hpp"
#include "harness/tcp/selector_json.hpp"

namespace faultline {
namespace {

using nlohmann::json;
using enum Call;

constexpr int64_t most_bytes = int64_t{1} << 30;  // of one call

// Which calls a key says something about.
struct KeyUse {
  std::string_view key;
  std::vector<Call> calls;
};
const std::vector<KeyUse>& key_uses() {
  static const std::vector<Call> all{bind,  listen,   accept, connect,    send,      recv,
                                     close, shutdown, abort,  setsockopt, getsockopt};
  static const std::vector<KeyUse> uses{
      {"socket", all},
      {"background", {accept, connect, send, recv, close}},
      {"bytes", {send, recv}},
      {"how", {shutdown}},
      {"option", {setsockopt, getsockopt}},
      {"value", {setsockopt}},
      {"field", {getsockopt}},
      {"port", {bind, connect}},
      {"fails", all},
      {"may_fail", all},
      {"returns", {send, recv, getsockopt}},
      {"takes", all},
  };
  return uses;
}

// The first key that is there and says nothing about `call` (nothing: a step that is no call).
std::optional<FieldError> useless_key(const Fields& fields, std::optional<Call> call,
                                      std::string_view subject) {
  for (const KeyUse& use : key_uses()) {
    if (call && std::ranges::find(use.calls, *call) != use.calls.end()) continue;
    const std::string key(use.key);
    if (fields.has(key))
      return FieldError{fields.pointer(key),
                        fmt::format("'{}' says nothing about {}", key, subject), true};
  }
  return {};
}

void read_option(Fields& fields, CallStep& step) {
  const auto* option = fields.value("option");
  const auto names = step.call == setsockopt ? option_names() : readable_option_names();
  if (option && step.call == setsockopt && *option == "TCP_INFO")
    fields.refuse("option", "TCP_INFO can be read, not set");
  if (option)
    step.option =
        fields.take(known(*option, fields.pointer("option"), "option", names)).value_or("");
  if (const auto value = fields.integer("value", std::numeric_limits<int32_t>::min(),
                                        std::numeric_limits<int32_t>::max()))
    step.value = *value;
  step.field = fields.text("field").value_or("");
  if (step.call != getsockopt || step.option.empty()) return;
  const bool info = step.option == "TCP_INFO";
  if (info && !fields.has("field"))
    fields.refuse("option", "TCP_INFO needs a 'field' like \"tcpi_rto\"");
  else if (!info && fields.has("field"))
    fields.refuse("field", fmt::format("'field' goes with TCP_INFO, not with {}", step.option));
  else if (info && (!step.field.starts_with("tcpi_") || !name_from(step.field, "")))
    fields.refuse("field", fmt::format("'{}' is no field of TCP_INFO; they begin with \"tcpi_\"",
                                       step.field));
}

void read_outcome(Fields& fields, CallStep& step) {
  if (const auto* fails = fields.value("fails"))
    step.fails = fields.take(known(*fails, fields.pointer("fails"), "errno", errno_names()));
  step.may_fail = fields.boolean("may_fail").value_or(false);
  if (const auto* returns = fields.value("returns"))
    step.returns = fields.take(range_from(*returns, fields.pointer("returns")));
  if (const auto* takes = fields.value("takes"))
    step.takes = fields.take(time_spec_from(*takes, fields.pointer("takes")));
  const auto claims = given(fields, {"fails", "may_fail", "returns"});
  const bool both = claims.size() > 1 && fields.has("fails");
  if (both)
    fields.refuse(FieldError{fields.pointer(claims[1]),
                             fmt::format("'fails' and '{}' in one call: which of them?", claims[1]),
                             true});
}

void read_arguments(Fields& fields, CallStep& step) {
  static const std::vector<std::string> hows{"read", "write", "both"};
  step.socket = name_or(fields, "socket", step.call == listen ? "listener" : "main");
  step.background = fields.boolean("background").value_or(false);
  if (const auto bytes = fields.integer("bytes", 1, most_bytes))
    step.bytes = static_cast<uint64_t>(*bytes);
  if (const auto* how = fields.value("how"))
    step.how =
        fields.take(known(*how, fields.pointer("how"), "way to shut down", hows)).value_or("");
  if (const auto port = fields.integer("port", 1, 65535)) step.port = static_cast<uint16_t>(*port);
}

// The required keys of a call.
std::vector<std::string> required(Call call) {
  switch (call) {
    case send:
      return {"bytes"};
    case shutdown:
      return {"how"};
    case setsockopt:
      return {"option", "value"};
    case getsockopt:
      return {"option"};
    case bind:
    case listen:
    case accept:
    case connect:
    case recv:
    case close:
    case abort:
    case kill:
      return {};
  }
  return {};
}

// Asks for every key that any call knows, so that a typing error is told from a key of another
// call.
FieldResult<CallStep> call_from(Fields& fields, const std::string& end) {
  CallStep step{.end = *end_from_string(end)};
  const auto name =
      fields.take(known(*fields.value(end), fields.pointer(end), "call", call_names()));
  if (name)
    step.call = static_cast<Call>(std::ranges::find(call_names(), *name) - call_names().begin());
  read_arguments(fields, step);
  read_option(fields, step);
  read_outcome(fields, step);
  if (fields.failed()) return std::unexpected(*fields.finish());
  if (auto error = useless_key(fields, step.call, *name)) return std::unexpected(*error);
  for (const std::string& key : required(step.call))
    if (!fields.has(key)) return refuse(fields.at(), fmt::format("{} needs '{}'", *name, key));
  return step;
}

FieldResult<WaitStep::ForState> state_wait(Fields& fields, const std::string& key,
                                           Reading& reading) {
  const std::string at = fields.pointer(key);
  auto states = states_from(*fields.value(key), at);
  if (!states) return std::unexpected(states.error());
  WaitStep::ForState wait{{*end_from_string(key)}, std::move(*states)};
  wait.end.connection = name_or(fields, "connection", "main");
  reading.mention(Mention::Of::connection, wait.end.connection,
                  fields.has("connection") ? fields.pointer("connection") : at);
  return wait;
}

FieldResult<WaitStep> wait_from(const json& value, const std::string& at, Reading& reading) {
  WaitStep wait;
  if (!value.is_object()) {
    const auto time = duration_from(value, at);
    if (!time) return std::unexpected(time.error());
    wait.until = *time;
    return wait;
  }
  Fields fields(value, at);
  const auto kinds = given(fields, {"client", "server", "segment", "call"});
  for (const char* key : {"client", "server", "segment", "call", "connection"}) {
    const auto* field = fields.value(key);
    if (!field || kinds.size() != 1 || kinds[0] != key) continue;
    const std::string here = fields.pointer(key);
    if (kinds[0] == "segment") {
      if (auto segment = fields.take(reading.selector(*field, here)))
        wait.until = WaitStep::ForSegment{std::move(*segment)};
    } else if (kinds[0] == "call") {
      if (auto name = fields.take(name_from(*field, here))) {
        reading.mention(Mention::Of::background_call, *name, here);
        wait.until = WaitStep::ForCall{std::move(*name)};
      }
    } else if (auto state = fields.take(state_wait(fields, key, reading))) {
      wait.until = std::move(*state);
    }
  }
  if (auto error = fields.finish()) return std::unexpected(*error);
  if (kinds.size() != 1)
    return refuse(at,
                  "wait for one of { client = STATE }, { server = STATE }, { segment = "
                  "SELECTOR }, { call = STEP }");
  if (fields.has("connection") && !std::holds_alternative<WaitStep::ForState>(wait.until))
    return refuse_key(fields.pointer("connection"),
                      fmt::format("'connection' goes with a state, not with '{}'", kinds[0]));
  return wait;
}

void read_wait(Fields& fields, Step& step, Reading& reading) {
  auto wait = fields.take(wait_from(*fields.value("wait"), fields.pointer("wait"), reading));
  if (!wait) return;
  wait->within = fields.duration("within");
  if (wait->within && std::holds_alternative<Nanos>(wait->until))
    fields.refuse(FieldError{fields.pointer("within"),
                             "'within' bounds a wait for something, not for a time", true});
  step.what = std::move(*wait);
}

void read_link(Fields& fields, Step& step) {
  static const std::vector<std::string> links{"unplug", "plug"};
  const auto word =
      fields.take(known(*fields.value("link"), fields.pointer("link"), "link step", links));
  if (word) step.what = *word == "plug" ? LinkStep::plug : LinkStep::unplug;
}

// The faults that a step may ask for.
std::vector<std::string> faults_on_demand(const Reading& reading) {
  std::vector<std::string> names;
  for (const FaultKind& kind : reading.faults)
    if (kind.on_demand) names.push_back(kind.name);
  return names;
}

void read_fault(Fields& fields, Step& step, const std::string& name, Reading& reading) {
  const auto kind = std::ranges::find(reading.faults, name, &FaultKind::name);
  FaultStep fault{.fault = name, .params = *fields.value(name)};
  if (auto good = kind->check(fault.params, fields.pointer(name)); !good)
    fields.refuse(good.error());
  fault.connection = name_or(fields, "connection", "main");
  reading.mention(Mention::Of::connection, fault.connection,
                  fields.pointer(fields.has("connection") ? "connection" : name));
  step.what = std::move(fault);
}

// Marks what the other kinds of step know as asked for: `finish` shall suggest from all of it.
void ask_for_every_key(Fields& fields, const std::vector<std::string>& faults) {
  for (const char* key : {"client", "server", "wait", "link", "within", "connection"})
    (void)fields.value(key);
  for (const std::string& name : faults) (void)fields.value(name);
  for (const KeyUse& use : key_uses()) (void)fields.value(std::string(use.key));
}

}  // namespace

FieldResult<Step> step_from(const json& value, const std::string& at, size_t number,
                            Reading& reading) {
  Fields fields(value, at);
  Step step{.name = name_or(fields, "name", fmt::format("step-{}", number)),
            .line = reading.line(at)};
  const auto faults = faults_on_demand(reading);
  ask_for_every_key(fields, faults);
  auto verbs = given(fields, {"client", "server", "wait", "link"});
  for (const std::string& name : faults)
    if (fields.has(name)) verbs.push_back(name);
  if (verbs.size() == 1 && !fields.failed()) {
    if (verbs[0] == "wait")
      read_wait(fields, step, reading);
    else if (verbs[0] == "link")
      read_link(fields, step);
    else if (fields.has(verbs[0]) && std::ranges::find(faults, verbs[0]) != faults.end())
      read_fault(fields, step, verbs[0], reading);
    else if (auto call = fields.take(call_from(fields, verbs[0])))
      step.what = std::move(*call);
  }
  if (auto error = fields.finish()) return std::unexpected(*error);
  if (verbs.size() != 1)
    return refuse(
        at, fmt::format("a step is one of client = CALL, server = CALL, wait = …, link = "
                        "\"unplug\", {} = …; {}",
                        fmt::join(faults, " = …, "),
                        verbs.empty() ? "this has none"
                                      : fmt::format("this has {}", fmt::join(verbs, " and "))));
  const bool is_call = std::holds_alternative<CallStep>(step.what);
  const bool is_fault = std::holds_alternative<FaultStep>(step.what);
  const std::string subject = verbs[0] == "wait" ? "a wait" : is_fault ? "a fault" : "the link";
  if (auto error = is_call ? std::nullopt : useless_key(fields, {}, subject))
    return std::unexpected(*error);
  if (fields.has("within") && verbs[0] != "wait")
    return refuse_key(fields.pointer("within"), "'within' goes with 'wait'");
  if (fields.has("connection") && !is_fault)
    return refuse_key(fields.pointer("connection"), "'connection' goes with a fault");
  return step;
}

}  // namespace faultline
