#include "harness/drive/session.hpp"

#include <utility>

#include "harness/drive/lines.hpp"

namespace faultline::drive {

using nlohmann::json;

Result<std::string> Session::open(json request, DriverPort::OnReply on_reply,
                                  DriverPort::OnStarted on_started, Nanos now) {
  const uint64_t id = next_id_++;
  const std::string call = request.value("call", "");
  request["id"] = id;
  std::string line = request.dump(-1, ' ', false, json::error_handler_t::replace);
  if (line.size() > protocol::max_line) return fail("a request is longer than a line may be");
  asked_to_exit_ = asked_to_exit_ || call == "exit";
  open_[id] = {call, std::move(on_reply), std::move(on_started), now};
  return line + "\n";
}

Result<void> Session::take(std::string_view line, Nanos now) {
  Result<Message> message = read_message(line);
  if (!message) return std::unexpected(message.error());
  if (!ready_ && !std::holds_alternative<DriverHello>(*message)) {
    return fail("said something before its hello: '{}'", protocol::excerpt(line));
  }
  return std::visit([&](auto& what) { return act(what, now); }, *message);
}

Result<void> Session::act(const DriverHello& hello, Nanos) {
  if (ready_) return fail("said hello twice");
  ready_ = true;
  monotonic_ = hello.monotonic;
  const auto on_ready = callbacks_.on_ready;  // it may call forget()
  if (on_ready) on_ready(hello);
  return {};
}

Result<void> Session::act(const StartedMessage& started, Nanos) {
  const auto found = open_.find(started.id);
  if (found == open_.end()) return fail("started call {}, which is not open", started.id);
  const auto on_started = std::exchange(found->second.on_started, {});
  if (!on_started) return count_needless();
  on_started();
  return {};
}

Result<void> Session::act(const StateMessage& state, Nanos) {
  const auto on_state = callbacks_.on_state;  // it may call forget()
  if (!on_state) return count_needless();
  on_state(state.what);
  return {};
}

Result<void> Session::act(const ComplaintMessage& complaint, Nanos) {
  return fail("did not understand a request: '{}'", protocol::excerpt(complaint.message));
}

Result<void> Session::act(const OtherMessage&, Nanos) {
  return count_needless();
}

Result<void> Session::act(ReplyMessage& message, Nanos now) {
  const auto found = open_.find(message.id);
  if (found == open_.end()) return fail("answered call {}, which is not open", message.id);
  Reply& reply = message.reply;
  const Open& open = found->second;
  if (reply.ok()) {
    if (auto checked = check_result(open.call, reply.result); !checked) return checked;
  }
  if (!monotonic_ || !message.stamped) {
    reply.began = open.sent;
    reply.ended = now;
  } else if (reply.began < open.sent - stamp_slack || reply.ended > now + stamp_slack) {
    return fail("answered {} with times outside of the call", open.call);
  }
  const Open answered = std::move(found->second);
  open_.erase(found);
  if (answered.on_reply) answered.on_reply(reply);
  return {};
}

Result<void> Session::count_needless() {
  if (++needless_ > most_needless_events) return fail("floods with events that nobody needs");
  return {};
}

void Session::end(const DriverEnd& end, Nanos now) {
  const auto on_end = callbacks_.on_end;  // a callback may call forget()
  while (!open_.empty()) {
    const auto node = open_.extract(open_.begin());
    const Open& open = node.mapped();
    if (open.on_reply) open.on_reply({.lost = end.reason, .began = open.sent, .ended = now});
  }
  if (callbacks_.on_end) on_end(end);
}

void Session::forget() {
  callbacks_ = {};
  open_.clear();
}

}  // namespace faultline::drive
