// What only the whole case shows.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/case/reading.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

const CallStep* call_of(const Step& step) {
  return std::get_if<CallStep>(&step.what);
}

std::vector<std::string> names_of_calls(const Case& c, bool background_only) {
  std::vector<std::string> names;
  for (const Step& step : c.steps)
    if (const auto* call = call_of(step); call && (call->background || !background_only))
      names.push_back(step.name);
  return names;
}

// A connection is named after the socket that called connect().
std::vector<std::string> connections(const Case& c) {
  std::set<std::string> names;
  for (const Step& step : c.steps)
    if (const auto* call = call_of(step); call && call->call == Call::connect)
      names.insert(call->socket);
  return {names.begin(), names.end()};
}

std::optional<FieldError> twice(const Case& c) {
  std::set<std::string> rules, steps;
  for (size_t i = 0; i < c.rules.size(); ++i)
    if (!rules.insert(c.rules[i].name).second)
      return FieldError{fmt::format("/rule/{}/name", i),
                        fmt::format("two rules are named '{}'", c.rules[i].name)};
  for (size_t i = 0; i < c.steps.size(); ++i)
    if (!steps.insert(c.steps[i].name).second)
      return FieldError{fmt::format("/step/{}/name", i),
                        fmt::format("two steps are named '{}'", c.steps[i].name)};
  return {};
}

std::optional<FieldError> unknown_connection(const Mention& mention,
                                             const std::vector<std::string>& names) {
  if (std::ranges::find(names, mention.name) != names.end()) return {};
  return FieldError{mention.at,
                    fmt::format("no connect step has a socket '{}', so no connection has that "
                                "name{}",
                                mention.name, did_you_mean(mention.name, names)),
                    mention.key};
}

std::optional<FieldError> unknown_call(const Mention& mention, const Case& c) {
  const bool background = mention.of == Mention::Of::background_call;
  const auto found = std::ranges::find(c.steps, mention.name, &Step::name);
  if (found == c.steps.end())
    return FieldError{mention.at,
                      fmt::format("no step is named '{}'{}", mention.name,
                                  did_you_mean(mention.name, names_of_calls(c, background)))};
  const auto* call = call_of(*found);
  if (!call) return FieldError{mention.at, fmt::format("step '{}' is no call", mention.name)};
  if (!background) return {};
  if (!call->background)
    return FieldError{mention.at, fmt::format("step '{}' does not run in the background: it is "
                                              "over before the next step begins",
                                              mention.name)};
  const auto waits = [&](size_t i) { return mention.at.starts_with(fmt::format("/step/{}/", i)); };
  for (size_t i = 0; i < static_cast<size_t>(found - c.steps.begin()); ++i)
    if (waits(i))
      return FieldError{mention.at,
                        fmt::format("step '{}' comes later than this wait", mention.name)};
  return {};
}

template <typename T>
std::optional<FieldError> unknown_in(const std::vector<T>& list, std::string_view noun,
                                     const Mention& mention) {
  std::vector<std::string> names;
  for (const T& one : list) names.push_back(one.name);
  if (std::ranges::find(names, mention.name) != names.end()) return {};
  return FieldError{mention.at, fmt::format("no {} is named '{}'{}", noun, mention.name,
                                            did_you_mean(mention.name, names))};
}

std::optional<FieldError> unknown(const Mention& mention, const Case& c) {
  switch (mention.of) {
    case Mention::Of::connection:
      return unknown_connection(mention, connections(c));
    case Mention::Of::call:
    case Mention::Of::background_call:
      return unknown_call(mention, c);
    case Mention::Of::rule:
      return unknown_in(c.rules, "rule", mention);
    case Mention::Of::step:
      return unknown_in(c.steps, "step", mention);
  }
  return {};
}

// A fault that this case has no place for, by its level or by its families.
std::optional<FieldError> misplaced(const Case& c, const std::string& fault,
                                    const nlohmann::json& params, const std::string& at,
                                    const Reading& reading) {
  const auto kind = std::ranges::find(reading.faults, fault, &FaultKind::name);
  if (kind == reading.faults.end()) return {};
  if (kind->endurance_only && c.level != Level::endurance)
    return FieldError{at,
                      fmt::format("'{}' is random, and no promise can be judged by it: it needs "
                                  "level = \"endurance\"",
                                  fault)};
  for (const Family family : c.families) {
    const std::string why =
        kind->refuse_ip ? kind->refuse_ip(params, family == Family::ipv4 ? 4 : 6) : "";
    if (!why.empty())
      return FieldError{at, fmt::format("{}: say families = [\"{}\"]", why,
                                        family == Family::ipv4 ? "ipv6" : "ipv4")};
  }
  return {};
}

std::optional<FieldError> wrong_place(const nlohmann::json& params, const std::string& key,
                                      const std::string& at, std::string_view place) {
  if (key.empty() || !params.is_object() || !params.contains(key)) return {};
  return FieldError{fmt::format("{}/{}", at, key), fmt::format("'{}' goes with a {}", key, place),
                    true};
}

std::optional<FieldError> wrong_key_of_rule(const Rule& rule, const std::string& at,
                                            const Reading& reading) {
  const auto kind = std::ranges::find(reading.faults, rule.fault, &FaultKind::name);
  if (kind == reading.faults.end()) return {};
  if (kind->both_directions && rule.match.from)
    return FieldError{
        at + "/match/from",
        fmt::format("'{}' changes both directions: leave 'from' out of the match", rule.fault),
        true};
  return wrong_place(rule.params, kind->step_only, at + "/" + rule.fault, "step");
}

// A rule that waits for itself, in the end, never becomes active.
std::optional<FieldError> waits_for_itself(const Case& c, size_t first) {
  std::string next = c.rules[first].after_rule;
  for (size_t steps = 0; !next.empty() && steps < c.rules.size(); ++steps) {
    if (next == c.rules[first].name)
      return FieldError{
          fmt::format("/rule/{}/after/rule", first),
          fmt::format("the rules that come after each other from '{}' on lead back to "
                      "it, so none of them becomes active",
                      next)};
    next = std::ranges::find(c.rules, next, &Rule::name)->after_rule;
  }
  return {};
}

std::optional<FieldError> misplaced_in_rule(const Case& c, size_t i, const Reading& reading) {
  const Rule& rule = c.rules[i];
  const std::string at = fmt::format("/rule/{}", i);
  if (auto error = misplaced(c, rule.fault, rule.params, at + "/" + rule.fault, reading))
    return error;
  if (auto error = wrong_key_of_rule(rule, at, reading)) return error;
  return waits_for_itself(c, i);
}

std::optional<FieldError> misplaced_in_step(const Case& c, size_t i, const Reading& reading) {
  const auto* step = std::get_if<FaultStep>(&c.steps[i].what);
  if (!step) return {};
  const std::string at = fmt::format("/step/{}/{}", i, step->fault);
  if (auto error = misplaced(c, step->fault, step->params, at, reading)) return error;
  const auto kind = std::ranges::find(reading.faults, step->fault, &FaultKind::name);
  if (kind == reading.faults.end()) return {};
  return wrong_place(step->params, kind->rule_only, at, "rule");
}

std::optional<FieldError> misplaced_fault(const Case& c, const Reading& reading) {
  for (size_t i = 0; i < c.rules.size(); ++i)
    if (auto error = misplaced_in_rule(c, i, reading)) return error;
  for (size_t i = 0; i < c.steps.size(); ++i)
    if (auto error = misplaced_in_step(c, i, reading)) return error;
  return {};
}

// Follows which sockets are open at an end, step by step.
class Sockets {
 public:
  explicit Sockets(const Case& c) {
    for (const End end : both_ends)
      if (c.setup(end).listen) ends_[index(end)].open.insert("listener");
  }

  // Why this call cannot be made, or "".
  std::string make(const CallStep& call) {
    At& at = ends_[index(call.end)];
    const std::string_view end = to_string(call.end);
    if (at.killed) return fmt::format("the {}'s process was killed before this step", end);
    switch (call.call) {
      case Call::bind:
        at.open.insert(call.socket);
        return {};
      case Call::connect:
        return connect(at, call.socket, end);
      case Call::accept:
        return accept(at, call.socket, end);
      case Call::kill:
        at.killed = true;
        return {};
      case Call::close:
      case Call::abort: {
        std::string why = use(at, call.socket, end);
        at.open.erase(call.socket);
        return why;
      }
      case Call::listen:
      case Call::send:
      case Call::recv:
      case Call::shutdown:
      case Call::setsockopt:
      case Call::getsockopt:
        return use(at, call.socket, end);
    }
    return {};
  }

 private:
  struct At {
    std::set<std::string> open, connected;
    bool killed = false;
  };

  static std::string connect(At& at, const std::string& socket, std::string_view end) {
    at.open.insert(socket);
    if (at.connected.insert(socket).second) return {};
    return fmt::format(
        "the {} has connected a socket '{}' already, and a connection is named "
        "after its socket: give this one another name",
        end, socket);
  }

  static std::string accept(At& at, const std::string& socket, std::string_view end) {
    if (!at.open.contains("listener"))
      return fmt::format("nothing listens at the {}: say [{}] listen = true, or listen first", end,
                         end);
    if (at.open.insert(socket).second) return {};
    return fmt::format("the {} has a socket '{}' already: give the accepted one another name", end,
                       socket);
  }

  static std::string use(const At& at, const std::string& socket, std::string_view end) {
    if (at.open.contains(socket)) return {};
    const std::vector<std::string> names(at.open.begin(), at.open.end());
    return fmt::format("no socket '{}' is open at the {} by now{}", socket, end,
                       did_you_mean(socket, names));
  }

  std::array<At, 2> ends_;
};

std::optional<FieldError> bad_socket(const Case& c) {
  Sockets sockets(c);
  for (size_t i = 0; i < c.steps.size(); ++i) {
    const auto* call = call_of(c.steps[i]);
    if (!call) continue;
    if (auto why = sockets.make(*call); !why.empty())
      return FieldError{fmt::format("/step/{}/{}", i, to_string(call->end)), std::move(why)};
  }
  return {};
}

bool expects_something(const Case& c) {
  return !c.expectations.empty() || std::ranges::any_of(c.steps, [](const Step& step) {
    const auto* call = call_of(step);
    return call && (call->fails || call->returns || call->takes);
  });
}

}  // namespace

std::optional<FieldError> inconsistency(const Case& the_case, const Reading& reading) {
  if (the_case.steps.empty()) return FieldError{"", "a case needs at least one [[step]]"};
  if (auto error = twice(the_case)) return error;
  if (auto error = bad_socket(the_case)) return error;
  for (const Mention& mention : reading.mentions)
    if (auto error = unknown(mention, the_case)) return error;
  if (auto error = misplaced_fault(the_case, reading)) return error;
  if (!expects_something(the_case))
    return FieldError{"",
                      "nothing is expected: give [expect], or 'fails', 'returns' or 'takes' "
                      "with a step"};
  return {};
}

}  // namespace faultline
