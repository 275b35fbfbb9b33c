// delay = "300ms": the segment leaves that much later than it came.
#include <map>

#include "injectors/kinds.hpp"

namespace faultline {
namespace {

class Delay : public Injector {
 public:
  explicit Delay(Nanos delay) : delay_(delay) {}

  Fate on_match(const Arrival& arrival, Nanos now, Outbox& out) override {
    auto copy = out.hold(arrival);
    if (!copy) return Fate::pass;
    held_.emplace(now + delay_, std::move(*copy));
    return Fate::hold;
  }
  void on_timer(Nanos now, Outbox& out) override {
    while (!held_.empty() && held_.begin()->first <= now) {
      out.release(std::move(held_.begin()->second), "delayed");
      held_.erase(held_.begin());
    }
  }
  [[nodiscard]] std::optional<Nanos> wake() const override {
    if (held_.empty()) return {};
    return held_.begin()->first;
  }
  [[nodiscard]] size_t holding() const override { return held_.size(); }

 private:
  Nanos delay_;
  std::multimap<Nanos, Emission> held_;  // by the time to leave; equal ones in order of arrival
};

}  // namespace

InjectorKind delay_kind() {
  return {"delay", false, make_by_duration<Delay>};
}

}  // namespace faultline
