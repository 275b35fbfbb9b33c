#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/call_outcome.hpp"
#include "tests/every_case_can_fail/leaves.hpp"
#include "tests/every_case_can_fail/trace_mutations.hpp"

namespace faultline::test {
namespace {

class StepLeaves {
 public:
  StepLeaves(const TracedRun& run, size_t step)
      : run_(run), index_(step), step_(run.the_case.steps[step]) {}

  std::vector<Leaf> of_call(const CallStep& call) const {
    std::vector<Leaf> leaves;
    if (!call.may_fail) leaves.push_back(outcome(call));
    if (call.takes)
      leaves.push_back(leaf("time of ", mutants_of_time(run_, *call.takes, [&](const TimeSpec& t) {
                              return with_call([&](CallStep& c) {
                                c.takes = t;
                                c.may_fail = true;  // so that nothing but the time can be broken
                              });
                            })));
    return leaves;
  }

  Leaf of_wait() const {
    return leaf("", {{"never comes", run_.the_case, changed(*run_.trace, [&](Trace& trace) {
                        for (Event& event : trace.events)
                          if (auto* wait = std::get_if<WaitEvent>(&event); wait && mine(*wait))
                            wait->satisfied = false;
                      })}});
  }

 private:
  template <typename T>
  bool mine(const T& event) const {
    return event.step == static_cast<int>(index_);
  }

  Leaf leaf(const std::string& prefix, std::vector<Mutant> mutants) const {
    return {fmt::format("{}{} ({})", prefix, describe(step_), step_.name), step_.line,
            std::move(mutants)};
  }

  Case with_call(const std::function<void(CallStep&)>& change) const {
    Case copy = run_.the_case;
    change(std::get<CallStep>(copy.steps[index_].what));
    return copy;
  }
  Mutant wanting(std::string what, const std::function<void(CallStep&)>& change) const {
    return {std::move(what), with_call(change), run_.trace};
  }

  Mutant with_error() const {
    return {"the call fails otherwise", run_.the_case, changed(*run_.trace, [&](Trace& trace) {
              for (Event& event : trace.events)
                if (auto* result = std::get_if<ResultEvent>(&event); result && mine(*result))
                  result->error = "EIO";
            })};
  }
  Mutant without_result() const {
    return {"the call never returns", run_.the_case, changed(*run_.trace, [&](Trace& trace) {
              std::erase_if(trace.events, [&](const Event& event) {
                const auto* result = std::get_if<ResultEvent>(&event);
                return result && mine(*result);
              });
            })};
  }

  Leaf outcome(const CallStep& call) const {
    std::vector<Mutant> mutants{with_error(), without_result()};
    const auto want_error = [](CallStep& c) { c.fails = "EBADF"; };
    mutants.push_back(wanting("another errno", want_error));
    if (call.fails)
      mutants.push_back(wanting("success", [](CallStep& c) { c.fails.reset(); }));
    else if (call.returns)
      for (const Range range : ranges_beside(*call.returns))
        mutants.push_back(
            wanting("returns " + to_string(range), [&](CallStep& c) { c.returns = range; }));
    else if (call.bytes)
      mutants.push_back(wanting("one byte more", [](CallStep& c) { ++*c.bytes; }));
    return leaf("", std::move(mutants));
  }

  const TracedRun& run_;
  size_t index_;
  const Step& step_;
};

}  // namespace

std::vector<Range> ranges_beside(Range range) {
  std::vector<Range> beside;
  if (range.high != Range::open) beside.push_back({range.high + 1, Range::open});
  if (range.low > 0) beside.push_back({0, range.low - 1});
  return beside;
}

std::vector<Leaf> leaves_of_step(const TracedRun& run, size_t step) {
  const StepLeaves leaves(run, step);
  const auto& what = run.the_case.steps[step].what;
  if (const auto* call = std::get_if<CallStep>(&what)) return leaves.of_call(*call);
  const auto* wait = std::get_if<WaitStep>(&what);
  if (!wait || std::holds_alternative<Nanos>(wait->until)) return {};
  return {leaves.of_wait()};
}

}  // namespace faultline::test
