#include "harness/judge/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "harness/judge/findings.hpp"
#include "harness/judge/window.hpp"
#include "harness/trace/describe.hpp"

namespace faultline {
namespace {

using Status = Finding::Status;
using Kind = TroubleEvent::Kind;

// A segment that waited in the queue of a harness that stood still arrived late, which no rule
// asked for: what was sent again, or given up, because of it is no stack's fault. A time that is
// too short is wrong all the same; one that is too long has been weighed against the stalls
// already.
void excuse_stalled(Finding& finding) {
  if (finding.status != Status::broken || !finding.tolerance.empty()) return;
  finding.status = Status::unclear;
  finding.got += ", while the harness stalled";
}

// A rule for a span of time meets other segments than it was meant for once the harness is late by a
// good part of the span.
Nanos longest_harmless_stall(const Timeline& timeline) {
  Nanos longest = longest_tolerated_stall(timeline);
  for (const Rule& rule : timeline.the_case().rules)
    if (rule.lasting) longest = std::min(longest, *rule.lasting / 4);
  return longest;
}

std::vector<Finding> all_findings(const Timeline& timeline) {
  std::vector<Finding> findings = check_steps(timeline);
  for (const Expectation& expectation : timeline.the_case().expectations)
    findings.push_back(std::visit([&](const auto& e) { return check(e, timeline); }, expectation));
  if (timeline.longest_stall(0ns, timeline.trace().length) > longest_harmless_stall(timeline))
    for (Finding& finding : findings) excuse_stalled(finding);
  for (Finding& finding : check_invariants(timeline)) findings.push_back(std::move(finding));
  return findings;
}

const TroubleEvent* trouble(const Trace& trace, Kind kind) {
  for (const Event& event : trace.events)
    if (const auto* found = std::get_if<TroubleEvent>(&event))
      if (found->kind == kind) return found;
  return nullptr;
}

// Nobody's doing in particular counts as the stack's under test: better one alarm too many.
bool is_suts(const Finding& finding, const std::string& sut) {
  return !finding.owner || sut == "both" || to_string(*finding.owner) == sut;
}

bool is_foreign(const Trace& trace) {
  const auto& ends = trace.environment.ends;
  return ends[0].stack != ends[1].stack;
}

std::string in_a_line(const Finding& finding) {
  return fmt::format("{}: wanted {}, got {}", finding.what, finding.wanted, finding.got);
}

// A change of the link leaves no mark of its own in the trace.
bool was_taken(const Step& step, int index, const Timeline& timeline) {
  if (std::holds_alternative<CallStep>(step.what)) return timeline.call(index) != nullptr;
  if (std::holds_alternative<WaitStep>(step.what)) return timeline.wait(index) != nullptr;
  return true;
}

// Why nothing was shown although nothing is broken, or "".
std::string hollow(const Timeline& timeline, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    if (finding.status == Status::unclear) return "could not be told: " + in_a_line(finding);
  const auto& steps = timeline.the_case().steps;
  for (size_t i = 0; i < steps.size(); ++i)
    if (!was_taken(steps[i], static_cast<int>(i), timeline))
      return fmt::format("the run never came to {}", steps[i].name);
  for (size_t i = 0; i < timeline.the_case().rules.size(); ++i) {
    const Rule& rule = timeline.the_case().rules[i];
    const auto& records = timeline.trace().rules;
    const RuleRecord record = i < records.size() ? records[i] : RuleRecord{};
    if (record.hits == 0 && !rule.optional)
      return fmt::format("rule '{}' matched nothing, so the fault never happened", rule.name);
    if (record.still_held != 0 && !rule.optional)
      return fmt::format("rule '{}' held {} segments to the end", rule.name, record.still_held);
  }
  return {};
}

struct Verdict {
  Outcome outcome;
  std::string reason;
  int line = 0;
};

Verdict verdict_of(const Timeline& timeline, const std::vector<Finding>& findings) {
  const Trace& trace = timeline.trace();
  if (const auto* t = trouble(trace, Kind::error)) return {Outcome::ERROR, t->what};
  if (const auto* t = trouble(trace, Kind::unsupported)) return {Outcome::UNSUPPORTED, t->what};
  if (const auto* t = trouble(trace, Kind::inconclusive)) return {Outcome::INCONCLUSIVE, t->what};
  const Finding* of_the_reference = nullptr;
  for (const Finding& finding : findings) {
    if (finding.status != Status::broken) continue;
    if (is_suts(finding, trace.sut)) return {Outcome::FAIL, in_a_line(finding), finding.line};
    if (!of_the_reference) of_the_reference = &finding;
  }
  // The reference stack is known to do what the case wants where another of its kind stands at the
  // other end: it is the stack under test that made it do otherwise.
  if (of_the_reference && is_foreign(trace))
    return {Outcome::FAIL, "seen at the reference end: " + in_a_line(*of_the_reference),
            of_the_reference->line};
  if (of_the_reference)
    return {Outcome::ERROR, "the reference end: " + in_a_line(*of_the_reference),
            of_the_reference->line};
  if (const std::string why = hollow(timeline, findings); !why.empty())
    return {Outcome::INCONCLUSIVE, why};
  return {Outcome::PASS, ""};
}

// "6.12.117-cloud" is {6, 12}.
std::optional<std::pair<int, int>> major_and_minor(const std::string& release) {
  std::istringstream text(release);
  int major = 0, minor = 0;
  char dot = 0;
  if (!(text >> major >> dot >> minor) || dot != '.') return {};
  return std::pair(major, minor);
}

bool is_about(const KnownDeviation& entry, const std::string& case_id, const Trace& trace) {
  return entry.case_id == case_id && applies_to(entry, trace.environment.kernel) &&
         (entry.as.empty() || entry.as == trace.sut) &&
         (entry.family.empty() || entry.family == trace.family);
}

void apply_known(Verdict& verdict, const std::string& case_id, const Trace& trace,
                 const std::vector<KnownDeviation>& known) {
  const auto entry = std::ranges::find_if(
      known, [&](const KnownDeviation& one) { return is_about(one, case_id, trace); });
  if (entry == known.end()) return;
  if (verdict.outcome == Outcome::FAIL) {
    verdict = {Outcome::XFAIL, entry->reason, verdict.line};
  } else if (verdict.outcome == Outcome::PASS) {
    verdict = {Outcome::XPASS,
               fmt::format("known to fail ({}), and it does not: take the entry out of known.toml",
                           entry->reason)};
  }
}

std::vector<std::string> story_of(const Timeline& timeline) {
  std::vector<std::string> story;
  for (const Event& event : timeline.trace().events) {
    if (const auto* call = std::get_if<CallEvent>(&event); call && call->step < 0) continue;
    // What no bound has to make room for tells nothing.
    if (const auto* stall = std::get_if<StallEvent>(&event);
        stall && stall->length < machine_tolerance)
      continue;
    story.push_back(describe(event, timeline.names()));
  }
  return story;
}

}  // namespace

bool applies_to(const KnownDeviation& entry, const std::string& release) {
  if (entry.before.empty()) return true;
  const auto running = major_and_minor(release);
  return running && *running < major_and_minor(entry.before);
}

CaseResult judge(const Case& the_case, const Trace& trace,
                 const std::vector<KnownDeviation>& known) {
  const Timeline timeline(the_case, trace);
  CaseResult result;
  result.case_id = the_case.id;
  result.title = the_case.title;
  result.file = the_case.file;
  result.family = trace.family == "ipv6" ? Family::ipv6 : Family::ipv4;
  result.sut = trace.sut;
  result.level = the_case.level;
  result.spec = the_case.spec;
  result.findings = all_findings(timeline);
  Verdict verdict = verdict_of(timeline, result.findings);
  apply_known(verdict, the_case.id, trace, known);
  result.outcome = verdict.outcome;
  result.reason = verdict.reason;
  result.line = verdict.line;
  result.story = story_of(timeline);
  result.took = trace.length;
  result.names = timeline.names();
  return result;
}

}  // namespace faultline
