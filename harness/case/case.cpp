#include "harness/case/case.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/case/names.hpp"

namespace faultline {
namespace {

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};

// A wait or a moment is about one segment: without an `nth` the first.
Selector first_of(Selector selector) {
  if (selector.nth.empty()) selector.nth = {Range{1, 1}};
  return selector;
}

std::string of(const ConnectionEnd& end) {
  std::string text = fmt::format("the {}", to_string(end.end));
  if (end.connection != "main") text += fmt::format(" of connection {}", end.connection);
  return text;
}

std::string describe(const CallStep& call) {
  std::string text = fmt::format("{}: {}", to_string(call.end), to_string(call.call));
  if (call.bytes) text += fmt::format(" {} bytes", *call.bytes);
  if (call.call == Call::recv && !call.bytes) text += " until the end of the stream";
  for (const std::string& word : {call.how, call.option, call.field})
    if (!word.empty()) text += " " + word;
  if (call.call == Call::setsockopt) text += fmt::format(" = {}", call.value);
  const char* usual = call.call == Call::listen ? "listener" : "main";
  if (call.socket != usual && call.call != Call::kill)
    text += fmt::format(", socket {}", call.socket);
  if (call.port) text += fmt::format(", local port {}", *call.port);
  if (call.background) text += ", in the background";
  return text;
}

std::string describe(const WaitStep& wait) {
  std::string text = std::visit(
      Overloaded{
          [](Nanos time) { return "wait " + format_duration(time); },
          [](const WaitStep::ForState& state) {
            std::vector<std::string_view> names;
            for (const TcpState s : state.states) names.push_back(to_string(s));
            return fmt::format("wait for {} at {}", fmt::join(names, " or "), of(state.end));
          },
          [](const WaitStep::ForSegment& s) { return "wait for " + describe(first_of(s.segment)); },
          [](const WaitStep::ForCall& call) {
            return fmt::format("wait for the end of '{}'", call.step);
          }},
      wait.until);
  if (wait.within) text += fmt::format(", at most {}", format_duration(*wait.within));
  return text;
}

std::string describe(const FaultStep& step) {
  std::string text = fmt::format("{} {}", step.fault, step.params.dump());
  if (step.connection != "main") text += fmt::format(" on connection {}", step.connection);
  return text;
}

bool any_state(const Expectation& expectation) {
  const auto looks = [](const Selector& s) { return s.looks_at_states(); };
  const auto moment_looks = [&](const Moment& moment) {
    if (const auto* s = std::get_if<Moment::SegmentPasses>(&moment.what)) return looks(s->segment);
    return std::holds_alternative<Moment::StateBegins>(moment.what);
  };
  return std::visit(
      Overloaded{
          [](const StatesExpectation&) { return true; },
          [](const FinalExpectation&) { return true; },
          [&](const GapsExpectation& e) { return looks(e.of); },
          [&](const CountExpectation& e) { return looks(e.of); },
          [&](const TimeExpectation& e) { return moment_looks(e.from) || moment_looks(e.to); },
          [&](const NeverExpectation& e) { return looks(e.segment); },
          [&](const SegmentsExpectation& e) { return std::ranges::any_of(e.in_order, looks); },
          [](const StreamExpectation&) { return false; }},
      expectation);
}

// Also where a hold ends, which is a selector in the fault's own parameters.
bool any_state(const Rule& rule) {
  if (rule.match.looks_at_states()) return true;
  const auto until = rule.params.is_object() ? rule.params.find("until") : rule.params.end();
  return until != rule.params.end() && until->is_object() && until->contains("while");
}

bool any_state(const Step& step) {
  const auto* wait = std::get_if<WaitStep>(&step.what);
  if (!wait) return false;
  if (const auto* s = std::get_if<WaitStep::ForSegment>(&wait->until))
    return s->segment.looks_at_states();
  return std::holds_alternative<WaitStep::ForState>(wait->until);
}

}  // namespace

std::string_view to_string(Distinct distinct) {
  switch (distinct) {
    case Distinct::seq:
      return "seq";
    case Distinct::seq_high_byte:
      return "seq-high-byte";
    case Distinct::port:
      return "port";
  }
  return "?";
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::must:
      return "must";
    case Level::should:
      return "should";
    case Level::may:
      return "may";
    case Level::documented:
      return "documented";
    case Level::endurance:
      return "endurance";
  }
  return "?";
}

std::string_view to_string(About about) {
  switch (about) {
    case About::client:
      return "client";
    case About::server:
      return "server";
    case About::both:
      return "both";
  }
  return "?";
}

std::string_view to_string(Call call) {
  return call_names()[static_cast<size_t>(call)];
}

std::string to_string(const TimeSpec& spec) {
  if (!spec.timer.empty()) return "timer:" + spec.timer;
  if (!spec.sum.empty()) {
    std::vector<std::string> parts;
    for (const Nanos part : spec.sum) parts.push_back(format_duration(part));
    return fmt::format("{}", fmt::join(parts, "+"));
  }
  if (!spec.max) return "at least " + format_duration(spec.min.value_or(0ns));
  if (!spec.min) return "at most " + format_duration(*spec.max);
  return fmt::format("{} to {}", format_duration(*spec.min), format_duration(*spec.max));
}

std::string to_string(const ConnectionEnd& end) {
  std::string text(to_string(end.end));
  return end.connection == "main" ? text : text + ":" + end.connection;
}

std::string describe(const Step& step) {
  return std::visit(Overloaded{[](const CallStep& call) { return describe(call); },
                               [](const WaitStep& wait) { return describe(wait); },
                               [](LinkStep link) -> std::string {
                                 return link == LinkStep::unplug ? "unplug the link"
                                                                 : "plug the link in";
                               },
                               [](const FaultStep& fault) { return describe(fault); }},
                    step.what);
}

std::string describe(const Moment& moment) {
  return std::visit(
      Overloaded{
          [](const Moment::CallBegins& call) { return fmt::format("call '{}'", call.step); },
          [](const Moment::CallEnds& call) { return fmt::format("the end of '{}'", call.step); },
          [](const Moment::SegmentPasses& s) { return describe(first_of(s.segment)); },
          [](const Moment::StateBegins& s) {
            return fmt::format("{} at {}", to_string(s.state), of(s.end));
          }},
      moment.what);
}

namespace {

bool is_literal(const Expectation& expectation) {
  if (const auto* gaps = std::get_if<GapsExpectation>(&expectation)) return gaps->timer.empty();
  if (const auto* count = std::get_if<CountExpectation>(&expectation)) return count->timer.empty();
  if (const auto* time = std::get_if<TimeExpectation>(&expectation)) return time->is.is_literal();
  return false;
}

}  // namespace

bool Case::has_literals() const {
  const bool in_steps = std::ranges::any_of(steps, [](const Step& step) {
    const auto* call = std::get_if<CallStep>(&step.what);
    return call && call->takes && call->takes->is_literal();
  });
  return in_steps || std::ranges::any_of(expectations, is_literal);
}

bool Case::looks_at_states() const {
  return std::ranges::any_of(rules, [](const Rule& r) { return any_state(r); }) ||
         std::ranges::any_of(steps, [](const Step& s) { return any_state(s); }) ||
         std::ranges::any_of(expectations, [](const Expectation& e) { return any_state(e); });
}

}  // namespace faultline
