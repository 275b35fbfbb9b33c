#include "harness/run/state_watch.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace faultline {
namespace {

// A driver that must be asked is asked so often, beside after each segment and call: its timers fire
// where nobody looks on.
constexpr Nanos ask_again_after = 25ms;
// Across a network a segment waits for the answer, before it crosses and after.
constexpr Nanos longest_answer = 1s;

}  // namespace

StateWatch::StateWatch(boost::asio::io_context& context, const RunClock& clock,
                       const Tracker& tracker, Eyes eyes, LookTimes times, Record record)
    : context_(context),
      clock_(clock),
      tracker_(tracker),
      record_(std::move(record)),
      eyes_(std::move(eyes)),
      observer_(
          [this](End end, const Endpoint& local, const Endpoint& remote) {
            return look_at(end, local, remote);
          },
          record_, times),
      look_timer_(context),
      asking_timer_(context) {}

Result<StateReading> StateWatch::look_at(End end, const Endpoint& local, const Endpoint& remote) {
  if (auto& eye = eyes_[index(end)]) return eye->look(local, remote);
  return reported_.look(local, remote);
}

void StateWatch::told(const DriverState& state) {
  reported_.set(state.local, state.remote, state.state);
  // Whose beginning it is shows with its first segment: the one before may have had the same ends.
  const bool begins = state.state == TcpState::SYN_SENT || state.state == TcpState::SYN_RECV;
  if (!begins) look();
}

void StateWatch::inferred(const InferredStates::Change& change) {
  reported_.set(change.local, change.remote, change.state);
}

void StateWatch::before(SegmentFacts& facts) {
  if (facts.connection.empty()) return;
  follow(facts.connection);
  if (asked_ && asked_->far) {
    ask_for_all();
    wait_for_answers();
  }
  observer_.look(facts.connection, clock_.now());
  for (const End end : both_ends)
    facts.states[index(end)] = observer_.state(end, facts.connection);
}

void StateWatch::after(const SegmentFacts& facts) {
  ask_for_all();
  if (asked_ && asked_->far) wait_for_answers();
  if (!facts.connection.empty()) observer_.look(facts.connection, clock_.now());
  arm();
}

void StateWatch::look() {
  observer_.look_all(clock_.now());
  arm();
}

std::optional<TcpState> StateWatch::state(const ConnectionEnd& end) const {
  return observer_.state(end.end, end.connection);
}

void StateWatch::correct(StateEvent& event) const {
  if (!asked_ || !asked_->far || event.end != asked_->end) return;
  const auto known = answered_.find(event.connection);
  event.since = std::min(event.since, known == answered_.end() ? 0ns : known->second);
}

void StateWatch::follow(const std::string& connection) {
  const auto tuple = tracker_.tuple(connection);
  if (!tuple) return;
  auto& known = followed_[connection];
  if (known == *tuple) return;
  known = *tuple;
  observer_.follow(connection, tuple->client, tuple->server);
}

void StateWatch::arm() {
  const auto wake = observer_.wake();
  if (!wake) {
    look_timer_.cancel();
    return;
  }
  look_timer_.expires_at(clock_.at(*wake));
  look_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    observer_.on_timer(clock_.now());
    arm();
  });
}

void StateWatch::ask(End end, DriverPort& driver, bool far) {
  asked_ = {end, &driver, far};
  if (far) keep_asking();
}

void StateWatch::ask_for_all() {
  if (!asked_) return;
  for (const auto& [name, tuple] : followed_) ask_for(name);
}

// The answer comes later; what it says was so when the driver gave it.
void StateWatch::ask_for(const std::string& connection) {
  const ConnectionTuple& tuple = followed_.at(connection);
  const bool is_client = asked_->end == End::client;
  const Endpoint local = is_client ? tuple.client : tuple.server,
                 remote = is_client ? tuple.server : tuple.client;
  ++unanswered_;
  asked_->driver->call(
      {{"call", "state"},
       {"local_address", to_string(local.address)},
       {"local_port", local.port},
       {"peer_address", to_string(remote.address)},
       {"peer_port", remote.port}},
      [=, this, asked = clock_.now()](const Reply& reply) {
        --unanswered_;
        const auto state = state_from_string(reply.result.value("state", ""));
        if (!reply.ok() || !state) return;
        told({local, remote, *state});
        answered_[connection] = asked;
      },
      {});
}

void StateWatch::keep_asking() {
  asking_timer_.expires_after(ask_again_after);
  asking_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    if (unanswered_ == 0) ask_for_all();
    keep_asking();
  });
}

// Nothing else is decided about meanwhile: the wire takes no packet before it is done with the last.
void StateWatch::wait_for_answers() {
  if (slow_answer_told_) return;
  const auto until = std::chrono::steady_clock::now() + longest_answer;
  while (unanswered_ > 0 && !context_.stopped())
    if (context_.run_one_until(until) == 0) break;
  if (unanswered_ == 0 || context_.stopped()) return;
  slow_answer_told_ = true;
  record_(TroubleEvent{clock_.now(), TroubleEvent::Kind::inconclusive,
                       fmt::format("a driver that was asked for a state did not answer within {}",
                                   format_duration(longest_answer))});
}

std::optional<InferredStates::Change> infer(InferredStates& states, End end, const Event& event) {
  if (const auto* segment = std::get_if<SegmentEvent>(&event)) {
    if (segment->facts.from == end) return states.sent(segment->segment);
    if (segment->fate == "pass") return states.delivered(segment->segment);
  }
  const auto* emission = std::get_if<EmissionEvent>(&event);
  if (emission && emission->toward == end && emission->segment)
    return states.delivered(*emission->segment);
  return {};
}

}  // namespace faultline
