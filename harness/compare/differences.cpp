#include "harness/compare/differences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace faultline {
namespace {

using Aspect = Difference::Aspect;

constexpr size_t most_gaps = 12;  // written out, of a longer series

std::string state_list(const std::vector<TcpState>& states) {
  std::vector<std::string_view> names;
  for (const TcpState state : states) names.push_back(to_string(state));
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, " → "));
}

std::string time_text(Nanos time) {
  const Nanos shown = std::chrono::round<std::chrono::microseconds>(time);
  return shown < 0ns ? "-" + format_duration(-shown) : format_duration(shown);
}

// "at 1.2s, then +204ms +408ms +30s ×9".
std::string times_text(const std::vector<Nanos>& times) {
  if (times.empty()) return "never";
  std::string text = "at " + time_text(times.front());
  std::vector<std::string> gaps;
  for (size_t i = 1; i < times.size();) {
    const auto gap = [&](size_t at) { return "+" + time_text(times[at] - times[at - 1]); };
    size_t alike = 1;
    while (i + alike < times.size() && gap(i + alike) == gap(i)) ++alike;
    gaps.push_back(gap(i) + (alike > 1 ? fmt::format(" ×{}", alike) : ""));
    i += alike;
  }
  if (gaps.size() > most_gaps) {
    gaps[most_gaps - 2] = "…";
    gaps.erase(gaps.begin() + most_gaps - 1, gaps.end() - 1);
  }
  return gaps.empty() ? text : fmt::format("{}, then {}", text, fmt::join(gaps, " "));
}

std::string call_text(const CallMade& call) {
  return call.took ? fmt::format("{} after {}", call.outcome, time_text(*call.took)) : call.outcome;
}

class Comparer {
 public:
  Comparer(const Conduct& a, const Conduct& b, const Tolerance& tolerance)
      : a_(a), b_(b), tolerance_(tolerance) {}

  std::vector<Difference> all() {
    calls();
    states();
    schedule();
    counts();
    return std::move(found_);
  }

 private:
  void calls() {
    for (size_t i = 0; i < std::min(a_.calls.size(), b_.calls.size()); ++i) {
      const CallMade &a = a_.calls[i], &b = b_.calls[i];
      const bool same_outcome = a.outcome == b.outcome;
      if (same_outcome && (!a.took || !b.took || tolerance_.same(*a.took, *b.took))) continue;
      std::string brief = same_outcome ? fmt::format("{} takes {} | {}", a.what, time_text(*a.took),
                                                     time_text(*b.took))
                                       : fmt::format("{} {} | {}", a.what, a.outcome, b.outcome);
      found_.push_back({Aspect::call, a.what, call_text(a), call_text(b), std::move(brief)});
    }
  }

  void states() {
    std::set<std::string> connections;
    for (const auto* one : {&a_, &b_})
      for (const auto& [connection, unused] : one->states) connections.insert(connection);
    for (const std::string& connection : connections) {
      const auto of = [&](const Conduct& one) {
        const auto found = one.states.find(connection);
        return found == one.states.end() ? std::vector<TcpState>{} : found->second;
      };
      const std::vector<TcpState> a = of(a_), b = of(b_);
      if (a == b) continue;
      const std::string what = connection == "main" ? "states" : "states of " + connection;
      found_.push_back({Aspect::states, what, state_list(a), state_list(b), parting(what, a, b)});
    }
  }

  // Where two ways part: "states after FIN_WAIT_1: CLOSING | FIN_WAIT_2".
  static std::string parting(const std::string& what, const std::vector<TcpState>& a,
                             const std::vector<TcpState>& b) {
    const auto [in_a, in_b] = std::ranges::mismatch(a, b);
    const std::string after =
        in_a == a.begin() ? "" : fmt::format(" after {}", to_string(*std::prev(in_a)));
    return fmt::format("{}{}: {} | {}", what, after, in_a == a.end() ? "no more" : to_string(*in_a),
                       in_b == b.end() ? "no more" : to_string(*in_b));
  }

  static const Series* find(const Conduct& conduct, const std::string& what) {
    const auto found = std::ranges::find(conduct.schedule, what, &Series::what);
    return found == conduct.schedule.end() ? nullptr : &*found;
  }

  void schedule() {
    for (const Series& a : a_.schedule) {
      const Series* b = find(b_, a.what);
      if (b)
        series(a, *b);
      else if (stands_alone(a))
        add(a.what, a.times, {}, fmt::format("{} {} | never", a.what, times_word(a.times.size())));
    }
    for (const Series& b : b_.schedule)
      if (!find(a_, b.what) && stands_alone(b))
        add(b.what, {}, b.times, fmt::format("{} never | {}", b.what, times_word(b.times.size())));
  }

  static std::string times_word(size_t count) {
    return count == 1 ? "once" : fmt::format("{} times", count);
  }

  static bool stands_alone(const Series& series) {
    const bool data = series.what.starts_with("data");
    return !series.is_acknowledgement && (!data || series.times.size() > 1);
  }

  void add(const std::string& what, const std::vector<Nanos>& a, const std::vector<Nanos>& b,
           std::string brief) {
    found_.push_back({Aspect::schedule, what, times_text(a), times_text(b), std::move(brief)});
  }

  void series(const Series& a, const Series& b) {
    const size_t both = std::min(a.times.size(), b.times.size());
    for (size_t i = 1; i < both; ++i) {
      const Nanos in_a = a.times[i] - a.times[i - 1], in_b = b.times[i] - b.times[i - 1];
      if (tolerance_.same(in_a, in_b)) continue;
      return add(a.what, a.times, b.times,
                 fmt::format("{}, gap {}: {} | {}", a.what, i, time_text(in_a), time_text(in_b)));
    }
    if (a.times.size() != b.times.size())
      return add(a.what, a.times, b.times,
                 fmt::format("{} {} | {}", a.what, times_word(a.times.size()),
                             times_word(b.times.size())));
    const Nanos in_a = a.times.front(), in_b = b.times.front();
    if (shifted_ || tolerance_.same(in_a, in_b)) return;
    shifted_ = true;
    add(a.what, a.times, b.times,
        fmt::format("{} at {} | {}", a.what, time_text(in_a), time_text(in_b)));
  }

  void counts() {
    std::set<std::string> classes;
    for (const auto* one : {&a_, &b_})
      for (const auto& [name, unused] : one->counts) classes.insert(name);
    std::vector<std::string> a, b, brief;
    size_t all_a = 0, all_b = 0;
    for (const std::string& name : classes) {
      const auto of = [&](const Conduct& one) {
        const auto found = one.counts.find(name);
        return found == one.counts.end() ? size_t{0} : found->second;
      };
      all_a += of(a_);
      all_b += of(b_);
      if (of(a_) == of(b_)) continue;
      a.push_back(fmt::format("{} {}", of(a_), name));
      b.push_back(fmt::format("{} {}", of(b_), name));
      brief.push_back(fmt::format("{} {} | {}", name, of(a_), of(b_)));
    }
    if (a.empty()) return;
    found_.push_back(
        {Aspect::count, "segments sent", fmt::format("{}, of these {}", all_a, fmt::join(a, ", ")),
         fmt::format("{}, of these {}", all_b, fmt::join(b, ", ")),
         fmt::format("segments sent {} | {}: {}", all_a, all_b, fmt::join(brief, ", "))});
  }

  const Conduct &a_, &b_;
  const Tolerance& tolerance_;
  bool shifted_ = false;  // one was told to be earlier or later as a whole
  std::vector<Difference> found_;
};

}  // namespace

bool Tolerance::same(Nanos a, Nanos b) const {
  const Nanos part = part_ == 0 ? 0ns : std::max(a, b) / part_;
  return std::chrono::abs(a - b) <= fixed_ + part;
}

std::string_view to_string(Aspect aspect) {
  switch (aspect) {
    case Aspect::the_case:
      return "case";
    case Aspect::outcome:
      return "outcome";
    case Aspect::call:
      return "call";
    case Aspect::states:
      return "states";
    case Aspect::schedule:
      return "schedule";
    case Aspect::count:
      return "count";
  }
  return "?";
}

std::vector<Difference> differences(const Conduct& a, const Conduct& b,
                                    const std::optional<Tolerance>& tolerance) {
  const Tolerance used = tolerance.value_or(Tolerance::usual(a.exact_times && b.exact_times));
  return Comparer(a, b, used).all();
}

}  // namespace faultline
