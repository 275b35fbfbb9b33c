// Plays the steps of a case: makes the calls, waits, unplugs. It owns no socket and no clock: what
// it needs of the run around it is `ScriptHost`.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/drive/driver.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

class ScriptHost {
 public:
  virtual ~ScriptHost() = default;
  [[nodiscard]] virtual Nanos now() const = 0;
  // CLOCK_MONOTONIC at the beginning of the run: what drivers stamp with is counted from there.
  [[nodiscard]] virtual Nanos epoch() const = 0;
  // Calls back once at that time, never from within. A new one replaces the one before.
  virtual void wake_at(Nanos when) = 0;
  virtual DriverPort& driver(End end) = 0;
  virtual void link(bool up) = 0;
  // The next step may begin; rules that wait for this one become active.
  virtual void step_over(int step) = 0;
  // An Error where the fault cannot be done.
  virtual Result<void> inject(const FaultStep& step) = 0;
  virtual void expect_connect(End end, const std::string& connection) = 0;
  virtual void connect_over(End end, const std::string& connection) = 0;
  // The connection between these two, by name; "" when none is known.
  [[nodiscard]] virtual std::string connection_between(End local_end, const Endpoint& remote) = 0;
  [[nodiscard]] virtual std::optional<TcpState> state(const ConnectionEnd& end) const = 0;
  // Something happened that may have changed a state.
  virtual void look() = 0;
  virtual void record(Event event) = 0;
  virtual void finished() = 0;
};

// Where the ends are, and what stands for a port that a case names or that ends listen on.
struct ScriptPlaces {
  std::array<Address, 2> addresses;  // by index(End)
  std::function<uint16_t(uint16_t)> port;
  // Of a connect that names none; 0: the kernel's choice.
  std::function<uint16_t()> local_port;
};

struct ScriptSetting {
  Family family = Family::ipv4;
  uint64_t seed = 0;  // of the streams' content
  // How long it waits before each step, where nothing that it does takes time.
  Nanos pace{};
  // The longest that a call may take, before the script gives it up.
  std::function<Nanos(const CallStep&)> patience;
  std::optional<ScriptPlaces> places = {};  // nothing: those of a world, and every port as it is
};

// The port on which a listening end waits.
inline constexpr uint16_t listening_port = 5001;
// How long a call may take that says nothing of its time.
inline constexpr Nanos default_patience = 30s;
// And one that is to fail without saying when: as long as a wait without `within`.
inline constexpr Nanos patience_with_failure = default_within;
// How long a driver has to answer at all: to reply, or to say that a call blocks and is under way.
inline constexpr Nanos answer_within = 5s;
// How long the wire goes on after the last step: what is on its way arrives. Shorter than any
// retransmission timer and than a delayed ACK.
inline constexpr Nanos settling = 30ms;

class Script {
 public:
  // `the_case` and `host` must outlive this.
  Script(const Case& the_case, ScriptSetting setting, ScriptHost& host);

  // Once both drivers are ready. `finished` is called when the last step and every call in the
  // background is over, or when one came out otherwise than the case says.
  void start();
  // For every event that the run records (also the script's own).
  void on_event(const Event& event);
  // The time of `wake_at` has come.
  void on_wake();

 private:
  struct Listening {
    End end;
    int backlog;
  };
  void listen_next();
  void advance();
  void schedule();  // goes on with the next step, outside of the caller's stack
  void begin(const CallStep& call);
  void begin(const WaitStep& wait);
  void begin(LinkStep link);
  void begin(const FaultStep& fault);
  void on_started(int step, const CallStep& call);
  void on_reply(int step, const CallStep& call, const Reply& reply);
  void give_up();  // what holds the script up took too long
  void trouble(TroubleEvent::Kind kind, std::string what);
  void record_result(int step, const CallStep& call, const Reply& reply);
  void kill(const CallStep& call);
  void over(int step, bool as_expected);
  [[nodiscard]] bool satisfied(int step, const WaitStep& wait) const;
  void check_wait();
  void stop();  // no further step; what is on its way arrives, then it is finished
  void finish();

  [[nodiscard]] nlohmann::json request_for(const CallStep& call);
  void add_stream(nlohmann::json& request, const CallStep& call);
  [[nodiscard]] std::string connection_of(End end, const std::string& socket) const;
  [[nodiscard]] uint64_t seed_of(End sender, const std::string& connection) const;
  [[nodiscard]] uint16_t port_of(End end) const;
  [[nodiscard]] std::string address_of(End end) const;
  [[nodiscard]] uint16_t placed(uint16_t port) const;

  const Case& case_;
  ScriptSetting setting_;
  ScriptHost& host_;
  std::vector<Listening> listening_;
  End set_up_ = End::client;  // whose listener was asked for last
  size_t next_ = 0;
  int current_ = -1;               // the step that holds the script up; -1: none,
                                   // or a listener that is being set up
  std::optional<Nanos> deadline_;  // of that step, or of the calls left at the end
  bool due_ = false;               // the next step is to begin on the next wake
  bool ended_ = false, finished_ = false;
  std::map<int, Nanos> background_;  // calls under way, and when they are given up
  std::set<int> started_, ended_calls_;
  std::set<End> killed_;              // by the case
  std::map<int, bool> segment_seen_;  // by the step that waits for one
  std::vector<std::pair<int, Matcher>> segment_waits_;
  std::map<std::pair<End, std::string>, std::string> connections_;   // by end and socket
  std::map<std::pair<End, std::string>, uint64_t> sent_, received_;  // by end and connection
};

}  // namespace faultline
