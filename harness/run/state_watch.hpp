// The states of both ends in a run, from wherever they can be had: sock_diag's answers about a kernel's
// socket, what a driver tells or answers about its stack's, and where nobody can be asked, the end's
// own segments. An Observer looks into them when something could have changed.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "harness/case/case.hpp"
#include "harness/drive/driver.hpp"
#include "harness/observe/inferred_states.hpp"
#include "harness/observe/observer.hpp"
#include "harness/observe/reported_states.hpp"
#include "harness/observe/sock_diag.hpp"
#include "harness/run/run_clock.hpp"
#include "injectors/tracker.hpp"

namespace faultline {

class StateWatch {
 public:
  using Eyes = std::array<std::optional<SockDiag>, 2>;
  using Record = std::function<void(Event)>;

  // All must outlive this. An end without an eye is one whose driver, or whose segments, tell.
  StateWatch(boost::asio::io_context& context, const RunClock& clock, const Tracker& tracker,
             Eyes eyes, LookTimes times, Record record);

  // The driver of this end tells states only when it is asked: after each segment that crossed, or,
  // `far`, across a network: before and after each, which waits for the answers, and all the time.
  void ask(End end, DriverPort& driver, bool far);

  // A driver told a state; the segments of an end that nobody can ask did.
  void told(const DriverState& state);
  void inferred(const InferredStates::Change& change);

  // A segment is about to cross, and has crossed.
  void before(SegmentFacts& facts);
  void after(const SegmentFacts& facts);
  void look();
  [[nodiscard]] std::optional<TcpState> state(const ConnectionEnd& end) const;

  // When the state before a change was last known, where that is earlier than the event says: what is
  // asked for over a network may have changed since it was asked for before.
  void correct(StateEvent& event) const;

 private:
  struct Asked {
    End end;
    DriverPort* driver;
    bool far;
  };

  Result<StateReading> look_at(End end, const Endpoint& local, const Endpoint& remote);
  void follow(const std::string& connection);
  void arm();
  void ask_for_all();
  void ask_for(const std::string& connection);
  void keep_asking();
  void wait_for_answers();

  boost::asio::io_context& context_;
  const RunClock& clock_;
  const Tracker& tracker_;
  Record record_;
  Eyes eyes_;
  ReportedStates reported_;
  Observer observer_;
  boost::asio::steady_timer look_timer_, asking_timer_;
  std::map<std::string, ConnectionTuple> followed_;
  std::optional<Asked> asked_;
  size_t unanswered_ = 0;
  bool slow_answer_told_ = false;
  std::map<std::string, Nanos> answered_;  // when what was answered last was asked, by connection
};

// What a segment event or an emission says of the state of `end`, of which nobody else tells.
[[nodiscard]] std::optional<InferredStates::Change> infer(InferredStates& states, End end,
                                                          const Event& event);

}  // namespace faultline
