// hold = { until = SELECTOR } or { passed = N }: the segment leaves after a later one, which puts
// them in another order.
//
// `until` looks at every segment that comes after the held one, whatever becomes of it, and its
// `nth` counts from there. `passed` counts those of the same direction that the wire let through at
// once.
#include <list>

#include "injectors/kinds.hpp"

namespace faultline {
namespace {

class Hold : public Injector {
 public:
  explicit Hold(Selector until) : until_(std::move(until)) {}
  explicit Hold(uint64_t passed) : passed_(passed) {}

  Fate on_match(const Arrival& arrival, Nanos, Outbox& out) override {
    auto copy = out.hold(arrival);
    if (!copy) return Fate::pass;
    held_.push_back({std::move(*copy), passed_, until_});
    return Fate::hold;
  }
  void on_decided(const Arrival& arrival, Fate fate, Nanos, Outbox& out) override {
    for (auto held = held_.begin(); held != held_.end();) {
      if (held->copy.of != arrival.id && held->is_released_by(arrival, fate)) {
        out.release(std::move(held->copy), "released");
        held = held_.erase(held);
      } else {
        ++held;
      }
    }
  }
  [[nodiscard]] size_t holding() const override { return held_.size(); }

 private:
  struct Held {
    Emission copy;
    uint64_t still_to_pass;
    std::optional<Matcher> until;

    bool is_released_by(const Arrival& arrival, Fate fate) {
      if (until) return (*until)(arrival.segment, arrival.facts);
      const bool same_direction = other(arrival.facts.from) == copy.toward;
      return same_direction && fate == Fate::pass && --still_to_pass == 0;
    }
  };

  std::optional<Matcher> until_;
  uint64_t passed_ = 0;
  std::list<Held> held_;  // in order of arrival
};

MadeInjector make_hold(const nlohmann::json& value, const std::string& at) {
  Fields fields(value, at);
  const auto passed = fields.integer("passed", 1, 1'000'000);
  std::optional<Selector> until;
  if (const auto* selector = fields.value("until"))
    until = fields.take(selector_from(*selector, fields.pointer("until")));
  if (fields.has("passed") == fields.has("until"))
    fields.refuse("", "write one of { until = SELECTOR } and { passed = NUMBER }");
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  if (until) return std::make_unique<Hold>(std::move(*until));
  return std::make_unique<Hold>(static_cast<uint64_t>(*passed));
}

}  // namespace

InjectorKind hold_kind() {
  return {"hold", false, make_hold};
}

}  // namespace faultline
