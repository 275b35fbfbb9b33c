#include "reports/ladder_choice.hpp"

#include <algorithm>

#include "harness/judge/window.hpp"

namespace faultline {
namespace {

// The first to be kept where there is not room for all.
enum class Weight : uint8_t { shows_finding, margin, tells, beside, other };

constexpr size_t margin = 10;  // at the beginning and at the end
constexpr size_t around = 2;   // what tells something, on either side

struct Telling {
  bool operator()(const SegmentEvent& e) const { return e.fate != "pass" || e.rule == -2; }
  bool operator()(const StateEvent& /*e*/) const { return true; }
  bool operator()(const CallEvent& /*e*/) const { return true; }
  bool operator()(const ResultEvent& /*e*/) const { return true; }
  bool operator()(const LinkEvent& /*e*/) const { return true; }
  bool operator()(const TroubleEvent& /*e*/) const { return true; }
  bool operator()(const WaitEvent& /*e*/) const { return true; }
  bool operator()(const EmissionEvent& e) const { return !e.head.empty(); }
  bool operator()(const OddPacketEvent& /*e*/) const { return false; }
  bool operator()(const StallEvent& /*e*/) const { return false; }
};

bool says_something(const Event& event) {
  if (const auto* call = std::get_if<CallEvent>(&event)) return call->step >= 0;
  if (const auto* result = std::get_if<ResultEvent>(&event)) return result->step >= 0;
  if (const auto* wait = std::get_if<WaitEvent>(&event)) return !wait->satisfied;
  if (const auto* stall = std::get_if<StallEvent>(&event))
    return stall->length >= machine_tolerance;
  return true;
}

class Chooser {
 public:
  Chooser(const Trace& trace, const CaseResult& result, size_t most)
      : trace_(trace), result_(result), room_(most) {
    for (size_t i = 0; i < trace.events.size(); ++i)
      if (says_something(trace.events[i])) candidates_.push_back(i);
  }

  std::vector<Shown> choose() {
    std::vector<Shown> shown(trace_.events.size(), Shown::no);
    const bool all = candidates_.size() <= room_;
    for (const size_t i : candidates_) shown[i] = all ? Shown::yes : Shown::left_out;
    if (all) return shown;
    weigh();
    using enum Weight;
    for (const Weight weight : {shows_finding, margin, tells, beside, other}) keep(weight, shown);
    return shown;
  }

 private:
  void weigh() {
    const size_t count = candidates_.size();
    weights_.assign(count, Weight::other);
    for (size_t at = 0; at < count; ++at)
      if (std::visit(Telling{}, trace_.events[candidates_[at]])) tell(at);
    for (size_t at = 0; at < std::min(faultline::margin, count); ++at)
      raise(at, Weight::margin), raise(count - 1 - at, Weight::margin);
    for (const Finding& finding : result_.findings) {
      const auto at =
          finding.event ? std::ranges::lower_bound(candidates_, *finding.event) : candidates_.end();
      if (at == candidates_.end()) continue;
      const auto place = static_cast<size_t>(at - candidates_.begin());
      tell(place);
      raise(place, Weight::shows_finding);
    }
  }

  void tell(size_t at) {
    for (size_t near = at - std::min(at, around);
         near < std::min(at + around + 1, candidates_.size()); ++near)
      raise(near, Weight::beside);
    raise(at, Weight::tells);
  }

  void raise(size_t at, Weight weight) { weights_[at] = std::min(weights_[at], weight); }

  // From both ends inwards: how it began and what led to the end say most.
  void keep(Weight weight, std::vector<Shown>& shown) {
    for (size_t i = 0; i < candidates_.size() && room_ > 0; ++i) {
      const size_t at = i % 2 == 0 ? i / 2 : candidates_.size() - 1 - i / 2;
      Shown& one = shown[candidates_[at]];
      if (weights_[at] != weight || one == Shown::yes) continue;
      one = Shown::yes;
      --room_;
    }
  }

  const Trace& trace_;
  const CaseResult& result_;
  size_t room_;
  std::vector<size_t> candidates_;  // indices of events, ascending
  std::vector<Weight> weights_;     // of the candidates
};

}  // namespace

std::vector<Shown> shown_events(const Trace& trace, const CaseResult& result, size_t most) {
  return Chooser(trace, result, most).choose();
}

}  // namespace faultline
