#include "harness/judge/measured.hpp"

#include <algorithm>

#include "harness/judge/moment.hpp"

namespace faultline {
namespace {

// A stretch of time that the model is asked about, and whose timers it is.
struct Stretch {
  Instant from, to;
  ConnectionEnd end;
};

class Measuring {
 public:
  Measuring(const Timeline& timeline, const std::string& model)
      : timeline_(timeline), model_(model) {}

  Result<Measured> run() {
    find_call();
    for (const Expectation& expectation : timeline_.the_case().expectations)
      std::visit([&](const auto& e) { look_at(e); }, expectation);
    if (!end_)
      return fail("case {} asks nothing of the model '{}'", timeline_.the_case().id, model_);
    auto prediction = predict(model_, timer_inputs(timeline_, *end_));
    if (!prediction) return std::unexpected(prediction.error());
    measured_.prediction = std::move(*prediction);
    if (asked_for_time_ && !stretch_) return std::unexpected(missing_);
    if (stretch_) {
      measured_.time = stretch_->to.time - stretch_->from.time;
      measured_.window =
          window_of(measured_.prediction.gives_up, timeline_, stretch_->from, stretch_->to);
    }
    return std::move(measured_);
  }

 private:
  void find_call() {
    const auto& steps = timeline_.the_case().steps;
    for (size_t i = 0; i < steps.size() && !asked_for_time_; ++i) {
      const auto* call = std::get_if<CallStep>(&steps[i].what);
      if (!call || !call->takes || call->takes->timer != model_) continue;
      asked_for_time_ = true;
      const ResultEvent* result = timeline_.result(static_cast<int>(i));
      missing_ = Error{fmt::format("{} never returned", describe(steps[i]))};
      end_ = {call->end, result ? result->connection : "main"};
      if (result)
        stretch_ = {{result->began, result->began}, {result->ended, result->ended}, *end_};
    }
  }

  void look_at(const TimeExpectation& e) {
    if (e.is.timer != model_ || asked_for_time_) return;
    asked_for_time_ = true;
    end_ = end_of(e.to, timeline_);
    const auto from = instant_of(e.from, timeline_), to = instant_of(e.to, timeline_);
    if (!from || !to)
      missing_ = from ? to.error() : from.error();
    else
      stretch_ = {*from, *to, *end_};
  }

  void look_at(const GapsExpectation& e) {
    if (e.timer != model_ || !measured_.gaps.empty()) return;
    const auto found = timeline_.select(e.of);
    for (size_t i = 1; i < found.size(); ++i)
      measured_.gaps.push_back(found[i]->time - found[i - 1]->time);
    note(e.of, found);
  }

  void look_at(const CountExpectation& e) {
    if (e.timer == model_) note(e.of, timeline_.select(e.of));
  }

  void look_at(const auto& /*expectation*/) {}

  void note(const Selector& of, const std::vector<const SegmentEvent*>& found) {
    if (!measured_.segments) measured_.segments = static_cast<int>(found.size());
    if (!end_) end_ = sender(of, found);
  }

  const Timeline& timeline_;
  const std::string& model_;
  Measured measured_;
  std::optional<ConnectionEnd> end_;
  bool asked_for_time_ = false;
  std::optional<Stretch> stretch_;
  Error missing_;
};

}  // namespace

Result<Measured> measured(const Timeline& timeline, const std::string& model) {
  return Measuring(timeline, model).run();
}

}  // namespace faultline
