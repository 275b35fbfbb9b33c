// limit = { rate = BYTES_PER_SECOND, queue = SEGMENTS }: in each direction what is selected leaves
// one after the other at this rate, IP header included; what finds the queue full is lost
// (drop-tail).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "injectors/departures.hpp"
#include "injectors/kinds.hpp"

namespace faultline {
namespace {

class Limit : public Injector {
 public:
  Limit(int64_t rate, size_t queue) : rate_(rate), queue_(queue) {}

  Fate on_match(const Arrival& arrival, Nanos now, Outbox& out) override {
    Lane& lane = lanes_[index(arrival.facts.from)];
    if (lane.waiting == queue_) return Fate::drop;
    auto copy = out.hold(arrival);
    if (!copy) return Fate::pass;
    const Nanos takes =
        Nanos(static_cast<int64_t>(arrival.bytes.size()) * Nanos(1s).count()) / rate_;
    lane.free_at = std::max(lane.free_at, now) + takes;
    ++lane.waiting;
    held_.add(lane.free_at, std::move(*copy));
    return Fate::hold;
  }
  void on_timer(Nanos now, Outbox& out) override {
    held_.release_due(now, "limited", out, [this](const Emission& leaving) {
      --lanes_[index(other(leaving.toward))].waiting;
    });
  }
  [[nodiscard]] std::optional<Nanos> wake() const override { return held_.next(); }
  [[nodiscard]] size_t holding() const override { return held_.size(); }

 private:
  struct Lane {
    Nanos free_at = Nanos::min();
    size_t waiting = 0;
  };

  int64_t rate_;
  size_t queue_;
  std::array<Lane, 2> lanes_;  // by index(End) of the sender
  Departures held_;
};

// 1 TB/s; that times 64 KiB and a second in nanoseconds does not leave 64 bits.
constexpr int64_t fastest = 1'000'000'000'000;

MadeInjector make_limit(const nlohmann::json& value, const std::string& at) {
  Fields fields(value, at);
  const auto rate = fields.integer("rate", 1, fastest);
  const auto queue = fields.integer("queue", 1, 10'000);
  for (const char* key : {"rate", "queue"})
    if (!fields.has(key)) fields.refuse("", fmt::format("limit needs '{}'", key));
  if (auto error = fields.finish()) return std::unexpected(std::move(*error));
  return std::make_unique<Limit>(*rate, static_cast<size_t>(*queue));
}

}  // namespace

InjectorKind limit_kind() {
  return {.name = "limit", .make = make_limit};
}

}  // namespace faultline
