#include "harness/tune/solve.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <span>

#include "harness/tune/knobs.hpp"

namespace faultline {
namespace {

using Values = std::map<std::string, int64_t>;  // by the knob's name
using Goals = std::vector<Requirement>;

// What a behaviour's time is on all kernels, for values of its knobs.
class Times {
 public:
  Times(const SysctlFiles& files, const std::vector<TuneKernel>& kernels) {
    for (const TuneKernel& kernel : kernels) kernels_.push_back(in_force(files, kernel));
  }

  // What the knob is set to, on the first kernel.
  [[nodiscard]] int64_t in_force_of(const Knob& knob) const {
    const int64_t value =
        std::stoll(kernels_.front().sysctls.at(fmt::format("net.ipv4.{}", knob.name)));
    return value == 0 ? knob.zero_is : value;
  }

  // Nothing where it cannot be predicted: too many transmissions to be worth looking at.
  std::optional<Bounds> of(const std::string& behaviour, const Values& values) {
    const auto [known, is_new] = known_.try_emplace({behaviour, values});
    if (is_new) known->second = predicted(*find_behaviour(behaviour), values);
    return known->second;
  }

  // The knobs of a behaviour that all kernels have, in the order in which to turn them.
  [[nodiscard]] std::vector<const Knob*> knobs(const std::string& behaviour) const {
    std::vector<const Knob*> all;
    for (const std::string& name : find_behaviour(behaviour)->sysctls) {
      const Knob* knob = find_knob(name);
      const bool is_there = std::ranges::all_of(kernels_, [&](const InForce& kernel) {
        return kernel.sysctls.contains(fmt::format("net.ipv4.{}", name));
      });
      if (knob && is_there) all.push_back(knob);
    }
    return all;
  }

 private:
  [[nodiscard]] std::optional<Bounds> predicted(const Behaviour& behaviour,
                                                const Values& values) const {
    std::optional<Bounds> time;
    for (const InForce& kernel : kernels_) {
      auto sysctls = kernel.sysctls;
      for (const auto& [name, value] : values)
        sysctls[fmt::format("net.ipv4.{}", name)] = std::to_string(value);
      const auto end = predict_end(behaviour, tuning_inputs(std::move(sysctls), kernel.kernel));
      if (!end) return {};
      time = time ? hull(*time, *end) : *end;
    }
    return time;
  }

  std::vector<InForce> kernels_;
  std::map<std::pair<std::string, Values>, std::optional<Bounds>> known_;
};

bool is_upper(const Requirement& goal) {
  return goal.is_upper();
}
bool is_lower(const Requirement& goal) {
  return !goal.is_upper();
}

// A knob, and those of its values that may help.
struct Turn {
  const Knob* knob;
  std::span<const int64_t> values;    // ascending
  std::vector<int64_t> round_values;  // the nearest to the default first
};

// Goals that share knobs, and the best that was found for them.
class Search {
 public:
  Search(Goals goals, const std::vector<const Knob*>& knobs, Times& times)
      : goals_(std::move(goals)), times_(times) {
    for (const Knob* knob : knobs) turns_.push_back(turn(*knob));
  }

  // With as few knobs as can be.
  std::optional<Values> run() {
    if (violation({}) == 0) return Values{};
    if (!is_within_reach()) return {};
    for (size_t size = 1; size <= turns_.size() && !best_; ++size) choose(0, size);
    return best_;
  }

  // The nearest to the goals that was seen.
  [[nodiscard]] const Values& nearest() const { return nearest_; }

 private:
  // Upper goals with every knob at its least, lower ones with every knob at its most. What fails
  // here, nothing meets.
  bool is_within_reach() {
    Values least, most;
    for (const Turn& turn : turns_) {
      least[turn.knob->name] = turn.values.front();
      most[turn.knob->name] = turn.values.back();
    }
    for (const Requirement& goal : goals_)
      if (!is_met(goal, goal.is_upper() ? least : most)) {
        (void)violation(goal.is_upper() ? least : most);
        return false;
      }
    return true;
  }

  // All sets of so many knobs.
  void choose(size_t from, size_t more) {
    if (more == 0) return try_set();
    for (size_t i = from; i + more <= turns_.size(); ++i) {
      chosen_.push_back(&turns_[i]);
      choose(i + 1, more - 1);
      chosen_.pop_back();
    }
  }

  // The finest monotone one is found by halving, the others take each of their values.
  void try_set() {
    std::vector<const Turn*> each = chosen_;
    const auto finest = std::ranges::max_element(each, {}, [](const Turn* turn) {
      return turn->knob->is_monotone ? turn->values.size() : 0;
    });
    const Turn* last = (*finest)->knob->is_monotone ? *finest : nullptr;
    if (last) each.erase(finest);
    Values values;
    try_each(each, last, values, 0);
  }

  void try_each(std::span<const Turn* const> each, const Turn* last, Values& values,
                double distance) {
    if (distance >= best_distance_) return;
    if (each.empty()) return last ? halve(*last, values, distance) : take(values, distance);
    const Knob& knob = *each.front()->knob;
    for (const int64_t value : each.front()->round_values) {
      if (distance + knob.distance(value) >= best_distance_) break;
      values[knob.name] = value;
      try_each(each.subspan(1), last, values, distance + knob.distance(value));
    }
    values.erase(knob.name);
  }

  // Where all goals are upper ones nothing is won by a greater value than the one in force, where
  // all are lower ones nothing by a smaller.
  [[nodiscard]] Turn turn(const Knob& knob) const {
    const auto& all = knob.values;
    auto begin = all.begin(), end = all.end();
    const int64_t is = times_.in_force_of(knob);
    if (knob.is_monotone && std::ranges::none_of(goals_, is_lower))
      end = std::max(std::ranges::upper_bound(all, is), begin + 1);
    if (knob.is_monotone && std::ranges::none_of(goals_, is_upper))
      begin = std::min(std::ranges::lower_bound(all, is), end - 1);
    Turn turn{&knob, {begin, end}, knob.round_values()};
    std::erase_if(turn.round_values, [&](int64_t value) {
      return value < turn.values.front() || value > turn.values.back();
    });
    return turn;
  }

  bool meets(bool (*which)(const Requirement&), const Values& values) {
    return std::ranges::all_of(
        goals_, [&](const Requirement& goal) { return !which(goal) || is_met(goal, values); });
  }

  // The values that meet the upper goals are the first ones, those that meet the lower the last.
  void halve(const Turn& turn, Values& values, double distance) {
    const Knob& knob = *turn.knob;
    const auto all = turn.values;
    const auto meets_at = [&](auto which) {
      return [this, &knob, &values, which](int64_t value) {
        values[knob.name] = value;
        return meets(which, values);
      };
    };
    const auto end = meets_at(is_upper)(all.front())
                         ? std::ranges::partition_point(all, meets_at(is_upper))
                         : all.begin();
    const auto begin = meets_at(is_lower)(all.back())
                           ? std::ranges::partition_point(all, std::not_fn(meets_at(is_lower)))
                           : all.end();
    if (begin < end) {
      const auto standard = std::ranges::lower_bound(all, knob.standard);
      take_at(knob, *std::clamp(standard, begin, std::prev(end)), values, distance);
    } else {  // the nearest to the goals are these two
      take_at(knob, begin == all.end() ? all.back() : *begin, values, distance);
      take_at(knob, end == all.begin() ? all.front() : *std::prev(end), values, distance);
    }
    values.erase(knob.name);
  }

  void take_at(const Knob& knob, int64_t value, Values& values, double distance) {
    values[knob.name] = value;
    take(values, distance + knob.distance(value));
  }

  void take(const Values& values, double distance) {
    if (violation(values) > 0 || distance >= best_distance_) return;
    best_ = values;
    best_distance_ = distance;
  }

  bool is_met(const Requirement& goal, const Values& values) {
    const auto time = time_of(goal, values);
    return time && holds(goal, *time) == Holds::always;
  }

  // How far the times are from what they should be, in doublings. 0: all goals are met.
  double violation(const Values& values) {
    double sum = 0;
    for (const Requirement& goal : goals_) {
      if (is_met(goal, values)) continue;
      const auto time = time_of(goal, values);
      if (!time) return std::numeric_limits<double>::infinity();
      const Nanos is = goal.is_upper() ? time->high : time->low;
      sum += 1e-9 + std::abs(std::log2((static_cast<double>(is.count()) + 1) /
                                       (static_cast<double>(goal.limit.count()) + 1)));
    }
    if (sum < least_violation_) {
      least_violation_ = sum;
      nearest_ = values;
    }
    return sum;
  }

  std::optional<Bounds> time_of(const Requirement& goal, const Values& values) {
    Values own;
    for (const Knob* knob : times_.knobs(goal.behaviour))
      if (const auto found = values.find(knob->name); found != values.end()) own.insert(*found);
    return times_.of(goal.behaviour, own);
  }

  Goals goals_;
  Times& times_;
  std::vector<Turn> turns_;
  std::vector<const Turn*> chosen_;
  std::optional<Values> best_;
  double best_distance_ = std::numeric_limits<double>::infinity();
  Values nearest_;
  double least_violation_ = std::numeric_limits<double>::infinity();
};

std::vector<const Knob*> knobs_of(const Goals& goals, const Times& times) {
  std::vector<const Knob*> all;
  for (const Requirement& goal : goals)
    for (const Knob* knob : times.knobs(goal.behaviour))
      if (std::ranges::find(all, knob) == all.end()) all.push_back(knob);
  return all;
}

// Goals about what the same knobs govern belong together.
std::vector<Goals> groups(const Goals& goals, const Times& times) {
  std::vector<Goals> all;
  for (const Requirement& goal : goals) {
    Goals group{goal};
    const auto own = knobs_of(group, times);
    for (auto other = all.begin(); other != all.end();) {
      const auto theirs = knobs_of(*other, times);
      const bool shares = other->front().behaviour == goal.behaviour ||
                          std::ranges::find_first_of(own, theirs) != own.end();
      if (shares) group.insert(group.begin(), other->begin(), other->end());
      other = shares ? all.erase(other) : std::next(other);
    }
    all.push_back(std::move(group));
  }
  return all;
}

std::string quoted(const Goals& goals) {
  std::vector<std::string> words;
  for (const Requirement& goal : goals) words.push_back("'" + to_string(goal) + "'");
  return fmt::format("{}", fmt::join(words, " and "));
}

std::optional<Unsolvable> contradiction(const Goals& goals) {
  for (const Requirement& upper : goals)
    for (const Requirement& lower : goals) {
      if (!upper.is_upper() || lower.is_upper() || upper.behaviour != lower.behaviour) continue;
      const bool both_may_equal = upper.relation == Requirement::Relation::at_most &&
                                  lower.relation == Requirement::Relation::at_least;
      if (lower.limit > upper.limit || (lower.limit == upper.limit && !both_may_equal))
        return Unsolvable{true, fmt::format("{} contradict each other", quoted({upper, lower}))};
    }
  return {};
}

std::string told(const Values& values) {
  std::vector<std::string> words;
  for (const auto& [name, value] : values) words.push_back(fmt::format("{} = {}", name, value));
  return fmt::format("{}", fmt::join(words, ", "));
}

// Which of the goals it is, and how near the kernel comes.
Unsolvable explain(const Goals& goals, const Values& nearest, Times& times) {
  std::set<std::string> told_already;
  std::vector<std::string> ends;
  for (const Requirement& goal : goals) {
    if (!told_already.insert(goal.behaviour).second) continue;
    Values own;
    for (const Knob* knob : times.knobs(goal.behaviour))
      if (const auto found = nearest.find(knob->name); found != nearest.end()) own.insert(*found);
    const auto time = times.of(goal.behaviour, own);
    ends.push_back(fmt::format("{} {}", goal.behaviour, time ? spoken(*time) : "unknown"));
  }
  const auto knobs = knobs_of(goals, times);
  if (knobs.empty())
    return {false, fmt::format("{} cannot be met: there is no sysctl to turn for it; {}",
                               quoted(goals), fmt::join(ends, ", "))};
  return {false, fmt::format("{} cannot be met{}; the nearest is {}{}", quoted(goals),
                             goals.size() > 1 ? " together" : "", fmt::join(ends, ", "),
                             nearest.empty() ? "" : ", with " + told(nearest))};
}

// One goal that cannot be met explains more than all of them together.
Unsolvable unsolvable(const Goals& goals, const Values& nearest, Times& times) {
  if (goals.size() > 1)
    for (const Requirement& goal : goals) {
      Search alone({goal}, knobs_of({goal}, times), times);
      if (!alone.run()) return explain({goal}, alone.nearest(), times);
    }
  return explain(goals, nearest, times);
}

}  // namespace

std::expected<std::vector<Setting>, Unsolvable> solve(const Goals& goals, const SysctlFiles& files,
                                                      const std::vector<TuneKernel>& kernels) {
  if (auto found = contradiction(goals)) return std::unexpected(std::move(*found));
  Times times(files, kernels);
  std::vector<Setting> changes;
  for (const Goals& group : groups(goals, times)) {
    Search search(group, knobs_of(group, times), times);
    const auto values = search.run();
    if (!values) return std::unexpected(unsolvable(group, search.nearest(), times));
    for (const auto& [name, value] : *values)
      changes.push_back({fmt::format("net.ipv4.{}", name), std::to_string(value), {"--solve", 0}});
  }
  return changes;
}

}  // namespace faultline
