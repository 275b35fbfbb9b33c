// Puts rules together and decides about segments. Pure: no socket, no clock; time is an argument
// and the loop around it (harness/wire) carries out what it says.
//
// The loop, for each segment:
//   if (engine.wake() <= now) engine.on_timer(now), send take_emissions();
//   decision = engine.on_segment(arrival, now);   the verdict, then send take_emissions();
//   arm a timer for engine.wake().
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "harness/tcp/selector.hpp"
#include "injectors/injector.hpp"

namespace faultline {

struct EngineRule {
  Selector match;
  std::unique_ptr<Injector> injector;
  // When it becomes active: the first time that this rule has decided about a segment, or when this
  // step of the case is over. Neither: from the beginning.
  std::optional<size_t> after_rule;
  std::optional<int> after_step;
  std::optional<Nanos> lasting;  // how long it then stays active; empty: to the end
  std::string name;              // for the reasons of what cannot be done
};

struct Decision {
  static constexpr int no_rule = -1;    // none selected it: it passes
  static constexpr int unplugged = -2;  // the link was unplugged: it is dropped
  Fate fate = Fate::pass;
  int rule = no_rule;  // the index of the rule that decided
};

// The first active rule whose match selects a segment decides about it. A rule's `nth` counts the
// segments that reach it while it is active: those that no rule before it decided. What an
// unplugged link loses reaches none.
class Engine {
 public:
  explicit Engine(std::vector<EngineRule> rules);

  // Decides about one segment. Times never go back by more than the reader of a clock can help;
  // where they do, nothing worse happens than that a copy leaves in the order of its time.
  [[nodiscard]] Decision on_segment(const Arrival& arrival, Nanos now);
  // Lets everything happen that is due, in the order of its time; first come, first served where
  // times are equal. Calling it too early or too often does no harm.
  void on_timer(Nanos now);
  // When `on_timer` is wanted next: a copy is to leave, or a cut link comes back. Empty: never.
  [[nodiscard]] std::optional<Nanos> wake() const;

  // When the next of what it lets go by itself leaves.
  [[nodiscard]] std::optional<Nanos> next_departure() const {
    if (next_release_ == never) return {};
    return next_release_;
  }

  // What the wire is to send, in this order, after the verdict on the segment at hand. What comes
  // due while the link is unplugged is lost, as it would be in a cable.
  [[nodiscard]] std::vector<Emission> take_emissions();

  // A step of the case is over: rules may become active.
  void on_step(int step, Nanos now);
  // A step of the case asks for a fault of its own.
  void on_demand(Injector& injector, const Seen& seen, Nanos now);
  // Why faults could not be done, since the last call.
  [[nodiscard]] std::vector<std::string> take_troubles();

  // The case's own steps: unplug (false) until plug (true). Plugging also ends a rule's cut.
  void link(bool up, Nanos now);
  [[nodiscard]] bool link_up(Nanos at) const;

  [[nodiscard]] size_t rule_count() const { return rules_.size(); }
  [[nodiscard]] uint64_t hits(size_t rule) const { return rules_[rule].hits; }
  // How many segments the rule holds now.
  [[nodiscard]] size_t held(size_t rule) const { return rules_[rule].injector->holding(); }
  // How many segments passed because no more could be held (Outbox's bounds). A trouble of the run.
  [[nodiscard]] uint64_t overruns() const { return out_.overruns(); }

 private:
  static constexpr Nanos never = Nanos::max();

  struct Rule {
    Matcher match;
    std::unique_ptr<Injector> injector;
    std::optional<size_t> after_rule;
    std::optional<int> after_step;
    std::optional<Nanos> lasting;
    std::string name;
    Nanos active_from = never, active_until = never;
    uint64_t hits = 0;
  };

  void activate(Rule& rule, Nanos now);
  Decision decide(const Arrival& arrival, Nanos now);
  void settle(size_t before, Nanos at);
  void find_next_release();

  std::vector<Rule> rules_;
  std::vector<Sieve> sieves_;   // theirs, close together: all that most segments touch
  Nanos next_release_ = never;  // the earliest wake() of the injectors
  Outbox out_;
  bool plugged_ = true;
  // By a rule. Stays after its end: a segment may be decided about later than it was queued.
  Nanos cut_until_ = Nanos::min();
  Nanos cut_wake_ = never;  // that end, as long as `on_timer` has not seen it
};

}  // namespace faultline
