#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "harness/judge/findings.hpp"
#include "harness/judge/states.hpp"
#include "tests/every_case_can_fail/leaves.hpp"
#include "tests/every_case_can_fail/trace_mutations.hpp"

namespace faultline::test {
namespace {

// No run has so many segments that this selects one.
Selector none() {
  Selector selector;
  selector.nth = {Range{std::numeric_limits<uint32_t>::max(), Range::open}};
  return selector;
}

class ExpectationLeaves {
 public:
  ExpectationLeaves(const TracedRun& run, size_t expectation)
      : run_(run), expectation_(run.the_case.expectations[expectation]), alone_(run.the_case) {
    alone_.expectations = {expectation_};
    const Timeline timeline(run.the_case, *run.trace);
    std::visit(
        [&](const auto& e) {
          name_ = check(e, timeline).what;
          line_ = e.line;
        },
        expectation_);
  }

  std::vector<Leaf> leaves() const {
    return std::visit([&](const auto& e) { return of(e); }, expectation_);
  }

 private:
  std::vector<Leaf> of(const StatesExpectation& e) const;
  std::vector<Leaf> of(const FinalExpectation& e) const;
  std::vector<Leaf> of(const GapsExpectation& e) const;
  std::vector<Leaf> of(const CountExpectation& e) const;
  std::vector<Leaf> of(const TimeExpectation& e) const;
  std::vector<Leaf> of(const NeverExpectation& e) const;
  std::vector<Leaf> of(const SegmentsExpectation& e) const;
  std::vector<Leaf> of(const StreamExpectation& e) const;

  Leaf leaf(const std::string& part, std::vector<Mutant> mutants) const {
    return {part.empty() ? name_ : name_ + ", " + part, line_, std::move(mutants)};
  }
  template <typename T>
  Case with(const std::function<void(T&)>& change) const {
    Case copy = alone_;
    change(std::get<T>(copy.expectations.front()));
    return copy;
  }
  template <typename T>
  Mutant saying(std::string what, const std::function<void(T&)>& change) const {
    return {std::move(what), with<T>(change), run_.trace};
  }

  const TracedRun& run_;
  const Expectation& expectation_;
  Case alone_;
  std::string name_;
  int line_ = 0;
};

// A state in which this end never was.
TcpState foreign_state(const TracedRun& run, const ConnectionEnd& end) {
  const auto seen = history_of(Timeline(run.the_case, *run.trace), end).states;
  for (const TcpState state : all_states())
    if (state != TcpState::CLOSED && state != TcpState::LISTEN &&
        std::ranges::find(seen, state) == seen.end())
      return state;
  return TcpState::LISTEN;
}

std::vector<Leaf> ExpectationLeaves::of(const StatesExpectation& e) const {
  using E = StatesExpectation;
  std::vector<Leaf> leaves;
  const TcpState foreign = foreign_state(run_, e.end);
  for (size_t i = 0; i < e.states.size(); ++i) {
    const auto at = static_cast<ptrdiff_t>(i);
    std::vector<Mutant> mutants{saying<E>(fmt::format("{} instead", to_string(foreign)),
                                          [&](E& m) { m.states[i] = foreign; })};
    if (e.exactly)
      mutants.push_back(
          saying<E>("left out", [&](E& m) { m.states.erase(m.states.begin() + at); }));
    leaves.push_back(
        leaf(fmt::format("{} ({})", to_string(e.states[i]), i + 1), std::move(mutants)));
  }
  std::vector<Mutant> whole{
      saying<E>("one state more", [&](E& m) { m.states.push_back(foreign); })};
  if (e.states.size() > 1)
    whole.push_back(saying<E>("reversed", [](E& m) { std::ranges::reverse(m.states); }));
  leaves.push_back(leaf("", std::move(whole)));
  return leaves;
}

// To an end that stands in LISTEN when it has no connection, CLOSED is the same.
bool is_no_connection(TcpState state) {
  return state == TcpState::CLOSED || state == TcpState::LISTEN;
}

std::vector<Leaf> ExpectationLeaves::of(const FinalExpectation& e) const {
  std::vector<Mutant> mutants;
  for (const TcpState state : all_states())
    if (state != e.state && !(is_no_connection(state) && is_no_connection(e.state)))
      mutants.push_back(saying<FinalExpectation>(std::string(to_string(state)),
                                                 [&](auto& m) { m.state = state; }));
  return {leaf("", std::move(mutants))};
}

std::vector<Leaf> ExpectationLeaves::of(const GapsExpectation& e) const {
  using E = GapsExpectation;
  if (!e.timer.empty()) {
    const TimeSpec spec{.sum = {}, .min = {}, .max = {}, .timer = e.timer};
    return {leaf("", mutants_of_time(run_, spec, [&](const TimeSpec& time) {
                   return with<E>([&](E& m) {
                     m.timer = time.timer;
                     m.are = {time};
                   });
                 }))};
  }
  std::vector<Leaf> leaves;
  for (size_t i = 0; i < e.are.size(); ++i)
    leaves.push_back(leaf(fmt::format("gap {}", i + 1),
                          mutants_of_time(run_, e.are[i], [&](const TimeSpec& time) {
                            return with<E>([&](E& m) { m.are[i] = time; });
                          })));
  leaves.push_back(
      leaf("their number", {saying<E>("one more", [](E& m) { m.are.push_back(m.are.back()); }),
                            saying<E>("one less", [](E& m) { m.are.pop_back(); })}));
  return leaves;
}

std::vector<Leaf> ExpectationLeaves::of(const CountExpectation& e) const {
  using E = CountExpectation;
  const auto literal = [&](Range range) {
    return saying<E>(to_string(range), [&](E& m) {
      m.timer.clear();
      m.is = range;
    });
  };
  std::vector<Mutant> mutants;
  const size_t found = Timeline(run_.the_case, *run_.trace).select(e.of).size();
  for (const Range range : ranges_beside(e.is.value_or(Range{found, found})))
    mutants.push_back(literal(range));
  if (!e.timer.empty() && has_settings(e.timer))
    mutants.push_back(with_other_settings(run_, alone_));
  return {leaf("", std::move(mutants))};
}

std::vector<Leaf> ExpectationLeaves::of(const TimeExpectation& e) const {
  using E = TimeExpectation;
  const Moment never{Moment::SegmentPasses{none()}};
  return {leaf("", mutants_of_time(
                       run_, e.is,
                       [&](const TimeSpec& time) { return with<E>([&](E& m) { m.is = time; }); })),
          leaf("its beginning", {saying<E>("never came", [&](E& m) { m.from = never; })}),
          leaf("its end", {saying<E>("never came", [&](E& m) { m.to = never; })})};
}

std::vector<Leaf> ExpectationLeaves::of(const NeverExpectation& e) const {
  std::vector<Mutant> mutants;
  if (auto trace = with_matching_segments(*run_.trace, e.segment))
    mutants.push_back({"such a segment comes", alone_, std::make_shared<Trace>(std::move(*trace))});
  return {leaf("", std::move(mutants))};
}

std::vector<Leaf> ExpectationLeaves::of(const SegmentsExpectation& e) const {
  using E = SegmentsExpectation;
  std::vector<Leaf> leaves;
  for (size_t i = 0; i < e.in_order.size(); ++i)
    leaves.push_back(
        leaf(fmt::format("segment {}", i + 1),
             {saying<E>("one that never came", [&](E& m) { m.in_order[i] = none(); })}));
  if (e.in_order.size() > 1)
    leaves.push_back(leaf("their order",
                          {saying<E>("reversed", [](E& m) { std::ranges::reverse(m.in_order); })}));
  return leaves;
}

std::vector<Leaf> ExpectationLeaves::of(const StreamExpectation& e) const {
  using E = StreamExpectation;
  std::vector<Mutant> mutants{saying<E>("one byte more", [](E& m) { ++m.bytes; })};
  if (e.bytes > 0) mutants.push_back(saying<E>("one byte less", [](E& m) { --m.bytes; }));
  mutants.push_back({"a wrong byte", alone_, changed(*run_.trace, [&](Trace& trace) {
                       for (Event& event : trace.events)
                         if (auto* result = std::get_if<ResultEvent>(&event))
                           if (result->connection == e.receiver.connection && result->value > 0)
                             result->mismatch = 0;
                     })});
  return {leaf("", std::move(mutants))};
}

}  // namespace

std::vector<Leaf> leaves_of_expectation(const TracedRun& run, size_t expectation) {
  return ExpectationLeaves(run, expectation).leaves();
}

std::vector<Leaf> leaves_of(const TracedRun& run) {
  std::vector<Leaf> all;
  const auto add = [&](std::vector<Leaf> some) {
    std::ranges::move(some, std::back_inserter(all));
  };
  for (size_t i = 0; i < run.the_case.steps.size(); ++i) add(leaves_of_step(run, i));
  for (size_t i = 0; i < run.the_case.expectations.size(); ++i) add(leaves_of_expectation(run, i));
  return all;
}

}  // namespace faultline::test
