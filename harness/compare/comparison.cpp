#include "harness/compare/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/case/same_run.hpp"

namespace faultline {
namespace {

constexpr size_t most_setups = 4;  // in one line

std::string outcome_text(const ComparedRun& run) {
  std::string text(to_string(run.outcome));
  return run.reason.empty() ? text : fmt::format("{}: {}", text, run.reason);
}

std::vector<End> ends_of(About about) {
  if (about == About::client) return {End::client};
  if (about == About::server) return {End::server};
  return {End::client, End::server};
}

void add_outcome(const ComparedRun& a, const ComparedRun& b, ComparedPair& pair) {
  if (a.outcome == b.outcome) return;
  pair.differences.push_back({Difference::Aspect::outcome, "outcome", outcome_text(a),
                              outcome_text(b),
                              fmt::format("{} | {}", to_string(a.outcome), to_string(b.outcome))});
}

void add_case(const ComparedRun& a, const ComparedRun& b, ComparedPair& pair) {
  if (a.case_text == b.case_text) return;
  const std::string where = difference_of_runs(a.case_text, b.case_text);
  if (where.empty()) return;
  pair.differences.push_back({Difference::Aspect::the_case, "the case file", "one",
                              fmt::format("another, from {} on", where),
                              "the case file is not the same"});
}

ComparedPair compared(const ComparedRun& a, const ComparedRun& b,
                      const std::optional<Tolerance>& tolerance) {
  const About in_a = a.identity.sut, in_b = b.identity.sut;
  ComparedPair pair{.at = in_a == About::both ? in_b : in_a};
  add_outcome(a, b, pair);
  pair.whole = a.conduct && b.conduct;
  if (!pair.whole) return pair;
  add_case(a, b, pair);
  for (const End end : ends_of(pair.at)) {
    auto found = differences((*a.conduct)[index(end)], (*b.conduct)[index(end)], tolerance);
    for (Difference& one : found) {
      const bool named = pair.at == About::both && one.aspect != Difference::Aspect::call;
      if (named) one.what = fmt::format("{}: {}", to_string(end), one.what);
      if (named) one.brief = fmt::format("{}: {}", to_string(end), one.brief);
      pair.differences.push_back(std::move(one));
    }
  }
  std::ranges::stable_sort(pair.differences, {}, &Difference::aspect);
  return pair;
}

bool was_not_run(const ComparedRun& run) {
  return run.trace_file.empty() &&
         (run.outcome == Outcome::SKIP || run.outcome == Outcome::UNSUPPORTED);
}

std::vector<size_t> missed(std::vector<size_t> alone, const ComparedSide& in,
                           const ComparedSide& other) {
  if (other.traces_only)
    std::erase_if(alone, [&](size_t run) { return was_not_run(in.runs[run]); });
  return alone;
}

}  // namespace

std::string setup_text(const ComparedSide& side) {
  std::vector<std::string> all;
  for (const auto& [column, setups] : side.setups)
    all.insert(all.end(), setups.begin(), setups.end());
  const size_t left = all.size() > most_setups ? all.size() - most_setups : 0;
  all.resize(all.size() - left);
  if (left > 0) all.push_back(fmt::format("and {} more", left));
  return fmt::format("{}", fmt::join(all, "; "));
}

bool Comparison::differs() const {
  const auto differ = [](const ComparedPair& pair) { return !pair.differences.empty(); };
  return !only_a.empty() || !only_b.empty() || std::ranges::any_of(pairs, differ);
}

std::string pair_name(const Comparison& comparison, const ComparedPair& pair) {
  const ComparedRun &a = comparison.a.runs[pair.a], &b = comparison.b.runs[pair.b];
  const bool name_end = a.at_either_end || b.at_either_end;
  return variant_name(a.identity.case_id, a.identity.family, "", name_end ? to_string(pair.at) : "",
                      a.identity.repetition);
}

Comparison compare(ComparedSide a, ComparedSide b, bool same_column,
                   const std::optional<Tolerance>& tolerance) {
  const auto identities = [](const ComparedSide& side) {
    std::vector<Identity> all;
    for (const ComparedRun& run : side.runs) all.push_back(run.identity);
    return all;
  };
  const Pairing pairing = pair_up(identities(a), identities(b), same_column);
  Comparison comparison{.only_a = missed(pairing.only_a, a, b),
                        .only_b = missed(pairing.only_b, b, a)};
  for (const auto& [i, j] : pairing.pairs) {
    ComparedPair pair = compared(a.runs[i], b.runs[j], tolerance);
    pair.a = i;
    pair.b = j;
    comparison.pairs.push_back(std::move(pair));
  }
  comparison.a = std::move(a);
  comparison.b = std::move(b);
  return comparison;
}

}  // namespace faultline
