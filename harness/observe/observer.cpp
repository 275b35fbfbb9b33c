#include "harness/observe/observer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace faultline {

Observer::Observer(Look look, Report report, LookTimes times)
    : look_(std::move(look)), report_(std::move(report)), times_(times) {}

void Observer::follow(const std::string& connection, const Endpoint& client,
                      const Endpoint& server) {
  const std::array<Endpoint, 2> ends{client, server};
  Connection next{.ends = ends, .watched = {}};
  std::erase_if(connections_, [&](const auto& entry) {
    if (entry.second.ends != ends) return false;
    for (const End end : both_ends)
      next.watched[index(end)].left_over = entry.second.watched[index(end)].state;
    return true;
  });
  connections_[connection] = next;
}

void Observer::look(const std::string& connection, Nanos now) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  for (const End end : both_ends) look_at(connection, found->second, end, now);
}

void Observer::look_all(Nanos now) {
  for (auto& [name, connection] : connections_)
    for (const End end : both_ends) look_at(name, connection, end, now);
}

void Observer::expect(Watched& watched, const StateReading& reading, Nanos now) const {
  if (!reading.state || reading.timer == 0) return watched.expiry.reset();
  // One that is overdue says no more than that; one that is not is told in whole jiffies.
  const Nanos expiry = now + reading.expires;
  const bool same = watched.expiry && (reading.expires <= 0ns ||
                                       std::chrono::abs(expiry - *watched.expiry) < times_.jiffy());
  if (!same) {
    watched.expiry = expiry;
    watched.remaining = reading.expires;
  }
  watched.due = times_.next(*watched.expiry, watched.remaining, now);
}

void Observer::look_at(const std::string& name, Connection& connection, End end, Nanos now) {
  Watched& watched = connection.watched[index(end)];
  const auto reading = look_(end, connection.ends[index(end)], connection.ends[index(other(end))]);
  watched.due.reset();
  if (!reading) {
    if (std::exchange(watched.blind, true)) return;
    report_(TroubleEvent{now, TroubleEvent::Kind::inconclusive,
                         fmt::format("the {}'s state could not be observed: {}", to_string(end),
                                     reading.error().what)});
    return;
  }
  if (reading->state != watched.left_over) watched.left_over.reset();
  std::optional<TcpState> state;
  if (!watched.left_over) state = reading->state;
  // No connection where none was seen yet is no news; one that was there before has been closed.
  if (!state && watched.state) state = TcpState::CLOSED;
  const bool news = state != watched.state;
  const Nanos since = std::exchange(watched.looked, now);
  watched.state = state;
  expect(watched, *reading, now);
  if (news) report_(StateEvent{now, since, end, name, *state});  // who is told may ask for `state`
}

std::optional<TcpState> Observer::state(End end, const std::string& connection) const {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return {};
  return found->second.watched[index(end)].state;
}

std::optional<Nanos> Observer::wake() const {
  std::optional<Nanos> first;
  for (const auto& [name, connection] : connections_)
    for (const Watched& watched : connection.watched)
      if (watched.due && (!first || *watched.due < *first)) first = watched.due;
  return first;
}

void Observer::on_timer(Nanos now) {
  for (auto& [name, connection] : connections_)
    for (const End end : both_ends) {
      const auto due = connection.watched[index(end)].due;
      if (due && *due <= now) look_at(name, connection, end, now);
    }
}

}  // namespace faultline
