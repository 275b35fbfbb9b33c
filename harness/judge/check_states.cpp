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

}  // namespace

StateHistory history_of(const Timeline& timeline, const ConnectionEnd& end) {
  StateHistory history;
  const bool opened = std::ranges::any_of(timeline.the_case().steps, [&](const Step& step) {
    const auto* call = std::get_if<CallStep>(&step.what);
    return call && call->call == Call::connect && call->end == end.end &&
           call->socket == end.connection;
  });
  TcpState before = opened ? TcpState::CLOSED : TcpState::LISTEN;
  for (const StateEvent* event : timeline.states(end)) {
    // A passive end that was closed stands where its listener does.
    if (before == TcpState::CLOSED && !opened) before = TcpState::LISTEN;
    const auto between = states_between(before, event->state);
    if (between)
      history.states.insert(history.states.end(), between->begin(), between->end());
    else if (history.gap.empty())
      history.gap = fmt::format("{} was seen after {}", to_string(event->state), to_string(before));
    if (!is_reachable(before, event->state)) history.illegal = true;
    history.states.push_back(event->state);
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
  const bool same = expectation.exactly ? history.states == expectation.states
                                        : contains_in_order(history.states, expectation.states);
  if (same && history.gap.empty()) return finding;
  finding.status = history.gap.empty() || history.illegal ? Finding::Status::broken
                                                          : Finding::Status::unclear;
  if (!history.gap.empty()) finding.got += fmt::format(" ({}, and not what lay between)", history.gap);
  finding.evidence = evidence(timeline, expectation.end);
  return finding;
}

Finding check(const FinalExpectation& expectation, const Timeline& timeline) {
  const auto states = timeline.states(expectation.end);
  const TcpState last = states.empty() ? TcpState::CLOSED : states.back()->state;
  Finding finding{.what = fmt::format("final state of the {}", to_string(expectation.end)),
                  .wanted = std::string(to_string(expectation.state)),
                  .got = std::string(to_string(last)),
                  .owner = expectation.end.end,
                  .line = expectation.line};
  if (last == expectation.state) return finding;
  finding.status = Finding::Status::broken;
  finding.evidence = evidence(timeline, expectation.end);
  return finding;
}

}  // namespace faultline
