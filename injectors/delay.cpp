// delay = "300ms": the segment leaves that much later than it came.
#include "injectors/departures.hpp"
#include "injectors/kinds.hpp"

namespace faultline {
namespace {

class Delay : public Injector {
 public:
  explicit Delay(Nanos delay) : delay_(delay) {}

  Fate on_match(const Arrival& arrival, Nanos now, Outbox& out) override {
    auto copy = out.hold(arrival);
    if (!copy) return Fate::pass;
    held_.add(now + delay_, std::move(*copy));
    return Fate::hold;
  }
  void on_timer(Nanos now, Outbox& out) override {
    held_.release_due(now, "delayed", out, [](const Emission&) {});
  }
  [[nodiscard]] std::optional<Nanos> wake() const override { return held_.next(); }
  [[nodiscard]] size_t holding() const override { return held_.size(); }

 private:
  Nanos delay_;
  Departures held_;
};

}  // namespace

InjectorKind delay_kind() {
  return {"delay", false, make_by_duration<Delay>};
}

}  // namespace faultline
