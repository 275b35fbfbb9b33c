#include "tests/wire/wire_scene.hpp"

#include <stdexcept>

#include "harness/tcp/selector_json.hpp"
#include "harness/world/queue_rule.hpp"

namespace faultline::test {
namespace {

template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return std::move(*result);
}

std::array<std::vector<Address>, 2> addresses() {
  std::array<std::vector<Address>, 2> all;
  for (const End end : both_ends)
    for (const int version : {4, 6}) all[index(end)].push_back(World::address(end, version));
  return all;
}

}  // namespace

EngineRule rule(const nlohmann::json& match, const std::string& fault,
                const nlohmann::json& value) {
  const InjectorKind* kind = find_injector(fault);
  if (kind == nullptr) throw std::runtime_error("no injector " + fault);
  auto selector = selector_from(match, "/match");
  if (!selector) throw std::runtime_error(selector.error().what);
  if (kind->value_is_nth) selector->nth = ranges_from(value, "/" + fault).value();
  auto made = kind->make(value, "/" + fault);
  if (!made) throw std::runtime_error(made.error().what);
  return {std::move(*selector), std::move(*made)};
}

WireScene::WireScene(std::vector<EngineRule> rules, WireOptions options)
    : options_(options),
      world_(need(World::build())),
      engine_(std::move(rules)),
      tracker_(addresses()),
      epoch_(std::chrono::steady_clock::now().time_since_epoch()) {
  (void)need(add_queue_rules());
  const std::array ports{world_.port(End::client), world_.port(End::server)};
  if (options.states) open_eyes();
  wire_ = std::make_unique<Wire>(context_, need(PacketQueue::open(0, options.queue_length)),
                                 need(Emitter::open(ports)), ports, engine_, tracker_, *this);
  tracker_.expect_connect(End::client, "main");
  wire_->start(epoch_);
}

void WireScene::open_eyes() {
  for (const End end : both_ends) eyes_.push_back(need(SockDiag::open(world_.netns(end))));
  observer_ = std::make_unique<Observer>(
      [this](End end, const Endpoint& local, const Endpoint& remote) {
        return eyes_[index(end)].look(local, remote);
      },
      [this](Event event) { record(std::move(event)); }, LookTimes(4ms, false));
}

Nanos WireScene::now() const {
  return std::chrono::steady_clock::now().time_since_epoch() - epoch_;
}

void WireScene::run_for(Nanos time) {
  context_.restart();
  context_.run_for(time);
}

bool WireScene::run_until(const std::function<bool()>& condition, Nanos within) {
  const auto end = std::chrono::steady_clock::now() + within;
  context_.restart();
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    context_.run_one_for(10ms);
  }
  return true;
}

void WireScene::before(SegmentFacts& facts) {
  if (facts.connection.empty()) return;
  if (tracker_.begun() != followed_) {
    followed_ = tracker_.begun();
    const auto tuple = tracker_.tuple(facts.connection);
    observer_->follow(facts.connection, tuple->client, tuple->server);
  }
  observer_->look(facts.connection, now());
  for (const End end : both_ends)
    facts.states[index(end)] = observer_->state(end, facts.connection);
}

void WireScene::after(const SegmentFacts& facts) {
  if (!facts.connection.empty()) observer_->look(facts.connection, now());
}

void WireScene::record(Event event) {
  if (std::holds_alternative<SegmentEvent>(event)) ++segments_;
  if (events_.size() == options_.most_events) events_.clear();
  events_.push_back(std::move(event));
}

}  // namespace faultline::test
