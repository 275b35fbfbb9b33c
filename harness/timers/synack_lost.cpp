#include "harness/timers/synack_lost.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace faultline {
namespace {

class Request {
 public:
  Request(const Backoff& request, const Series& syns, Nanos transit) : b_(request), syns_(syns) {
    for (Bounds& arrival : syns_.sent) arrival.high += transit;
  }

  Series run() {
    std::map<Place, Bounds> here{{Place{0, 1}, Bounds{}}};
    note_sent(0, Bounds{});
    for (sent_ = 1; !here.empty(); ++sent_) {
      next_.clear();
      for (const auto& [place, set] : here) step(place, set);
      here = next_;
    }
    for (const Bounds sent : series_.sent) series_.nominal.push_back(sent.low);
    series_.nominal_end = series_.gives_up;
    return std::move(series_);
  }

 private:
  // The timeouts so far, and which SYN comes next: together they are all that decides.
  using Place = std::pair<int64_t, size_t>;

  void step(Place place, Bounds set) {
    const auto [timeouts, syn] = place;
    int64_t wait = b_.rto;
    for (int64_t n = 0; n < timeouts; ++n) wait = std::min(2 * wait, b_.rto_max);
    const Bounds timer = timer_bounds(from_jiffies(wait, b_.hz), b_.hz), due = set + timer;
    const bool comes = syn < syns_.sent.size();
    const Bounds arrival = comes ? syns_.sent[syn] : due;
    if (!comes || due.low <= arrival.high) {
      const Bounds at{due.low, comes ? std::min(due.high, arrival.high) : due.high};
      if (timeouts < b_.max_retransmits)
        go_on({timeouts + 1, syn}, at, {timer.low, at.high - set.low});
      else if (comes)
        begin_anew(syn, at.low, set);
      else
        note_end(at);
    }
    if (comes && arrival.low <= due.high) {
      const Bounds at{std::max(arrival.low, set.low), std::min(due.high, arrival.high)};
      go_on({timeouts, syn + 1}, at, {std::max(at.low - set.high, Nanos(0)), at.high - set.low});
    }
  }

  // The request is gone, and this SYN makes another.
  void begin_anew(size_t syn, Nanos not_before, Bounds before) {
    const Bounds at{std::max(syns_.sent[syn].low, not_before), syns_.sent[syn].high};
    go_on({0, syn + 1}, at, {at.low - before.high, at.high - before.low});
  }

  void go_on(Place place, Bounds at, Bounds gap) {
    const auto [found, fresh] = next_.emplace(place, at);
    if (!fresh) found->second = hull(found->second, at);
    note_sent(sent_, at);
    auto& gaps = series_.gaps;
    if (sent_ > gaps.size())
      gaps.push_back(gap);
    else
      gaps[sent_ - 1] = hull(gaps[sent_ - 1], gap);
  }

  void note_sent(size_t n, Bounds at) {
    if (n == series_.sent.size())
      series_.sent.push_back(at);
    else
      series_.sent[n] = hull(series_.sent[n], at);
  }

  void note_end(Bounds at) {
    const int count = static_cast<int>(sent_);
    const bool first = series_.transmissions.most == 0;
    series_.gives_up = first ? at : hull(series_.gives_up, at);
    series_.transmissions = {first ? count : std::min(series_.transmissions.least, count), count};
  }

  const Backoff& b_;
  Series syns_;
  Series series_;
  size_t sent_ = 0;
  std::map<Place, Bounds> next_;
};

}  // namespace

Series synacks_with_syns(const Backoff& request, const Series& syns, Nanos transit) {
  return Request(request, syns, transit).run();
}

}  // namespace faultline
