#include "harness/run/case_run.hpp"

#include <fmt/ranges.h>
#include <sys/utsname.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <random>
#include <ranges>

#include "harness/drive/driver.hpp"
#include "harness/drive/listening_service.hpp"
#include "harness/observe/inferred_states.hpp"
#include "harness/observe/observer.hpp"
#include "harness/observe/reported_states.hpp"
#include "harness/run/device_environment.hpp"
#include "harness/run/patience.hpp"
#include "harness/run/remote_ports.hpp"
#include "harness/run/rules.hpp"
#include "harness/run/script.hpp"
#include "harness/run/start_time.hpp"
#include "harness/util/clock.hpp"
#include "harness/wire/wire.hpp"
#include "harness/world/probe.hpp"
#include "harness/world/queue_rule.hpp"
#include "harness/world/remote_world.hpp"
#include "harness/world/sysctl.hpp"
#include "harness/world/world.hpp"
#include "stacks/linux/driver.hpp"
#include "stacks/remote/bridge.hpp"

namespace faultline {
namespace {

// More would not be a case but a load test; the trace of so many takes about 300 MB.
constexpr size_t most_events = 500'000;
constexpr uint32_t queue_length = 16'384;
// How long the wire thinks where computing takes no time: without it a round trip would take none
// either, which no stack is made for (RACK then takes whatever is overtaken for lost, RFC
// 8985 6.2).
constexpr Nanos virtual_thought = 20us;
// And the script between its steps, as long as messages to and from a driver take elsewhere: what a
// step sent has then crossed the wire before the next begins.
constexpr Nanos virtual_pace = 100us;
// A run does not wait longer at its end for the next segment that was delayed.
constexpr Nanos longest_drain = 5s;

// On a machine's own network others count from 0.
constexpr uint16_t first_remote_queue = 20'480;
// A driver that must be asked is asked so often, beside after each segment and call: its timers fire
// where nobody looks on.
constexpr Nanos ask_again_after = 25ms;
// Across a network a segment waits for the answer, before it crosses and after.
constexpr Nanos longest_answer = 1s;

const RemoteStack* remote_of(const Job& job) {
  return job.stack && job.stack->remote ? &*job.stack->remote : nullptr;
}

End tested_end(const Job& job) {
  return job.sut == About::server ? End::server : End::client;
}

std::array<std::vector<Address>, 2> addresses(const Job& job) {
  std::array<std::vector<Address>, 2> all;
  if (const auto* remote = remote_of(job)) {
    all[index(tested_end(job))] = {remote->there};
    all[index(other(tested_end(job)))] = {remote->here};
    return all;
  }
  for (const End end : both_ends)
    for (const int version : {4, 6}) all[index(end)].push_back(World::address(end, version));
  return all;
}

// Kernels before 6.5 have no linear timeouts of SYNs: to a case that wants none they are as good.
bool is_off_where_absent(const std::string& sysctl, const std::string& value) {
  return sysctl == "net.ipv4.tcp_syn_linear_timeouts" && value == "0";
}

// Then drivers must be processes.
bool kills_a_driver(const Case& the_case) {
  return std::ranges::any_of(the_case.steps, [](const Step& step) {
    const auto* call = std::get_if<CallStep>(&step.what);
    return call && call->call == Call::kill;
  });
}

class CaseRun final : public WireWatcher, public ScriptHost {
 public:
  CaseRun(const Case& the_case, const Job& job, Trace& trace, std::function<void(Nanos)> on_ready)
      : case_(the_case),
        job_(job),
        trace_(trace),
        on_ready_(std::move(on_ready)),
        epoch_(monotonic_now()),
        tracker_(addresses(job)),
        timer_(context_),
        looks_(the_case.looks_at_states()) {}

  // An Error is one of the set-up; `failed_as` says of which kind.
  Result<void> run() {
    if (auto built = build(); !built) return built;
    if (auto started = start_drivers(); !started) return started;
    context_.run();
    conclude();
    return {};
  }
  TroubleEvent::Kind failed_as() const { return failed_as_; }

 private:
  Result<void> build();
  Result<void> build_remote(const RemoteStack& remote);
  Result<void> set_sysctls();
  // Nothing is set on networks that are not the case's own.
  Result<void> compare_sysctls();
  Result<void> open_eyes();
  Result<void> start_drivers();
  // The stack under test, where it is another than the reference's and stands at this end.
  const ForeignStack* foreign(End end) const;
  DriverCommand driver_command(End end) const;
  Result<StateReading> look_at(End end, const Endpoint& local, const Endpoint& remote);
  void on_driver_state(End end, const DriverState& told);
  void ask_for_states();
  void ask(End end, const std::string& connection);
  void keep_asking();
  void wait_for_answers();
  void infer_states(const Event& event);
  void on_driver_ready(End end, const DriverHello& hello);
  std::optional<ScriptPlaces> script_places() const;
  void begin();
  void on_driver_end(End end, const DriverEnd& how);
  void conclude();

  // WireWatcher
  bool looks() const override { return looks_; }
  void before(SegmentFacts& facts) override;
  void after(const SegmentFacts& facts) override;
  void emitted() override { look(); }
  void record(Event event) override;

  // ScriptHost
  Nanos now() const override { return monotonic_now() - epoch_; }
  Nanos epoch() const override { return epoch_; }
  void wake_at(Nanos when) override;
  DriverPort& driver(End end) override { return *drivers_[index(end)]; }
  void link(bool up) override { wire_->link(up); }
  void step_over(int step) override { wire_->step_over(step); }
  Result<void> inject(const FaultStep& step) override;
  void expect_connect(End end, const std::string& name) override {
    tracker_.expect_connect(end, name);
  }
  void connect_over(End end, const std::string& name) override { tracker_.connect_over(end, name); }
  std::string connection_between(End local_end, const Endpoint& remote) override;
  std::optional<TcpState> state(const ConnectionEnd& end) const override;
  void look() override;
  void finished() override;

  void follow(const std::string& connection);
  void arm_observer();

  const Case& case_;
  const Job& job_;
  Trace& trace_;
  std::function<void(Nanos)> on_ready_;
  Nanos epoch_;
  // Told of one thread, it keeps what a handler has begun from a loop within that handler
  // (wait_for_answers): whatever completed at once would wait for the handler's end.
  boost::asio::io_context context_{remote_of(job_) ? 2 : 1};
  Tracker tracker_;
  std::optional<World> world_;
  std::optional<RemotePorts> ports_;  // these two instead, where an end is across a network
  std::optional<RemoteWorld> remote_world_;
  std::array<std::optional<SockDiag>, 2> eyes_;
  ReportedStates reported_;  // of the end whose driver tells them
  bool ask_for_states_ = false;  // and only when it is asked
  size_t unanswered_ = 0;
  bool slow_answer_told_ = false;
  std::map<std::string, Nanos> asked_;  // when what was answered last was asked, by connection
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<Observer> observer_;
  std::array<std::unique_ptr<DriverPort>, 2> drivers_;
  ListeningService* service_ = nullptr;  // of these, where there is no driver
  InferredStates inferred_;              // its
  std::unique_ptr<Script> script_;
  boost::asio::steady_timer timer_;  // the script's
  std::unique_ptr<boost::asio::steady_timer> observer_timer_, asking_timer_;
  std::map<std::string, ConnectionTuple> followed_;
  int ready_ = 0;
  TroubleEvent::Kind failed_as_ = TroubleEvent::Kind::error;
  bool looks_;
  bool full_ = false;
};

Result<void> CaseRun::build() {
  auto rules = make_rules(case_, job_.seed);
  if (!rules) return std::unexpected(rules.error());
  engine_ = std::make_unique<Engine>(std::move(*rules));
  if (const auto* remote = remote_of(job_)) return build_remote(*remote);
  std::array<Attach, 2> attached{};
  for (const End end : both_ends)
    if (const auto* stack = foreign(end)) attached[index(end)] = stack->attach;
  auto world = World::build(attached);
  if (!world) return std::unexpected(world.error());
  world_.emplace(std::move(*world));
  if (auto done = set_sysctls(); !done) return done;
  if (auto method = add_queue_rules(); !method) return std::unexpected(method.error());
  auto queue = PacketQueue::open(0, queue_length);
  if (!queue) return std::unexpected(queue.error());
  const std::array ports{world_->port(End::client), world_->port(End::server)};
  auto emitter = Emitter::open(ports);
  if (!emitter) return std::unexpected(emitter.error());
  if (auto done = open_eyes(); !done) return done;
  wire_ = std::make_unique<Wire>(context_, std::move(*queue), std::move(*emitter), ports, *engine_,
                                 tracker_, *this);
  return {};
}

Result<void> CaseRun::build_remote(const RemoteStack& remote) {
  auto in_force = read_all_tcp_sysctls();
  if (!in_force) return std::unexpected(in_force.error());
  trace_.environment.ends[index(other(tested_end(job_)))].sysctl = std::move(*in_force);
  ports_.emplace(case_, remote.first_port, remote.last_port, std::random_device{}());
  auto queue = PacketQueue::open_free(first_remote_queue, queue_length);
  if (!queue) return std::unexpected(queue.error());
  auto world = RemoteWorld::build({remote.here, remote.there, ports_->first(), ports_->last()},
                                  queue->number());
  if (!world) return std::unexpected(world.error());
  remote_world_.emplace(std::move(*world));
  auto emitter = Emitter::open_marked(remote.there.version, wire_mark);
  if (!emitter) return std::unexpected(emitter.error());
  if (auto done = open_eyes(); !done) return done;
  wire_ = std::make_unique<Wire>(context_, std::move(*queue), std::move(*emitter),
                                 std::array<Port, 2>{}, *engine_, tracker_, *this);
  return {};
}

Result<void> CaseRun::compare_sysctls() {
  for (const End end : both_ends) {
    const auto& in_force = trace_.environment.ends[index(end)].sysctl;
    for (const auto& [name, value] : case_.setup(end).sysctl) {
      const auto there = in_force.find(full_sysctl_name(name));
      if (there == in_force.end() && is_off_where_absent(full_sysctl_name(name), value)) continue;
      if (there == in_force.end())
        return fail("the case sets the {}'s {}, which is not known there", to_string(end), name);
      if (there->second != value)
        return fail("the case sets the {}'s {} to {}; it is {} there, and stays so", to_string(end),
                    name, value, there->second);
    }
  }
  return {};
}

Result<void> CaseRun::set_sysctls() {
  const auto initial = world_->initial_tcp_sysctls();
  if (!initial) return std::unexpected(initial.error());
  for (const End end : both_ends) {
    if (world_->device(end) >= 0) continue;  // what the case sets there the stack amounts to
    auto& in_force = trace_.environment.ends[index(end)].sysctl;
    in_force = *initial;
    std::map<std::string, std::string> values;
    for (const auto& [name, value] : case_.setup(end).sysctl) {
      const std::string full = full_sysctl_name(name);
      const bool there = world_->read_sysctl(end, full).has_value();
      if (!there && is_off_where_absent(full, value)) continue;
      values[full] = value;
      if (there) continue;
      failed_as_ = TroubleEvent::Kind::unsupported;
      return fail("this kernel has no sysctl {}", full);
    }
    const bool is_sut = job_.sut == About::both || to_string(job_.sut) == to_string(end);
    if (is_sut)
      for (const auto& [name, value] : job_.overrides) values[name] = value;
    for (const auto& [name, value] : values) {
      auto written = world_->write_sysctl(end, name, value);
      if (!written) return fail("the {}'s sysctls: {}", to_string(end), written.error().what);
      if (initial->contains(name)) in_force[name] = std::move(*written);
    }
  }
  return {};
}

Result<void> CaseRun::open_eyes() {
  if (!looks_) return {};
  for (const End end : both_ends) {
    if (const auto* stack = foreign(end); stack && stack->tells_states) continue;
    auto eye = world_ ? SockDiag::open(world_->netns(end)) : SockDiag::open_here();
    if (!eye) return std::unexpected(eye.error());
    eyes_[index(end)] = std::move(*eye);
  }
  observer_ = std::make_unique<Observer>(
      [this](End end, const Endpoint& local, const Endpoint& remote) {
        return look_at(end, local, remote);
      },
      [this](Event event) { record(std::move(event)); },
      LookTimes(Nanos(1s) / trace_.environment.hz, job_.free_computing));
  observer_timer_ = std::make_unique<boost::asio::steady_timer>(context_);
  return {};
}

const ForeignStack* CaseRun::foreign(End end) const {
  return job_.stack && to_string(job_.sut) == to_string(end) ? &*job_.stack : nullptr;
}

Result<StateReading> CaseRun::look_at(End end, const Endpoint& local, const Endpoint& remote) {
  if (auto& eye = eyes_[index(end)]) return eye->look(local, remote);
  return reported_.look(local, remote);
}

void CaseRun::on_driver_state(End end, const DriverState& told) {
  if (!foreign(end)) return;
  reported_.set(told.local, told.remote, told.state);
  // Whose beginning it is shows with its first segment: the one before may have had the same ends.
  const bool begins = told.state == TcpState::SYN_SENT || told.state == TcpState::SYN_RECV;
  if (!begins) look();
}

void CaseRun::ask_for_states() {
  if (!ask_for_states_) return;
  for (const End end : both_ends)
    if (foreign(end))
      for (const auto& [name, tuple] : followed_) ask(end, name);
}

// The answer comes later; what it says was so when the driver gave it.
void CaseRun::ask(End end, const std::string& connection) {
  const ConnectionTuple& tuple = followed_.at(connection);
  const Endpoint local = end == End::client ? tuple.client : tuple.server,
                 remote = end == End::client ? tuple.server : tuple.client;
  ++unanswered_;
  drivers_[index(end)]->call(
      {{"call", "state"},
       {"local_address", to_string(local.address)},
       {"local_port", local.port},
       {"peer_address", to_string(remote.address)},
       {"peer_port", remote.port}},
      [=, this, asked = now()](const Reply& reply) {
        --unanswered_;
        const auto state = state_from_string(reply.result.value("state", ""));
        if (!reply.ok() || !state) return;
        on_driver_state(end, {local, remote, *state});
        asked_[connection] = asked;
      },
      {});
}

// Nothing else is decided about meanwhile: the wire takes no packet before it is done with the last.
void CaseRun::wait_for_answers() {
  const auto until = std::chrono::steady_clock::now() + longest_answer;
  while (unanswered_ > 0 && !context_.stopped())
    if (context_.run_one_until(until) == 0) break;
  if (unanswered_ == 0 || context_.stopped() || slow_answer_told_) return;
  slow_answer_told_ = true;
  record(TroubleEvent{now(), TroubleEvent::Kind::inconclusive,
                      fmt::format("a driver that was asked for a state did not answer within {}",
                                  format_duration(longest_answer))});
}

void CaseRun::keep_asking() {
  asking_timer_->expires_after(ask_again_after);
  asking_timer_->async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    if (unanswered_ == 0) ask_for_states();
    keep_asking();
  });
}

DriverCommand CaseRun::driver_command(End end) const {
  DriverCommand command{.argv = job_.driver, .netns_fd = world_ ? world_->netns(end) : -1};
  const auto* stack = foreign(end);
  if (stack && stack->remote) {
    const Endpoint at{stack->remote->there, stack->remote->driver_port};
    command.argv = {"driver at " + to_string(at)};
    command.body = [at, token = stack->remote->token_file](int in_fd, int out_fd) {
      return remote::run_bridge(in_fd, out_fd, at, token);
    };
    command.in_thread = true;
  } else if (stack) {
    command.argv = stack->start;
    if (stack->attach != Attach::kernel) {
      command.device_fd = world_->device(end);
      command.environment = device_environment(*world_, end, stack->attach);
    }
  } else if (command.argv.empty()) {
    command.argv = {"driver"};
    command.body = run_linux_driver;
    command.in_thread = !kills_a_driver(case_);
  }
  return command;
}

Result<void> CaseRun::start_drivers() {
  for (const End end : both_ends) {
    if (const auto* stack = foreign(end); stack && stack->remote && !stack->remote->driver_port) {
      auto service = std::make_unique<ListeningService>(context_);
      service_ = service.get();
      drivers_[index(end)] = std::move(service);
      boost::asio::post(context_, [this, end] { on_driver_ready(end, {}); });
      continue;
    }
    DriverCallbacks callbacks{
        .on_ready = [this, end](const DriverHello& hello) { on_driver_ready(end, hello); },
        .on_state = [this, end](const DriverState& told) { on_driver_state(end, told); },
        .on_end = [this, end](const DriverEnd& how) { on_driver_end(end, how); }};
    auto driver = DriverProcess::start(context_, driver_command(end), std::move(callbacks));
    if (!driver) return std::unexpected(driver.error());
    drivers_[index(end)] = std::move(*driver);
  }
  return {};
}

void CaseRun::on_driver_ready(End end, const DriverHello& hello) {
  EndEnvironment& facts = trace_.environment.ends[index(end)];
  facts.stack = hello.stack;
  if (const auto* stack = foreign(end)) {
    facts.stack = service_ ? stack->name + ", states inferred from its segments" : stack->name;
    facts.ticks = stack->ticks;
    facts.promises = stack->promises;
    ask_for_states_ = looks_ && hello.states == DriverHello::States::query;
    if (stack->remote) {
      facts.sysctl = hello.sysctl;
      // The coarser of the two clocks: what an end does is held against one.
      if (hello.hz != 0) trace_.environment.hz = std::min(trace_.environment.hz, hello.hz);
    }
  }
  if (++ready_ < 2) return;
  if (remote_world_) {
    if (const auto as_wanted = compare_sysctls(); !as_wanted) {
      record(TroubleEvent{now(), TroubleEvent::Kind::unsupported, as_wanted.error().what});
      return context_.stop();
    }
  }
  if (!job_.virtual_time) return begin();
  const Nanos start = next_start(monotonic_now(), trace_.environment.hz);
  timer_.expires_at(std::chrono::steady_clock::time_point(start));
  timer_.async_wait([this](const boost::system::error_code&) { begin(); });
}

std::optional<ScriptPlaces> CaseRun::script_places() const {
  const auto* remote = remote_of(job_);
  if (!remote) return {};
  ScriptPlaces places{.addresses = {remote->here, remote->here},
                      .port = [this](uint16_t port) { return ports_->place(port); }};
  places.addresses[index(tested_end(job_))] = remote->there;
  return places;
}

void CaseRun::begin() {
  epoch_ = monotonic_now();
  if (on_ready_) on_ready_(epoch_);
  wire_->start(epoch_, job_.free_computing ? virtual_thought : 0ns);
  if (ask_for_states_ && remote_world_) {
    asking_timer_ = std::make_unique<boost::asio::steady_timer>(context_);
    keep_asking();
  }
  script_ = std::make_unique<Script>(
      case_,
      ScriptSetting{.family = job_.family,
                    .seed = job_.seed,
                    .pace = job_.free_computing ? virtual_pace : 0ns,
                    .patience =
                        [this](const CallStep& call) {
                          return patience(call, expected_inputs(case_, trace_.environment, call));
                        },
                    .places = script_places()},
      *this);
  script_->start();
}

void CaseRun::on_driver_end(End end, const DriverEnd& how) {
  if (how.asked) return;
  std::string what = fmt::format("the {}'s driver: {}", to_string(end), how.reason);
  if (!how.stderr_lines.empty())
    what += fmt::format("; it said: {}", fmt::join(how.stderr_lines, " | "));
  record(TroubleEvent{now(), TroubleEvent::Kind::error, std::move(what)});
  context_.stop();
}

void CaseRun::conclude() {
  look();
  wire_->check_losses();
  trace_.length = now();
  trace_.rules.clear();
  for (size_t rule = 0; rule < engine_->rule_count(); ++rule)
    trace_.rules.push_back({engine_->hits(rule), engine_->held(rule)});
  if (engine_->overruns() != 0)
    record(TroubleEvent{now(), TroubleEvent::Kind::inconclusive,
                        "more segments were to be held than there is room for"});
  std::ranges::stable_sort(trace_.events, {}, time_of);
}

void CaseRun::before(SegmentFacts& facts) {
  if (facts.connection.empty()) return;
  follow(facts.connection);
  if (remote_world_) {
    ask_for_states();
    wait_for_answers();
  }
  observer_->look(facts.connection, now());
  for (const End end : both_ends)
    facts.states[index(end)] = observer_->state(end, facts.connection);
}

void CaseRun::after(const SegmentFacts& facts) {
  ask_for_states();
  if (remote_world_) wait_for_answers();
  if (!facts.connection.empty()) observer_->look(facts.connection, now());
  arm_observer();
}

void CaseRun::look() {
  if (!observer_) return;
  observer_->look_all(now());
  arm_observer();
}

void CaseRun::follow(const std::string& connection) {
  const auto tuple = tracker_.tuple(connection);
  if (!tuple) return;
  auto& known = followed_[connection];
  if (known == *tuple) return;
  known = *tuple;
  observer_->follow(connection, tuple->client, tuple->server);
}

void CaseRun::arm_observer() {
  const auto wake = observer_->wake();
  if (!wake) {
    observer_timer_->cancel();
    return;
  }
  observer_timer_->expires_at(std::chrono::steady_clock::time_point(epoch_ + *wake));
  observer_timer_->async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    observer_->on_timer(now());
    arm_observer();
  });
}

void CaseRun::infer_states(const Event& event) {
  const auto tell = [this](const std::optional<InferredStates::Change>& change) {
    if (!change) return;
    reported_.set(change->local, change->remote, change->state);
    if (change->state == TcpState::ESTABLISHED) service_->established(change->remote);
  };
  const End end = tested_end(job_);
  if (const auto* segment = std::get_if<SegmentEvent>(&event)) {
    if (segment->facts.from == end) tell(inferred_.sent(segment->segment));
    if (segment->facts.from != end && segment->fate == "pass")
      tell(inferred_.delivered(segment->segment));
  }
  const auto* emission = std::get_if<EmissionEvent>(&event);
  if (emission && emission->toward == end && emission->segment)
    tell(inferred_.delivered(*emission->segment));
}

void CaseRun::record(Event event) {
  if (service_) infer_states(event);
  if (trace_.events.size() >= most_events) {
    if (full_) return;
    full_ = true;
    event = TroubleEvent{now(), TroubleEvent::Kind::inconclusive,
                         fmt::format("the trace is full: more than {} events", most_events)};
  }
  // A driver that is asked tells what became of a state since it was asked before.
  if (auto* state = std::get_if<StateEvent>(&event); state && ask_for_states_ && remote_world_ &&
                                                     foreign(state->end))
    state->since = std::min(state->since, asked_[state->connection]);
  trace_.events.push_back(std::move(event));
  if (script_) script_->on_event(trace_.events.back());
}

void CaseRun::wake_at(Nanos when) {
  timer_.expires_at(std::chrono::steady_clock::time_point(epoch_ + when));
  timer_.async_wait([this, when](const boost::system::error_code& error) {
    if (error) return;
    if (now() - when > Wire::noticeable_stall) record(StallEvent{now(), now() - when});
    script_->on_wake();
  });
}

// What was delayed and is due soon is on its way: it still arrives.
void CaseRun::finished() {
  const auto due = engine_->next_departure();
  if (!due || *due > now() + longest_drain) return context_.stop();
  timer_.expires_at(std::chrono::steady_clock::time_point(epoch_ + *due + settling));
  timer_.async_wait([this](const boost::system::error_code&) { finished(); });
}

std::string CaseRun::connection_between(End local_end, const Endpoint& remote) {
  // Newest first: the name that a 4-tuple took last.
  for (const Connection& connection : std::views::reverse(tracker_.connections())) {
    const Endpoint& far =
        local_end == End::client ? connection.tuple.server : connection.tuple.client;
    if (far == remote) return connection.name;
  }
  return {};
}

Result<void> CaseRun::inject(const FaultStep& step) {
  auto injector = make_injector(step.fault, step.params, job_.seed);
  if (!injector) return std::unexpected(injector.error());
  return wire_->inject(**injector, step.connection);
}

std::optional<TcpState> CaseRun::state(const ConnectionEnd& end) const {
  if (!observer_) return {};
  return observer_->state(end.end, end.connection);
}

}  // namespace

std::string full_sysctl_name(const std::string& name) {
  return name.find('.') == std::string::npos ? "net.ipv4." + name : name;
}

Trace run_case(const Case& the_case, const Job& job, const std::function<void(Nanos)>& on_ready) {
  Trace trace;
  trace.case_id = the_case.id;
  trace.case_file = the_case.file;
  trace.case_text = the_case.text;
  trace.family = to_string(job.family);
  trace.sut = to_string(job.sut);
  utsname name{};
  uname(&name);
  trace.environment.kernel = name.release;
  trace.environment.hz = kernel_hz();
  trace.environment.virtual_time = job.free_computing;
  trace.environment.seed = job.seed;
  trace.environment.timing_scale = job.timing_scale;
  trace.environment.overrides = job.overrides;
  CaseRun run(the_case, job, trace, on_ready);
  if (auto done = run.run(); !done)
    trace.events.emplace_back(TroubleEvent{0ns, run.failed_as(), done.error().what});
  trace.rules.resize(the_case.rules.size());
  return trace;
}

}  // namespace faultline
