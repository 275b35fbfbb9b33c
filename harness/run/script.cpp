#include "harness/run/script.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/drive/protocol.hpp"
#include "harness/judge/call_outcome.hpp"
#include "harness/world/world.hpp"

namespace faultline {
namespace {

constexpr auto listener = "listener";

int ip_version(Family family) {
  return family == Family::ipv4 ? 4 : 6;
}

int64_t number(const nlohmann::json& result, const char* key) {
  const auto found = result.find(key);
  return found != result.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

}  // namespace

Script::Script(const Case& the_case, ScriptSetting setting, ScriptHost& host)
    : case_(the_case), setting_(std::move(setting)), host_(host) {
  for (const End end : both_ends)
    if (case_.setup(end).listen) listening_.push_back({end, case_.setup(end).backlog});
  for (size_t i = 0; i < case_.steps.size(); ++i) {
    const auto* wait = std::get_if<WaitStep>(&case_.steps[i].what);
    if (!wait) continue;
    if (const auto* segment = std::get_if<WaitStep::ForSegment>(&wait->until))
      segment_waits_.emplace_back(static_cast<int>(i), Matcher(segment->segment));
  }
}

void Script::start() {
  listen_next();
}

// The listeners first, one after the other; then the steps.
void Script::listen_next() {
  if (listening_.empty()) return schedule();
  const Listening next = listening_.back();
  listening_.pop_back();
  set_up_ = next.end;
  const nlohmann::json request{
      {"call", "listen"},
      {"socket", listener},
      {"family", to_string(setting_.family)},
      {"address", address_of(next.end)},
      {"port", placed(listening_port)},
      {"backlog", next.backlog},
      {"options", case_.setup(next.end).options}};
  host_.driver(next.end).call(
      request,
      [this, next](const Reply& reply) {
        if (finished_) return;
        deadline_.reset();
        if (reply.ok()) return listen_next();
        const std::string why = reply.error ? *reply.error + " " + reply.message
                                            : reply.unsupported.value_or(reply.lost.value_or(""));
        trouble(reply.unsupported ? TroubleEvent::Kind::unsupported : TroubleEvent::Kind::error,
                fmt::format("the {} cannot listen: {}", to_string(next.end), why));
        finish();
      },
      {});
  deadline_ = host_.now() + answer_within;
  host_.wake_at(*deadline_);
}

void Script::trouble(TroubleEvent::Kind kind, std::string what) {
  host_.record(TroubleEvent{host_.now(), kind, std::move(what)});
}

void Script::schedule() {
  due_ = true;
  host_.wake_at(host_.now() + setting_.pace);
}

void Script::on_wake() {
  if (finished_) return;
  if (due_) {
    due_ = false;
    return advance();
  }
  if (!deadline_ || host_.now() < *deadline_) return;
  deadline_.reset();
  ended_ ? finish() : give_up();
}

void Script::give_up() {
  const int step = std::exchange(current_, -1);
  const auto silent = [this](End end, std::string_view call) {
    trouble(TroubleEvent::Kind::error,
            fmt::format("the {}'s driver did not answer to {} within {}", to_string(end), call,
                        format_duration(answer_within)));
    finish();
  };
  if (step < 0) return silent(set_up_, "listen");
  const auto& what = case_.steps[static_cast<size_t>(step)].what;
  if (const auto* call = std::get_if<CallStep>(&what)) {
    if (!started_.contains(step)) return silent(call->end, to_string(call->call));
    return finish();  // a call that never returned: its absence from the trace says it
  }
  const bool is_pause = std::holds_alternative<Nanos>(std::get<WaitStep>(what).until);
  host_.record(WaitEvent{host_.now(), step, is_pause});
  if (is_pause) host_.step_over(step);
  is_pause ? advance() : finish();
}

void Script::advance() {
  while (!ended_ && current_ < 0 && next_ < case_.steps.size()) {
    current_ = static_cast<int>(next_++);
    std::visit([this](const auto& step) { begin(step); },
               case_.steps[static_cast<size_t>(current_)].what);
    // A step that was over at once has asked for what this loop does anyway; a wake that is still
    // taken for that would be lost to the next step's deadline.
    due_ = false;
  }
  if (finished_ || current_ >= 0) return;
  if (background_.empty()) return stop();
  ended_ = true;
  Nanos until{};
  for (const auto& [step, patience] : background_) until = std::max(until, patience);
  deadline_ = until;
  host_.wake_at(until);
}

void Script::begin(const CallStep& call) {
  const int step = current_;
  host_.record(
      CallEvent{host_.now(), step, call.end, std::string(to_string(call.call)), call.socket});
  if (call.call == Call::kill) return kill(call);
  if (call.call == Call::connect) {
    connections_[{call.end, call.socket}] = call.socket;
    host_.expect_connect(call.end, call.socket);
  }
  const Nanos patience = host_.now() + setting_.patience(call);
  background_[step] = patience;
  deadline_ = host_.now() + answer_within;
  host_.wake_at(*deadline_);
  host_.driver(call.end).call(
      request_for(call), [this, step, call](const Reply& reply) { on_reply(step, call, reply); },
      [this, step, call] { on_started(step, call); });
}

void Script::on_started(int step, const CallStep& call) {
  started_.insert(step);
  if (call.background) return over(step, true);
  if (step != current_) return;
  deadline_ = background_.at(step);
  host_.wake_at(*deadline_);
}

void Script::kill(const CallStep& call) {
  const int step = current_;
  const Nanos began = host_.now();
  killed_.insert(call.end);
  host_.driver(call.end).kill();
  ResultEvent result{.time = host_.now(), .step = step, .began = began, .ended = host_.now()};
  host_.record(result);
  over(step, true);
}

void Script::begin(const WaitStep& wait) {
  if (const auto* pause = std::get_if<Nanos>(&wait.until)) {
    deadline_ = host_.now() + *pause;
    host_.wake_at(*deadline_);
    return;
  }
  deadline_ = host_.now() + wait.within.value_or(default_within);
  host_.wake_at(*deadline_);
  check_wait();
}

void Script::begin(LinkStep link) {
  host_.link(link == LinkStep::plug);
  over(current_, true);
}

void Script::begin(const FaultStep& fault) {
  const int step = current_;
  const auto done = host_.inject(fault);
  if (!done)
    trouble(TroubleEvent::Kind::error,
            fmt::format("{}: {}", describe(case_.steps[static_cast<size_t>(step)]),
                        done.error().what));
  over(step, done.has_value());
}

bool Script::satisfied(int step, const WaitStep& wait) const {
  if (const auto* state = std::get_if<WaitStep::ForState>(&wait.until)) {
    // A connection's end that was never seen in any state is closed.
    const TcpState now = host_.state(state->end).value_or(TcpState::CLOSED);
    return std::ranges::find(state->states, now) != state->states.end();
  }
  if (std::holds_alternative<WaitStep::ForSegment>(wait.until)) return segment_seen_.contains(step);
  if (const auto* call = std::get_if<WaitStep::ForCall>(&wait.until)) {
    const auto found = std::ranges::find(case_.steps, call->step, &Step::name);
    return ended_calls_.contains(static_cast<int>(found - case_.steps.begin()));
  }
  return false;
}

void Script::check_wait() {
  if (current_ < 0 || due_) return;
  const auto* wait = std::get_if<WaitStep>(&case_.steps[static_cast<size_t>(current_)].what);
  if (!wait || !satisfied(current_, *wait)) return;
  host_.record(WaitEvent{host_.now(), current_, true});
  over(current_, true);
}

void Script::on_event(const Event& event) {
  if (finished_) return;
  bool news = std::holds_alternative<StateEvent>(event);
  if (const auto* segment = std::get_if<SegmentEvent>(&event)) {
    for (auto& [step, matcher] : segment_waits_) {
      if (!matcher(segment->segment, segment->facts)) continue;
      segment_seen_[step] = true;
      news = true;
    }
  }
  if (news) check_wait();  // may record, after which `event` may be gone
}

void Script::on_reply(int step, const CallStep& call, const Reply& reply) {
  // One that succeeded has sent its SYN, or leaves it to the first send (TCP_FASTOPEN_CONNECT).
  if (call.call == Call::connect && !reply.ok()) host_.connect_over(call.end, call.socket);
  background_.erase(step);
  if (reply.error && call.call != Call::setsockopt && reply.message.starts_with("setsockopt ")) {
    trouble(TroubleEvent::Kind::error,
            fmt::format("the {}'s socket '{}' cannot have its options: {} {}", to_string(call.end),
                        call.socket, *reply.error, reply.message));
    return over(step, false);
  }
  if (reply.unsupported || reply.lost) {
    if (reply.unsupported) trouble(TroubleEvent::Kind::unsupported, *reply.unsupported);
    // A driver that was killed by the case takes its calls with it.
    return over(step, reply.lost && killed_.contains(call.end));
  }
  record_result(step, call, reply);
  host_.look();
  ended_calls_.insert(step);
  check_wait();
  over(step, true);
}

void Script::record_result(int step, const CallStep& call, const Reply& reply) {
  if (call.call == Call::accept && reply.ok()) {
    const auto address = address_from_string(reply.result.value("peer_address", ""));
    const auto port = static_cast<uint16_t>(number(reply.result, "peer_port"));
    const std::string name =
        address ? host_.connection_between(call.end, Endpoint{*address, port}) : "";
    connections_[{call.end, call.socket}] = name.empty() ? call.socket : name;
  }
  ResultEvent result{.time = host_.now(),
                     .step = step,
                     .began = reply.began - host_.epoch(),
                     .ended = reply.ended - host_.epoch(),
                     .connection = connection_of(call.end, call.socket),
                     .error = reply.error,
                     .value = number(reply.result, "bytes")};
  if (call.call == Call::getsockopt) result.value = number(reply.result, "value");
  result.eof = reply.result.value("eof", false);
  if (reply.result.contains("mismatch"))
    result.mismatch = static_cast<uint64_t>(number(reply.result, "mismatch"));
  if (call.call == Call::recv)
    received_[{call.end, result.connection}] += static_cast<uint64_t>(result.value);
  host_.record(result);
  if (!came_out_as_wanted(call, result)) stop();
}

// The script's own thread of steps goes on only from `schedule`, never inside a callback's caller.
void Script::over(int step, bool as_expected) {
  if (finished_) return;
  if (!as_expected || (ended_ && background_.empty())) return stop();
  if (step != current_) return;
  current_ = -1;
  deadline_.reset();
  host_.step_over(step);
  schedule();
}

void Script::stop() {
  ended_ = true;
  current_ = -1;
  due_ = false;
  next_ = case_.steps.size();
  background_.clear();
  deadline_ = host_.now() + settling;
  host_.wake_at(*deadline_);
}

void Script::finish() {
  if (finished_) return;
  finished_ = true;
  host_.finished();
}

std::string Script::address_of(End end) const {
  if (setting_.places) return to_string(setting_.places->addresses[index(end)]);
  return to_string(World::address(end, ip_version(setting_.family)));
}

uint16_t Script::placed(uint16_t port) const {
  return setting_.places && port != 0 ? setting_.places->port(port) : port;
}

uint16_t Script::port_of(End end) const {
  if (case_.setup(end).listen) return listening_port;
  for (const Step& step : case_.steps) {
    const auto* call = std::get_if<CallStep>(&step.what);
    if (call && call->end == end && call->port) return *call->port;
  }
  return listening_port;
}

nlohmann::json Script::request_for(const CallStep& call) {
  nlohmann::json request{{"call", to_string(call.call)}, {"socket", call.socket}};
  if (call.call == Call::bind || call.call == Call::connect) {
    const End at = call.call == Call::bind ? call.end : other(call.end);
    request["family"] = to_string(setting_.family);
    request["address"] = address_of(at);
    request["port"] = placed(call.call == Call::bind ? call.port.value_or(0) : port_of(at));
    request["options"] = case_.setup(call.end).options;
    if (call.call == Call::connect && call.port) request["local_port"] = placed(*call.port);
    if (call.call == Call::connect && !call.port && setting_.places)
      if (const uint16_t local = setting_.places->local_port()) request["local_port"] = local;
  }
  if (call.call == Call::accept) request["from"] = listener;
  if (call.bytes) request["bytes"] = *call.bytes;
  if (call.call == Call::send || call.call == Call::recv) add_stream(request, call);
  if (!call.how.empty()) request["how"] = call.how;
  if (!call.option.empty()) request["option"] = call.option;
  if (!call.field.empty()) request["field"] = call.field;
  if (call.call == Call::setsockopt) request["value"] = call.value;
  return request;
}

void Script::add_stream(nlohmann::json& request, const CallStep& call) {
  const std::string connection = connection_of(call.end, call.socket);
  const bool sends = call.call == Call::send;
  auto& offset = (sends ? sent_ : received_)[{call.end, connection}];
  request["seed"] = seed_of(sends ? call.end : other(call.end), connection);
  request["offset"] = offset;
  if (sends) offset += call.bytes.value_or(0);
}

std::string Script::connection_of(End end, const std::string& socket) const {
  const auto found = connections_.find({end, socket});
  return found == connections_.end() ? socket : found->second;
}

// Each direction of each connection has a stream of its own, so that bytes of one can never pass
// for bytes of another. 53 bits: what every JSON reader holds exactly.
uint64_t Script::seed_of(End sender, const std::string& connection) const {
  uint64_t seed = protocol::splitmix64(setting_.seed + index(sender));
  for (const char c : connection) seed = protocol::splitmix64(seed ^ static_cast<uint8_t>(c));
  return seed % protocol::max_integer;
}

}  // namespace faultline
