#include "harness/drive/messages.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "harness/drive/lines.hpp"

namespace faultline::drive {
namespace {

using nlohmann::json;
using protocol::excerpt;

enum class Kind : uint8_t { count, number, flag, text };

// Every member of a result. A count is 0 to 2^53, a number any that fits into 64 signed bits.
struct Member {
  std::string_view name;
  Kind kind;
};
constexpr std::array members{
    Member{"bytes", Kind::count},        Member{"eof", Kind::flag},
    Member{"mismatch", Kind::count},     Member{"value", Kind::number},
    Member{"local_address", Kind::text}, Member{"local_port", Kind::count},
    Member{"peer_address", Kind::text},  Member{"peer_port", Kind::count},
    Member{"state", Kind::text},
};

// What a success must bring.
struct Promise {
  std::string_view call;
  std::array<std::string_view, 2> members;
};
constexpr std::array promises{
    Promise{"bind", {"local_address", "local_port"}},
    Promise{"listen", {"local_address", "local_port"}},
    Promise{"connect", {"local_address", "local_port"}},
    Promise{"accept", {"peer_address", "peer_port"}},
    Promise{"send", {"bytes"}},
    Promise{"recv", {"bytes", "eof"}},
    Promise{"getsockopt", {"value"}},
    Promise{"state", {"state"}},
};

bool is_count(const json& value) {
  return value.is_number_unsigned() && value.get<uint64_t>() <= protocol::max_integer;
}

bool is_a(const json& value, Kind kind) {
  switch (kind) {
    case Kind::count:
      return is_count(value);
    case Kind::number:
      return value.is_number_integer() &&
             (!value.is_number_unsigned() || value.get<uint64_t>() <= INT64_MAX);
    case Kind::flag:
      return value.is_boolean();
    case Kind::text:
      return value.is_string();
  }
  return false;
}

// The members that are known, each of its kind; others are dropped.
Result<json> read_result(const json& result) {
  if (!result.is_object()) return fail("sent a result that is no object");
  json known = json::object();
  for (const auto& [name, kind] : members) {
    const auto found = result.find(name);
    if (found == result.end()) continue;
    if (!is_a(*found, kind)) return fail("sent a result whose {} is of the wrong type", name);
    known[name] = *found;
  }
  return known;
}

// A member that may be absent and is a string otherwise.
Result<std::optional<std::string>> read_text(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::optional<std::string>{};
  if (!found->is_string()) return fail("sent a reply whose {} is no string", key);
  return std::optional(found->get<std::string>());
}

// Both stamps, or none.
Result<bool> read_stamps(const json& object, Reply& reply) {
  const auto began = object.find("began"), ended = object.find("ended");
  if (began == object.end() && ended == object.end()) return false;
  for (const auto& stamp : {began, ended}) {
    if (stamp == object.end() || !is_a(*stamp, Kind::number) || stamp->get<int64_t>() < 0) {
      return fail("sent a reply with bad times");
    }
  }
  reply.began = Nanos(began->get<int64_t>());
  reply.ended = Nanos(ended->get<int64_t>());
  if (reply.ended < reply.began) return fail("sent a reply that ended before it began");
  return true;
}

Result<Message> read_reply(const json& object) {
  ReplyMessage message{.id = object["id"].get<uint64_t>()};
  Reply& reply = message.reply;
  auto error = read_text(object, "error"), unsupported = read_text(object, "unsupported"),
       text = read_text(object, "message");
  for (const auto* read : {&error, &unsupported, &text}) {
    if (!*read) return std::unexpected(read->error());
  }
  reply.error = std::move(*error);
  reply.unsupported = std::move(*unsupported);
  reply.message = text->value_or("");
  const auto result = object.find("result");
  if (reply.error && reply.unsupported) return fail("sent a reply with two outcomes");
  if (reply.ok() && result == object.end()) return fail("sent a reply without an outcome");
  if (result != object.end()) {
    auto known = read_result(*result);
    if (!known) return std::unexpected(known.error());
    reply.result = std::move(*known);
  }
  const auto stamped = read_stamps(object, reply);
  if (!stamped) return std::unexpected(stamped.error());
  message.stamped = *stamped;
  return message;
}

Result<DriverHello::States> states_from(const json& object) {
  using enum DriverHello::States;
  const auto states = object.find("states");
  if (states == object.end() || *states == "none") return none;
  if (*states == "events") return events;
  if (*states == "query") return query;
  return fail("said hello with bad states");
}

Result<int> hz_from(const json& object) {
  const auto hz = object.find("hz");
  if (hz == object.end()) return 0;
  if (!is_count(*hz) || *hz < 1 || *hz > 10'000) return fail("said hello with a bad hz");
  return hz->get<int>();
}

Result<std::map<std::string, std::string>> sysctls_from(const json& object) {
  std::map<std::string, std::string> values;
  const auto sysctl = object.find("sysctl");
  if (sysctl == object.end()) return values;
  if (!sysctl->is_object()) return fail("said hello with a bad sysctl");
  for (const auto& [name, value] : sysctl->items()) {
    if (!value.is_string()) return fail("said hello with a bad sysctl {}", excerpt(name));
    values[name] = value.get<std::string>();
  }
  return values;
}

Result<Message> read_hello(const json& object) {
  const auto protocol = object.find("protocol"), stack = object.find("stack"),
             version = object.find("version"), clock = object.find("clock"),
             pid = object.find("pid"), none = object.end();
  if (protocol == none || !protocol->is_number_integer())
    return fail("said hello without protocol");
  if (*protocol != protocol::version) {
    return fail("speaks version {} of the driver protocol, not {}", protocol->dump(),
                protocol::version);
  }
  if (stack == none || !stack->is_string()) return fail("said hello without stack");
  if (version == none || !version->is_string()) return fail("said hello without version");
  if (clock == none || (*clock != "CLOCK_MONOTONIC" && *clock != "own")) {
    return fail("said hello without clock");
  }
  if (pid != none && !is_count(*pid)) return fail("said hello with a bad pid");
  const auto states = states_from(object);
  if (!states) return std::unexpected(states.error());
  const auto hz = hz_from(object);
  if (!hz) return std::unexpected(hz.error());
  auto sysctl = sysctls_from(object);
  if (!sysctl) return std::unexpected(sysctl.error());
  return DriverHello{.stack = *stack,
                     .version = *version,
                     .monotonic = *clock == "CLOCK_MONOTONIC",
                     .pid = pid == none ? 0 : static_cast<int>(pid->get<uint64_t>()),
                     .states = *states,
                     .hz = *hz,
                     .sysctl = std::move(*sysctl)};
}

Result<Endpoint> endpoint_from(const json& object, const char* address, const char* port) {
  const auto address_at = object.find(address), port_at = object.find(port);
  const bool there = address_at != object.end() && address_at->is_string() &&
                     port_at != object.end() && is_count(*port_at) && *port_at <= UINT16_MAX;
  const auto read = there ? address_from_string(*address_at) : std::nullopt;
  if (!read) return fail("told a state without {} and {}", address, port);
  return Endpoint{.address = *read, .port = port_at->get<uint16_t>()};
}

Result<Message> read_state(const json& object) {
  const auto local = endpoint_from(object, "local_address", "local_port");
  if (!local) return std::unexpected(local.error());
  const auto remote = endpoint_from(object, "peer_address", "peer_port");
  if (!remote) return std::unexpected(remote.error());
  const auto state = object.find("state");
  const bool is_text = state != object.end() && state->is_string();
  const auto known = is_text ? state_from_string(state->get<std::string>()) : std::nullopt;
  if (!known) return fail("told a state that is none");
  return StateMessage{{.local = *local, .remote = *remote, .state = *known}};
}

Result<Message> read_event(const json& object, const json& event) {
  if (event == "hello") return read_hello(object);
  if (event == "started") {
    const auto id = object.find("id");
    if (id == object.end() || !is_count(*id)) return fail("said 'started' without an id");
    return StartedMessage{id->get<uint64_t>()};
  }
  if (event == "state") return read_state(object);
  if (event == "error") {
    const auto message = object.find("message");
    const bool there = message != object.end() && message->is_string();
    return ComplaintMessage{there ? message->get<std::string>() : ""};
  }
  return OtherMessage{};
}

}  // namespace

Result<Message> read_message(std::string_view line) {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return fail("said what is no JSON object: '{}'", excerpt(line));
  const auto event = object.find("event");
  if (event == object.end()) {
    const auto id = object.find("id");
    if (id == object.end() || !is_count(*id)) {
      return fail("said what is neither a reply nor an event: '{}'", excerpt(line));
    }
  }
  Result<Message> message = event == object.end() ? read_reply(object) : read_event(object, *event);
  if (!message) return fail("{}: '{}'", message.error().what, excerpt(line));
  return message;
}

Result<void> check_result(std::string_view call, const json& result) {
  for (const Promise& promise : promises) {
    if (promise.call != call) continue;
    for (const std::string_view name : promise.members) {
      if (!name.empty() && !result.contains(name))
        return fail("answered {} without {}", call, name);
    }
  }
  return {};
}

}  // namespace faultline::drive
