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
#include "harness/run/device_environment.hpp"
#include "harness/run/hold_back.hpp"
#include "harness/run/patience.hpp"
#include "harness/run/remote_ports.hpp"
#include "harness/run/rules.hpp"
#include "harness/run/script.hpp"
#include "harness/run/start_time.hpp"
#include "harness/run/state_watch.hpp"
#include "harness/run/sysctls.hpp"
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
constexpr size_t most_events = 500'000, room_for_trouble = 100;
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
  Result<void> open_eyes();
  Result<void> start_drivers();
  // The stack under test, where it is another than the reference's and stands at this end.
  const ForeignStack* foreign(End end) const;
  DriverCommand driver_command(End end) const;
  void on_driver_state(End end, const DriverState& told);
  void infer_states(const Event& event);
  void on_driver_ready(End end, const DriverHello& hello);
  std::optional<ScriptPlaces> script_places();
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
  Nanos now() const override { return clock_.now(); }
  Nanos epoch() const override { return clock_.epoch; }
  void wake_at(Nanos when) override;
  DriverPort& driver(End end) override {
    return held_back_[index(end)] ? *held_back_[index(end)] : *drivers_[index(end)];
  }
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

  const Case& case_;
  const Job& job_;
  Trace& trace_;
  std::function<void(Nanos)> on_ready_;
  RunClock clock_;
  // Told of one thread, it keeps what a handler has begun from a loop within that handler
  // (StateWatch): whatever completed at once would wait for the handler's end.
  boost::asio::io_context context_{remote_of(job_) ? 2 : 1};
  Tracker tracker_;
  std::optional<World> world_;
  std::optional<RemotePorts> ports_;  // these two instead, where an end is across a network
  std::optional<RemoteWorld> remote_world_;
  std::unique_ptr<StateWatch> states_;  // where the case looks at them
  bool states_are_asked_for_ = false;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Wire> wire_;
  std::array<std::unique_ptr<DriverPort>, 2> drivers_;
  HoldBack hold_back_{context_};
  std::array<std::unique_ptr<DriverPort>, 2> held_back_;  // as the script has them across a network
  ListeningService* service_ = nullptr;  // of these, where there is no driver
  InferredStates inferred_;              // its
  std::unique_ptr<Script> script_;
  boost::asio::steady_timer timer_;  // the script's
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
  if (const auto missing = missing_sysctl(*world_, case_)) {
    failed_as_ = TroubleEvent::Kind::unsupported;
    return fail("this kernel has no sysctl {}", *missing);
  }
  if (auto done = set_sysctls(*world_, case_, job_, trace_.environment); !done) return done;
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
  ports_.emplace(case_, remote.first_port, remote.last_port, std::random_device{}(),
                 remote.service_port);
  auto queue = PacketQueue::open_free(first_remote_queue, queue_length);
  if (!queue) return std::unexpected(queue.error());
  auto world = RemoteWorld::build(
      {remote.here, remote.there, ports_->first(), ports_->last(), remote.service_port},
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

Result<void> CaseRun::open_eyes() {
  if (!looks_) return {};
  StateWatch::Eyes eyes;
  for (const End end : both_ends) {
    if (const auto* stack = foreign(end); stack && stack->tells_states) continue;
    auto eye = world_ ? SockDiag::open(world_->netns(end)) : SockDiag::open_here();
    if (!eye) return std::unexpected(eye.error());
    eyes[index(end)] = std::move(*eye);
  }
  states_ = std::make_unique<StateWatch>(
      context_, clock_, tracker_, std::move(eyes),
      LookTimes(Nanos(1s) / trace_.environment.hz, job_.free_computing),
      [this](Event event) { record(std::move(event)); });
  return {};
}

const ForeignStack* CaseRun::foreign(End end) const {
  return job_.stack && to_string(job_.sut) == to_string(end) ? &*job_.stack : nullptr;
}

void CaseRun::on_driver_state(End end, const DriverState& told) {
  if (foreign(end) && states_) states_->told(told);
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
    if (stack->tells_states && !service_ && hello.states == DriverHello::States::none) {
      record(TroubleEvent{now(), TroubleEvent::Kind::error,
                          fmt::format("the {}'s driver: its hello says that it tells no states; its "
                                      "stack.toml says that it does",
                                      to_string(end))});
      return context_.stop();
    }
    states_are_asked_for_ = looks_ && hello.states == DriverHello::States::query;
    if (stack->remote) {
      facts.sysctl = hello.sysctl;
      // The coarser of the two clocks: what an end does is held against one.
      if (hello.hz != 0) trace_.environment.hz = std::min(trace_.environment.hz, hello.hz);
    }
  }
  if (++ready_ < 2) return;
  if (remote_world_) {
    if (const auto as_wanted = compare_sysctls(case_, trace_.environment); !as_wanted) {
      record(TroubleEvent{now(), TroubleEvent::Kind::unsupported, as_wanted.error().what});
      return context_.stop();
    }
  }
  if (!job_.virtual_time) return begin();
  const Nanos start = next_start(monotonic_now(), trace_.environment.hz);
  timer_.expires_at(std::chrono::steady_clock::time_point(start));
  timer_.async_wait([this](const boost::system::error_code&) { begin(); });
}

std::optional<ScriptPlaces> CaseRun::script_places() {
  const auto* remote = remote_of(job_);
  if (!remote) return {};
  ScriptPlaces places{.addresses = {remote->here, remote->here},
                      .port = [this](uint16_t port) { return ports_->place(port); },
                      .local_port = [this] { return ports_->take_local(); }};
  places.addresses[index(tested_end(job_))] = remote->there;
  return places;
}

void CaseRun::begin() {
  clock_ = {};
  if (on_ready_) on_ready_(clock_.epoch);
  wire_->start(clock_.epoch, job_.free_computing ? virtual_thought : 0ns);
  if (states_are_asked_for_)
    states_->ask(tested_end(job_), *drivers_[index(tested_end(job_))], remote_world_.has_value());
  if (remote_world_)
    for (const End end : both_ends)
      held_back_[index(end)] =
          std::make_unique<HeldBackDriver>(*drivers_[index(end)], hold_back_);
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
  if (remote_world_) hold_back_.hold();
  states_->before(facts);
}

void CaseRun::after(const SegmentFacts& facts) {
  states_->after(facts);
  hold_back_.release();
}

void CaseRun::look() {
  if (states_) states_->look();
}

void CaseRun::infer_states(const Event& event) {
  const auto change = infer(inferred_, tested_end(job_), event);
  if (!change) return;
  if (states_) states_->inferred(*change);
  if (change->state == TcpState::ESTABLISHED) service_->established(change->remote);
}

void CaseRun::record(Event event) {
  if (service_) infer_states(event);
  // Errors weigh more than that there is no more room: there is some for them.
  const bool is_trouble = std::holds_alternative<TroubleEvent>(event);
  const size_t room = is_trouble ? most_events + room_for_trouble : most_events;
  if (trace_.events.size() >= room) {
    if (full_) return;
    full_ = true;
    event = TroubleEvent{now(), TroubleEvent::Kind::inconclusive,
                         fmt::format("the trace is full: more than {} events", most_events)};
  }
  if (auto* state = std::get_if<StateEvent>(&event)) states_->correct(*state);
  trace_.events.push_back(std::move(event));
  if (script_) script_->on_event(trace_.events.back());
}

void CaseRun::wake_at(Nanos when) {
  timer_.expires_at(clock_.at(when));
  timer_.async_wait([this, when](const boost::system::error_code& error) {
    if (error) return;
    if (now() - when > Wire::noticeable_stall) record(StallEvent{now(), now() - when});
    hold_back_.run([this] { script_->on_wake(); });
  });
}

// What was delayed and is due soon is on its way: it still arrives.
void CaseRun::finished() {
  const auto due = engine_->next_departure();
  if (!due || *due > now() + longest_drain) return context_.stop();
  timer_.expires_at(clock_.at(*due + settling));
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
  return states_ ? states_->state(end) : std::nullopt;
}

}  // namespace

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
