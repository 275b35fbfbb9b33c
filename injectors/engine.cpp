#include "injectors/engine.hpp"

#include <algorithm>
#include <utility>

namespace faultline {

std::optional<Emission> Outbox::hold(const Arrival& arrival) {
  if (copies_ == most_copies || arrival.bytes.size() > most_bytes - bytes_) {
    ++overruns_;
    return {};
  }
  ++copies_;
  bytes_ += arrival.bytes.size();
  return Emission{
      arrival.id, other(arrival.facts.from), {arrival.bytes.begin(), arrival.bytes.end()}, "held"};
}

void Outbox::release(Emission held, std::string_view why) {
  --copies_;
  bytes_ -= held.bytes.size();
  held.why = why;
  emissions.push_back(std::move(held));
}

void Outbox::send(const Arrival& arrival, std::string_view why) {
  emissions.push_back(
      {arrival.id, other(arrival.facts.from), {arrival.bytes.begin(), arrival.bytes.end()}, why});
}

void Outbox::change(const Arrival& arrival, std::vector<std::byte> bytes, std::string_view why) {
  forge(arrival.id, other(arrival.facts.from), std::move(bytes), why);
}

void Outbox::forge(SegmentId because_of, End toward, std::vector<std::byte> bytes,
                   std::string_view why) {
  emissions.push_back({because_of, toward, std::move(bytes), why, false});
}

void Outbox::trouble(std::string why) {
  constexpr size_t most = 16;
  if (troubles.size() < most) troubles.push_back(std::move(why));
}

Engine::Engine(std::vector<EngineRule> rules) {
  rules_.reserve(rules.size());
  for (EngineRule& rule : rules) {
    sieves_.emplace_back(rule.match);
    rules_.push_back({.match = Matcher(std::move(rule.match)),
                      .injector = std::move(rule.injector),
                      .after_rule = rule.after_rule,
                      .after_step = rule.after_step,
                      .lasting = rule.lasting,
                      .name = std::move(rule.name)});
    if (!rule.after_rule && !rule.after_step) activate(rules_.back(), Nanos::min());
  }
}

Decision Engine::on_segment(const Arrival& arrival, Nanos now) {
  if (!link_up(now)) return {Fate::drop, Decision::unplugged};
  const size_t before = out_.emissions.size();
  const Decision decision = decide(arrival, now);
  for (Rule& rule : rules_) rule.injector->on_decided(arrival, decision.fate, now, out_);
  settle(before, now);
  return decision;
}

Decision Engine::decide(const Arrival& arrival, Nanos now) {
  for (size_t i = 0; i < sieves_.size(); ++i) {
    if (!sieves_[i].passes(arrival.segment, arrival.facts)) continue;
    Rule& rule = rules_[i];
    if (now < rule.active_from || now >= rule.active_until) continue;
    if (!rule.match(arrival.segment, arrival.facts)) continue;
    if (++rule.hits == 1)
      for (Rule& later : rules_)
        if (later.after_rule == i) activate(later, now);
    const size_t troubles = out_.troubles.size();
    const Fate fate = rule.injector->on_match(arrival, now, out_);
    for (size_t t = troubles; t < out_.troubles.size() && !rule.name.empty(); ++t)
      out_.troubles[t] = "rule '" + rule.name + "': " + out_.troubles[t];
    find_next_release();
    return {fate, static_cast<int>(i)};
  }
  return {};
}

// From the beginning means from the run's, where time is 0.
void Engine::activate(Rule& rule, Nanos now) {
  if (rule.active_from != never) return;
  rule.active_from = now;
  if (rule.lasting) rule.active_until = std::max(now, 0ns) + *rule.lasting;
}

void Engine::on_step(int step, Nanos now) {
  for (Rule& rule : rules_)
    if (rule.after_step == step) activate(rule, now);
}

void Engine::on_demand(Injector& injector, const Seen& seen, Nanos now) {
  const size_t before = out_.emissions.size();
  injector.on_demand(seen, now, out_);
  settle(before, now);
}

std::vector<std::string> Engine::take_troubles() {
  return std::exchange(out_.troubles, {});
}

void Engine::on_timer(Nanos now) {
  while (next_release_ <= now) {
    const Nanos due = next_release_;
    const size_t before = out_.emissions.size();
    for (Rule& rule : rules_)
      if (const auto wake = rule.injector->wake(); wake && *wake <= due)
        rule.injector->on_timer(due, out_);
    std::stable_sort(out_.emissions.begin() + static_cast<ptrdiff_t>(before), out_.emissions.end(),
                     [](const Emission& a, const Emission& b) { return a.of < b.of; });
    settle(before, due);
    find_next_release();
    if (next_release_ <= due) break;  // an injector that did not let go of what was due
  }
  if (cut_wake_ <= now) cut_wake_ = never;
}

// Takes up what the injectors put into the outbox at that time, beyond the `before` first
// emissions.
void Engine::settle(size_t before, Nanos at) {
  if (out_.cut_until) {
    cut_until_ = cut_wake_ = std::max(cut_until_, *out_.cut_until);
    out_.cut_until.reset();
  }
  if (!link_up(at)) out_.emissions.resize(before);
}

void Engine::find_next_release() {
  Nanos next = never;
  for (const Rule& rule : rules_)
    if (const auto wake = rule.injector->wake(); wake && *wake < next) next = *wake;
  next_release_ = next;
}

std::optional<Nanos> Engine::wake() const {
  const Nanos next = std::min(next_release_, cut_wake_);
  if (next == never) return {};
  return next;
}

std::vector<Emission> Engine::take_emissions() {
  return std::exchange(out_.emissions, {});
}

void Engine::link(bool up, Nanos now) {
  on_timer(now);  // what was due while the link was as it was
  plugged_ = up;
  if (!up) return;
  cut_until_ = Nanos::min();
  cut_wake_ = never;
}

bool Engine::link_up(Nanos at) const {
  return plugged_ && cut_until_ <= at;
}

}  // namespace faultline
