// faultline explain: a case in sentences, with the timeline that the timer models predict.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/selecting.hpp"
#include "harness/cli/tell.hpp"
#include "harness/judge/call_outcome.hpp"
#include "harness/run/patience.hpp"
#include "harness/world/probe.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

void line(const std::string& text) {
  tell(stdout, fmt::format("  {}\n", safe_text(text)));
}

std::string names(const std::vector<TcpState>& states) {
  std::vector<std::string_view> words;
  for (const TcpState state : states) words.push_back(to_string(state));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string sentence(const StatesExpectation& e) {
  if (e.states.empty())
    return fmt::format("the {} stays in the state it began in", to_string(e.end));
  return fmt::format("the {} goes through {}{}", to_string(e.end), e.exactly ? "" : "among others ",
                     names(e.states));
}
std::string sentence(const FinalExpectation& e) {
  return fmt::format("the {} is in {} at the end", to_string(e.end), to_string(e.state));
}
std::string sentence(const GapsExpectation& e) {
  std::vector<std::string> gaps;
  for (const TimeSpec& spec : e.are) gaps.push_back(to_string(spec));
  return fmt::format("between {} lie {}", describe(e.of),
                     e.timer.empty() ? fmt::format("{}", fmt::join(gaps, ", "))
                                     : "what the model '" + e.timer + "' predicts");
}
std::string sentence(const CountExpectation& e) {
  const std::string what =
      e.distinct ? fmt::format("distinct {} among ", to_string(*e.distinct)) : "";
  return fmt::format("of {}{} there are {}", what, describe(e.of),
                     e.is ? to_string(*e.is) : "as many as the model '" + e.timer + "' predicts");
}
std::string sentence(const TimeExpectation& e) {
  return fmt::format("from {} to {} it takes {}", describe(e.from), describe(e.to),
                     to_string(e.is));
}
std::string sentence(const NeverExpectation& e) {
  return fmt::format("there is {}", describe_none(e.segment));
}
std::string sentence(const SegmentsExpectation& e) {
  std::vector<std::string> words;
  for (const Selector& selector : e.in_order) words.push_back(describe(selector));
  return fmt::format("in this order come {}", fmt::join(words, "; "));
}
std::string sentence(const StreamExpectation& e) {
  return fmt::format("the {} receives {} bytes, each as it was sent", to_string(e.receiver),
                     e.bytes);
}

std::string step_line(const Step& step) {
  const auto* call = std::get_if<CallStep>(&step.what);
  if (!call) return describe(step);
  std::string text = fmt::format("{}: {}", describe(step), wanted_outcome(*call));
  if (call->takes) text += fmt::format(", and takes {}", to_string(*call->takes));
  if (call->background) text += "; meanwhile it goes on";
  return text;
}

// The models that a case names, each with the end whose timers they are.
std::map<std::string, End> models_of(const Case& the_case) {
  std::map<std::string, End> models;
  for (const Step& step : the_case.steps)
    if (const auto* call = std::get_if<CallStep>(&step.what); call && call->takes)
      models.emplace(call->takes->timer, call->end);
  for (const Expectation& expectation : the_case.expectations) {
    if (const auto* gaps = std::get_if<GapsExpectation>(&expectation))
      models.emplace(gaps->timer, gaps->of.from.value_or(End::client));
    if (const auto* count = std::get_if<CountExpectation>(&expectation))
      models.emplace(count->timer, count->of.from.value_or(End::client));
    if (const auto* time = std::get_if<TimeExpectation>(&expectation)) {
      const auto* state = std::get_if<Moment::StateBegins>(&time->to.what);
      models.emplace(time->is.timer, state ? state->end.end : End::client);
    }
  }
  models.erase("");
  return models;
}

void set_up_lines(End end, const EndSetup& setup) {
  for (const auto& [name, value] : setup.sysctl)
    line(fmt::format("The {} has {} = {}.", to_string(end), name, value));
  for (const auto& [name, value] : setup.options)
    line(fmt::format("The {} sets {} = {} on its sockets.", to_string(end), name, value));
  if (setup.listen)
    line(fmt::format("The {} listens, with a backlog of {}.", to_string(end), setup.backlog));
}

std::string rule_line(const Rule& rule) {
  std::string text = fmt::format("Rule '{}': {} {}", rule.name, describe(rule.match), rule.fault);
  if (!rule.params.is_null() && rule.params != "all") text += " " + rule.params.dump();
  if (!rule.after_rule.empty())
    text += fmt::format(", once rule '{}' has decided", rule.after_rule);
  if (!rule.after_step.empty()) text += fmt::format(", once {} is over", rule.after_step);
  if (rule.lasting) text += fmt::format(", for {}", format_duration(*rule.lasting));
  return text + ".";
}

void explain(const Case& the_case) {
  const Environment environment{.hz = kernel_hz()};
  tell(stdout, fmt::format("{}\n", safe_text(the_case.id + ": " + the_case.title)));
  line(fmt::format("It is about {}, and holds it to what it {} ({}).",
                   the_case.about == About::both ? "either end"
                                                 : fmt::format("the {}", to_string(the_case.about)),
                   the_case.level == Level::documented ? "is documented to do"
                   : the_case.level == Level::endurance
                       ? "has to survive"
                       : fmt::format("{} do", to_string(the_case.level)),
                   fmt::join(the_case.spec, "; ")));
  for (const End end : both_ends) set_up_lines(end, the_case.setup(end));
  for (const Rule& rule : the_case.rules) line(rule_line(rule));
  fmt::print("Steps\n");
  for (const Step& step : the_case.steps) line(step_line(step));
  if (!the_case.expectations.empty()) fmt::print("Expected\n");
  for (const Expectation& expectation : the_case.expectations)
    line(std::visit([](const auto& e) { return sentence(e); }, expectation));
  const auto models = models_of(the_case);
  if (!models.empty()) fmt::print("Predicted, at {} Hz\n", environment.hz);
  for (const auto& [model, end] : models) {
    const auto prediction = predict(model, expected_inputs(the_case, environment, end));
    line(fmt::format("{}, {}: {}", model, to_string(end),
                     prediction ? prediction->sentence : prediction.error().what));
  }
  line(fmt::format("It takes about {}{}.", format_duration(predicted_length(the_case, environment)),
                   the_case.slow ? ", and runs only by its id or with --slow" : ""));
}

}  // namespace

int explain_command(const Selection& selection) {
  const auto selected = select_cases(selection);
  if (!selected) return selected.error();
  for (const Case& the_case : selected->cases) {
    if (&the_case != &selected->cases.front()) fmt::print("\n");
    explain(the_case);
  }
  return all_as_expected;
}

}  // namespace faultline
