#include "harness/timers/backoff.hpp"

#include <algorithm>
#include <bit>

namespace faultline {
namespace {

// The kernel compares whole milliseconds, and a callback runs some microseconds after its tick:
// what is nearer to a limit than this may fall on either side of it.
constexpr Nanos millisecond_blur = 1ms;
constexpr int64_t most_transmissions = 10'000;
constexpr int64_t most_told = 32;
// Each answer within so many jiffies is looked at; where it may take longer, the extremes of what
// is possible are carried on instead, which is no less than what can be and a little more.
constexpr int64_t most_answers = 8;

enum class Fate : uint8_t { goes_on, ends, either };

class Simulation {
 public:
  explicit Simulation(const Backoff& backoff) : b_(backoff) {}

  Result<Series> run() {
    const int64_t phases = by_extremes_ ? 1 : slot_width(std::max(b_.rto, b_.rto_max));
    for (int64_t phase = 0; phase < phases; ++phase) {
      if (!by_extremes_ && !tells_more(phase)) continue;
      begin(phase);
      while (!states_.empty()) {
        if (endless_ && retransmits_ >= most_told) break;
        if (retransmits_ >= most_transmissions)
          return fail("more than {} transmissions before it gives up", most_transmissions);
        expire();
      }
    }
    return result();
  }

 private:
  struct State {
    int64_t now;      // jiffies, when the timer is set
    int64_t sent;     // the last transmission
    int64_t stamp;    // from when on the kernel counts
    int64_t wait;     // until the timer is due
    int64_t nominal;  // sum of the waits so far
    bool cut;         // the wait ends with the user timeout
    auto operator<=>(const State&) const = default;
  };

  // All phases whose first expiry falls into the same slot go the same way from there, unless the
  // kernel counts time from before it: the first and the last of them are enough.
  [[nodiscard]] bool tells_more(int64_t phase) const {
    const int64_t width = slot_widths(b_.rto).narrow, place = (phase + b_.rto) % width;
    return (b_.stamped_first && b_.life) || place == 0 || place == width - 1;
  }

  void begin(int64_t phase) {
    phase_ = phase;
    rto_ = b_.rto;
    retransmits_ = 0;
    states_.assign(1, State{phase, phase, phase, b_.rto, 0, false});
    note_sent(0, states_.front());
  }

  // The timer of every state fires once.
  void expire() {
    next_.clear();
    const bool doubles = retransmits_ >= b_.linear && retransmits_ - b_.linear < b_.most_doublings;
    const int64_t rto = doubles ? std::min(2 * rto_, b_.rto_max) : rto_;
    for (const State& state : states_) {
      const SlotWidths widths = slot_widths(state.wait);
      const int64_t due = state.now + state.wait;
      if (by_extremes_) {
        fire(state, due + 1, rto);
        fire(state, due + widths.wide, rto);
        continue;
      }
      fire(state, fires_at(state.now, state.wait, widths.narrow), rto);
      if (widths.wide != widths.narrow)
        fire(state, fires_at(state.now, state.wait, widths.wide), rto);
    }
    if (next_.size() > 1) {
      std::ranges::sort(next_);
      next_.erase(std::ranges::unique(next_).begin(), next_.end());
    }
    if (by_extremes_ && next_.size() > 2) next_ = {next_.front(), next_.back()};
    std::swap(states_, next_);
    rto_ = rto;
    ++retransmits_;
  }

  void fire(const State& before, int64_t at, int64_t rto) {
    State state = before;
    state.now = state.sent = at;
    state.nominal += before.wait;
    const Fate fate = fate_of(state);
    if (fate != Fate::goes_on) note_end(state);
    if (fate == Fate::ends) return;
    if (retransmits_ == 0 && !b_.stamped_first) state.stamp = state.now;
    note_sent(static_cast<size_t>(retransmits_) + 1, state);
    note_gap(static_cast<size_t>(retransmits_), before, state.now);
    set_timer(state, rto);
  }

  // The real time since the stamp.
  [[nodiscard]] Bounds elapsed(const State& state) const {
    const int64_t ticks = state.now - state.stamp;
    return {
        from_jiffies(ticks + b_.spent_low - (b_.off_tick && state.stamp == phase_ ? 1 : 0), b_.hz),
        from_jiffies(ticks + b_.spent_high, b_.hz)};
  }

  [[nodiscard]] Fate fate_of(const State& state) const {
    if (retransmits_ >= b_.max_retransmits || state.cut) return Fate::ends;
    const std::optional<Nanos>& life = rto_ >= b_.rto_max && b_.last_life ? b_.last_life : b_.life;
    if (!life || retransmits_ < b_.life_after) return Fate::goes_on;
    const Bounds gone = elapsed(state);
    if (gone.low >= *life + blur_) return Fate::ends;
    return gone.high <= *life - blur_ ? Fate::goes_on : Fate::either;
  }

  void set_timer(State state, int64_t rto) {
    const int64_t first = state.now, step = by_extremes_ ? b_.answered_within : 1;
    for (int64_t answer = 0; answer <= b_.answered_within; answer += step) {
      state.now = first + answer;
      set_timer_now(state, rto);
    }
  }

  void set_timer_now(State state, int64_t rto) {
    state.wait = rto;
    if (!b_.user_timeout) return next_.push_back(state);
    const Bounds gone = elapsed(state);
    const auto left = [&](Nanos spent) {
      // Jiffies that are no whole nanoseconds were cut to such.
      const Nanos rest = *b_.user_timeout - spent - (b_.in_jiffies ? 1ns : 0ns);
      return std::max<int64_t>(b_.in_jiffies ? 2 : 1, to_jiffies(std::max(rest, Nanos(0)), b_.hz));
    };
    const int64_t most = left(std::max(gone.low - blur_, Nanos(0)));
    for (int64_t jiffies = left(gone.high + blur_); jiffies <= most; ++jiffies) {
      state.wait = std::min(rto, jiffies);
      state.cut = jiffies <= rto;
      next_.push_back(state);
    }
  }

  [[nodiscard]] Interval since(int64_t from, int64_t to) const {
    const int64_t edge = b_.off_tick && from == phase_ ? 1 : 0;
    return {std::max<int64_t>(to - from - edge, 0), to - from};
  }

  static void widen(Interval& all, Interval by) {
    all = {std::min(all.low, by.low), std::max(all.high, by.high)};
  }
  static void note(std::vector<Interval>& all, size_t n, Interval interval) {
    if (n == all.size()) all.push_back(interval);
    widen(all[n], interval);
  }

  void note_sent(size_t n, const State& state) {
    note(sent_, n, since(phase_, state.now));
    note(nominal_, n, {state.nominal, state.nominal});
  }

  // No timer fires before its time; that is all that can be said for the least. A callback that a
  // busy processor made late is off its slot, and what comes after it less late than it would be.
  void note_gap(size_t n, const State& from, int64_t to) {
    note(gaps_, n, {from.wait, to - from.sent});
  }

  void note_end(const State& state) {
    const int64_t count = retransmits_ + 1;
    widen(end_, since(phase_, state.now));
    widen(nominal_end_, {state.nominal, state.nominal});
    widen(count_, {count, count});
  }

  [[nodiscard]] Bounds in_time(Interval jiffies) const {
    return {from_jiffies(jiffies.low, b_.hz), from_jiffies(jiffies.high, b_.hz)};
  }

  [[nodiscard]] Series result() {
    if (endless_) count_ = {0, static_cast<int64_t>(sent_.size())};
    if (b_.silent_start) leave_out_the_start();
    constexpr Bounds for_ever{never, never};
    Series series{.gives_up = endless_ ? for_ever : in_time(end_),
                  .transmissions = {static_cast<int>(count_.low), static_cast<int>(count_.high)},
                  .nominal_end = endless_ ? for_ever : in_time(nominal_end_)};
    for (const Interval sent : sent_) series.sent.push_back(in_time(sent));
    for (const Interval gap : gaps_) series.gaps.push_back(in_time(gap));
    for (const Interval time : nominal_) series.nominal.push_back(in_time(time).low);
    return series;
  }

  void leave_out_the_start() {
    for (auto* list : {&sent_, &gaps_, &nominal_})
      if (!list->empty()) list->erase(list->begin());
    count_ = {std::max<int64_t>(count_.low - 1, 0), count_.high - 1};
  }

  static constexpr Interval nothing{std::numeric_limits<int64_t>::max(), 0};

  const Backoff& b_;
  const bool endless_ = b_.max_retransmits == Backoff::unlimited && !b_.life;
  const bool by_extremes_ = b_.answered_within > most_answers;
  const Nanos blur_ = b_.in_jiffies ? 0ns : millisecond_blur;
  int64_t phase_ = 0, rto_ = 0, retransmits_ = 0;
  std::vector<State> states_, next_;
  std::vector<Interval> sent_, gaps_, nominal_;
  Interval end_ = nothing, nominal_end_ = nothing, count_ = nothing;
};

void merge(std::vector<Bounds>& a, const std::vector<Bounds>& b) {
  for (size_t n = 0; n < b.size(); ++n) {
    if (n == a.size()) a.push_back(b[n]);
    a[n] = hull(a[n], b[n]);
  }
}

}  // namespace

Result<Series> simulate(const Backoff& backoff) {
  return Simulation(backoff).run();
}

Series either(Series a, const Series& b) {
  merge(a.sent, b.sent);
  merge(a.gaps, b.gaps);
  for (size_t n = 0; n < b.nominal.size(); ++n) {
    if (n == a.nominal.size()) a.nominal.push_back(b.nominal[n]);
    a.nominal[n] = std::min(a.nominal[n], b.nominal[n]);
  }
  a.gives_up = hull(a.gives_up, b.gives_up);
  a.nominal_end = hull(a.nominal_end, b.nominal_end);
  a.transmissions = {std::min(a.transmissions.least, b.transmissions.least),
                     std::max(a.transmissions.most, b.transmissions.most)};
  return a;
}

int64_t model_timeout(int64_t retries, int64_t base, int64_t rto_max) {
  const int64_t doublings = std::bit_width(static_cast<uint64_t>(rto_max / base)) - 1;
  const auto sum = [&](int64_t n) { return ((int64_t{2} << n) - 1) * base; };
  if (retries <= doublings) return sum(retries);
  return sum(doublings) + (retries - doublings) * rto_max;
}

}  // namespace faultline
