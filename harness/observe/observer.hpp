// The states of both ends of every connection, looked at when something could have changed them:
// before and after each segment crosses, after each call, and when a timer that a socket announced
// is due. Never at a fixed interval (DESIGN D5).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "harness/observe/look_times.hpp"
#include "harness/observe/sock_diag.hpp"
#include "harness/tcp/segment.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

class Observer {
 public:
  // How to look at one end of a connection. In a run this is an exact sock_diag lookup.
  using Look =
      std::function<Result<StateReading>(End, const Endpoint& local, const Endpoint& remote)>;
  // Told of each change, and of the first look at an end of a connection that failed
  // (TroubleEvent). The state then stays what it was.
  using Report = std::function<void(Event)>;

  Observer(Look look, Report report, LookTimes times);

  // A connection has begun between these two. One that had the same endpoints before is over, and
  // is not looked at again: its 4-tuple now names another. What an end still keeps of it, TIME_WAIT
  // say, is no state of the new one: that begins with the first change.
  void follow(const std::string& connection, const Endpoint& client, const Endpoint& server);

  void look(const std::string& connection, Nanos now);
  void look_all(Nanos now);

  // As last seen. Nothing: it was never seen in any state.
  [[nodiscard]] std::optional<TcpState> state(End end, const std::string& connection) const;

  // When to look next although nothing crossed the wire, if ever; then call `on_timer`.
  [[nodiscard]] std::optional<Nanos> wake() const;
  void on_timer(Nanos now);

 private:
  struct Watched {
    std::optional<TcpState> state;
    std::optional<TcpState> left_over;  // of the connection before, until it changes
    Nanos looked{};
    std::optional<Nanos> expiry;  // of the timer that it announced, nominally
    Nanos remaining{};            // before that when it was first seen
    std::optional<Nanos> due;
    bool blind = false;  // a look failed
  };
  struct Connection {
    std::array<Endpoint, 2> ends;
    std::array<Watched, 2> watched;
  };

  void expect(Watched& watched, const StateReading& reading, Nanos now) const;
  void look_at(const std::string& name, Connection& connection, End end, Nanos now);

  Look look_;
  Report report_;
  LookTimes times_;
  std::map<std::string, Connection> connections_;
};

}  // namespace faultline
