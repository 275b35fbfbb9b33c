// A world with a wire in it and nobody in charge: tests and benchmarks make the ends' sockets
// themselves and turn the loop. Whatever cannot be set up throws std::runtime_error.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/observe/observer.hpp"
#include "harness/wire/wire.hpp"
#include "harness/world/world.hpp"

namespace faultline::test {

// `match` and the value of `fault` as in a case.
[[nodiscard]] EngineRule rule(const nlohmann::json& match, const std::string& fault,
                              const nlohmann::json& value);

struct WireOptions {
  bool states = false;  // look at both ends before and after each segment
  uint32_t queue_length = 16'384;
  size_t most_events =
      500'000;  // then it begins anew, so that recording costs what it does in a run
};

// In the calling thread's network namespace, which must be new. The first SYN of the client begins
// the connection "main". Nothing moves but within `run_for` and `run_until`.
class WireScene final : public WireWatcher {
 public:
  explicit WireScene(std::vector<EngineRule> rules, WireOptions options = {});

  void run_for(Nanos time);
  // Whether it came true in time; asked after each turn of the loop.
  bool run_until(const std::function<bool()>& condition, Nanos within = 5s);

  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] Wire& wire() { return *wire_; }
  [[nodiscard]] Nanos now() const;  // as the events count it
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] uint64_t segments() const { return segments_; }  // how many ever

  // The events of one kind, in order.
  template <typename T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> found;
    for (const Event& event : events_)
      if (const auto* one = std::get_if<T>(&event)) found.push_back(*one);
    return found;
  }

 private:
  bool looks() const override { return observer_ != nullptr; }
  void before(SegmentFacts& facts) override;
  void after(const SegmentFacts& facts) override;
  void emitted() override { observer_->look_all(now()); }
  void record(Event event) override;
  void open_eyes();

  WireOptions options_;
  boost::asio::io_context context_{1};
  World world_;
  Engine engine_;
  Tracker tracker_;
  std::vector<SockDiag> eyes_;  // by index(End)
  std::unique_ptr<Observer> observer_;
  uint64_t followed_ = 0;  // connections that have begun
  std::unique_ptr<Wire> wire_;
  Nanos epoch_;
  std::vector<Event> events_;
  uint64_t segments_ = 0;
};

}  // namespace faultline::test
