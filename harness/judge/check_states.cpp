// Expectations about the states of an end.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/judge/findings.hpp"
#include "harness/judge/states.hpp"

namespace faultline {
namespace {

std::string names(const std::vector<TcpState>& states) {
  if (states.empty()) return "none";
  std::vector<std::string_view> words;
  for (const TcpState state : states) words.push_back(to_string(state));
  return fmt::format("{}", fmt::join(words, " → "));
}

bool contains_in_order(const std::vector<TcpState>& all, const std::vector<TcpState>& some) {
  auto next = some.begin();
  for (const TcpState state : all)
    if (next != some.end() && state == *next) ++next;
  return next == some.end();
}

std::vector<std::string> evidence(const Timeline& timeline, const ConnectionEnd& end) {
  std::vector<std::string> lines;
  for (const StateEvent* event : timeline.states(end))
    lines.push_back(fmt::format("{} {}", format_duration(event->time), to_string(event->state)));
  return lines;
}

TcpState initial_state(const Timeline& timeline, const ConnectionEnd& end) {
  return is_active_open(timeline.the_case(), end) ? TcpState::CLOSED : TcpState::LISTEN;
}

// CLOSED and LISTEN are one to an end that stands in LISTEN when it has no connection.
std::vector<TcpState> with_one_name(std::vector<TcpState> states, TcpState start) {
  std::ranges::replace(states, TcpState::CLOSED, start);
  return states;
}

// The look that told: of the first state that is not as wanted, or the last one.
const StateEvent* telling_look(const StateHistory& history, const std::vector<TcpState>& got,
                               const std::vector<TcpState>& wanted) {
  if (history.looks.empty()) return nullptr;
  const auto differs = std::ranges::mismatch(got, wanted).in1 - got.begin();
  return history.looks[std::min(static_cast<size_t>(differs), history.looks.size() - 1)];
}

}  // namespace

bool is_active_open(const Case& the_case, const ConnectionEnd& end) {
  return std::ranges::any_of(the_case.steps, [&](const Step& step) {
    const auto* call = std::get_if<CallStep>(&step.what);
    return call && call->call == Call::connect && call->end == end.end &&
           call->socket == end.connection;
  });
}

StateHistory history_of(const Timeline& timeline, const ConnectionEnd& end) {
  StateHistory history;
  const TcpState start = initial_state(timeline, end);
  TcpState before = start;
  for (const StateEvent* event : timeline.states(end)) {
    if (before == TcpState::CLOSED) before = start;
    std::vector<TcpState> path;
    if (const auto between = states_between(before, event->state)) {
      path = *between;
    } else {
      const bool illegal = !is_reachable(before, event->state);
      if (history.gap.empty() || (illegal && !history.illegal))
        history.gap =
            fmt::format("{} was seen after {}", to_string(event->state), to_string(before));
      history.illegal = history.illegal || illegal;
    }
    path.push_back(event->state);
    history.states.insert(history.states.end(), path.begin(), path.end());
    history.looks.resize(history.states.size(), event);
    before = event->state;
  }
  return history;
}

Finding check(const StatesExpectation& expectation, const Timeline& timeline) {
  const StateHistory history = history_of(timeline, expectation.end);
  Finding finding{.what = fmt::format("states of the {}", to_string(expectation.end)),
                  .wanted = names(expectation.states),
                  .got = names(history.states),
                  .owner = expectation.end.end,
                  .line = expectation.line};
  if (!expectation.exactly) finding.wanted += " among others";
  const TcpState start = initial_state(timeline, expectation.end);
  const auto wanted = with_one_name(expectation.states, start);
  const auto got = with_one_name(history.states, start);
  const bool complete = history.gap.empty();
  finding.event = timeline.index_of(expectation.exactly     ? telling_look(history, got, wanted)
                                    : history.looks.empty() ? nullptr
                                                            : history.looks.back());
  if (expectation.exactly ? complete && got == wanted : contains_in_order(got, wanted))
    return finding;
  // What lies in a gap could be what was wanted, unless something else was seen as well.
  const bool could_be =
      !complete && !history.illegal && (!expectation.exactly || contains_in_order(wanted, got));
  finding.status = could_be ? Finding::Status::unclear : Finding::Status::broken;
  if (!complete) finding.got += fmt::format(" ({}, and not what lay between)", history.gap);
  finding.evidence = evidence(timeline, expectation.end);
  return finding;
}

Finding check(const FinalExpectation& expectation, const Timeline& timeline) {
  const auto states = timeline.states(expectation.end);
  const TcpState start = initial_state(timeline, expectation.end);
  const TcpState last = states.empty() ? start : states.back()->state;
  Finding finding{.what = fmt::format("final state of the {}", to_string(expectation.end)),
                  .wanted = std::string(to_string(expectation.state)),
                  .got = std::string(to_string(last)),
                  .owner = expectation.end.end,
                  .line = expectation.line,
                  .event = timeline.index_of(states.empty() ? nullptr : states.back())};
  if (with_one_name({last}, start) == with_one_name({expectation.state}, start)) return finding;
  finding.status = Finding::Status::broken;
  finding.evidence = evidence(timeline, expectation.end);
  return finding;
}

}  // namespace faultline
