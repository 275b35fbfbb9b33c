#include "harness/timers/models.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "harness/timers/plans.hpp"
#include "harness/timers/sentence.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

constexpr int64_t most_rtos = 500;  // values of the RTO that are worth looking at

Result<Series> simulate_each(const Plan& plan) {
  if (plan.rtos.high - plan.rtos.low >= most_rtos)
    return fail("the round trips differ too much for a prediction");
  std::optional<Series> all;
  for (int64_t rto = plan.rtos.low; rto <= plan.rtos.high; ++rto) {
    Backoff backoff = *plan.series;
    backoff.rto = rto;
    if (plan.adapt) plan.adapt(backoff);
    Result<Series> one = simulate(backoff);
    if (!one) return one;
    all = all ? either(std::move(*all), *one) : std::move(*one);
  }
  return std::move(*all);
}

// Puts what the lead is about before the series.
Series led(const Lead& lead, Series series) {
  for (Bounds& sent : series.sent) sent = lead.bounds + sent;
  for (Nanos& nominal : series.nominal) nominal += lead.nominal;
  series.gives_up = lead.bounds + series.gives_up;
  series.nominal_end = Bounds{lead.nominal, lead.nominal} + series.nominal_end;
  if (!lead.after_a_transmission) return series;
  series.sent.insert(series.sent.begin(), Bounds{});
  series.gaps.insert(series.gaps.begin(), lead.bounds);
  series.nominal.insert(series.nominal.begin(), Nanos(0));
  ++series.transmissions.least;
  ++series.transmissions.most;
  return series;
}

Nanos sum_of(const std::vector<int64_t>& waits, int hz) {
  return from_jiffies(std::accumulate(waits.begin(), waits.end(), int64_t{0}), hz);
}

Prediction quiet(const Plan& plan, int hz) {
  const Bounds nominal{sum_of(plan.least_waits, hz), sum_of(plan.most_waits, hz)};
  Prediction prediction{
      .gives_up = hull(chain_bounds(plan.least_waits, hz), chain_bounds(plan.most_waits, hz))};
  prediction.sentence = plan.least_waits.empty()
                            ? plan.end
                            : fmt::format("{} {}", plan.end, after(nominal, prediction.gives_up));
  return prediction;
}

std::string sentence_of(const Plan& plan, const Series& series) {
  const std::string times = list_of_seconds(series.nominal);
  if (series.gives_up.low == never)
    return fmt::format("{}s at {} and so on, for ever", plan.noun, times);
  const std::string end =
      fmt::format("{} {}", plan.end, after(series.nominal_end, series.gives_up));
  if (times.empty()) return fmt::format("no {}; {}", plan.noun, end);
  return fmt::format("{} at {}; {}", count_of(series.transmissions, plan.noun), times, end);
}

Result<Series> series_of(const Plan& plan) {
  if (plan.told) return *plan.told;
  Result<Series> series = simulate_each(plan);
  if (series && plan.lead) return led(*plan.lead, std::move(*series));
  return series;
}

Result<Prediction> carry_out(const Plan& plan, int hz) {
  if (!plan.series && !plan.told) return quiet(plan, hz);
  Result<Series> series = series_of(plan);
  if (!series) return std::unexpected(series.error());
  Prediction prediction{.gives_up = series->gives_up, .transmissions = series->transmissions};
  prediction.sentence = sentence_of(plan, *series);
  prediction.sent = std::move(series->sent);
  prediction.gaps = std::move(series->gaps);
  return prediction;
}

// Each timer may be late and early by a tick, and one begins when the one before it fires.
Prediction promised(const TimerPromise& promise, Ticks ticks) {
  const auto bounds = [&](Nanos nominal, int timers) {
    return Bounds{std::max(nominal - ticks.early * timers, Nanos(0)),
                  nominal + ticks.late * timers};
  };
  Nanos sum = promise.first;
  int timers = sum == Nanos(0) ? 0 : 1;
  Prediction prediction{.sent = {bounds(sum, timers)}};
  for (const Nanos gap : promise.gaps) {
    prediction.gaps.push_back(bounds(gap, 1));
    prediction.sent.push_back(bounds(sum += gap, ++timers));
  }
  prediction.gives_up = promise.end ? bounds(*promise.end, timers + 1) : Bounds{never, never};
  const int most = static_cast<int>(promise.gaps.size()) + 1;
  prediction.transmissions = {promise.end ? most : 0, most};
  prediction.sentence =
      promise.end ? fmt::format("{}, as the stack itself promises", format_duration(*promise.end))
                  : "for ever, as the stack itself promises";
  return prediction;
}

}  // namespace

std::span<const std::string> model_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const NamedModel& model : all_models()) all.push_back(model.name);
    return all;
  }();
  return names;
}

Result<Prediction> predict(std::string_view model, const TimerInputs& inputs) {
  const auto found = std::ranges::find(all_models(), model, &NamedModel::name);
  if (found == all_models().end())
    return fail("there is no timer model '{}'{}", model, did_you_mean(model, model_names()));
  if (inputs.ticks) {
    const auto promise = std::ranges::find(inputs.promises, model, &TimerPromise::timer);
    if (promise == inputs.promises.end())
      return fail("the stack promises nothing of the timer '{}'", model);
    return promised(*promise, *inputs.ticks);
  }
  Settings settings(inputs);
  if (settings.error()) return std::unexpected(*settings.error());
  const Plan plan = found->plan(settings);
  if (settings.error()) return std::unexpected(*settings.error());
  Result<Prediction> prediction = carry_out(plan, inputs.hz);
  if (!prediction) return fail("timer model '{}': {}", model, prediction.error().what);
  return prediction;
}

}  // namespace faultline
