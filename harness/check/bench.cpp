#include "harness/check/bench.hpp"

#include <fmt/format.h>

namespace faultline::check {
namespace {

std::unique_ptr<Talk> started(const DriverCommand& command, Nanos patience) {
  auto talk = Talk::start(command, patience);
  if (!talk) throw Gone{talk.error().what};
  return std::move(*talk);
}

}  // namespace

std::string said(const Reply& reply) {
  if (reply.unsupported) return "unsupported: " + *reply.unsupported;
  if (!reply.error) return reply.result.dump();
  return *reply.error + (reply.message.empty() ? "" : " (" + reply.message + ")");
}

Bench::Bench(Stage stage, const Subject& subject, std::string family, Findings& findings,
             Nanos patience)
    : stage_(std::move(stage)),
      subject_(subject),
      family_(std::move(family)),
      findings_(findings),
      driver_(started(stage_.driver(), patience)),
      peer_(started(stage_.peer(), patience)) {
  (void)driver_->hello();
  (void)peer_->hello();
}

std::optional<json> Bench::good(const std::string& what, json request) {
  const std::string call = request["call"];
  return good(what, call, driver_->call(std::move(request)));
}

std::optional<json> Bench::good(const std::string& what, const std::string& name,
                                const Reply& reply) {
  if (reply.unsupported) {
    unsupported(what, name, *reply.unsupported);
    return {};
  }
  if (!expect(what, reply.ok(), "success", said(reply))) return {};
  return reply.result;
}

void Bench::refused(const std::string& what, json request, const std::string& error) {
  const std::string call = request.contains("call") && request["call"].is_string()
                               ? request["call"].get<std::string>()
                               : "";
  refused(what, call, driver_->call(std::move(request)), error);
}

void Bench::refused(const std::string& what, const std::string& name, const Reply& reply,
                    const std::string& error) {
  if (reply.unsupported) return unsupported(what, name, *reply.unsupported);
  expect(what, reply.error == error, error, said(reply));
}

bool Bench::expect(const std::string& what, bool holds, const std::string& wanted,
                   const std::string& got) {
  if (holds) {
    findings_.add(Verdict::ok, what);
  } else {
    findings_.add(Verdict::broken, what, wanted, got);
  }
  return holds;
}

void Bench::unsupported(const std::string& what, const std::string& name, const std::string& why) {
  if (subject_.supports && subject_.supports->contains(name)) {
    findings_.add(Verdict::broken, what, "what stack.toml says is supported",
                  "unsupported: " + why);
  } else {
    findings_.add(Verdict::unsupported, what, "", why.empty() ? "(no reason told)" : why);
  }
}

std::optional<json> Bench::need(const std::string& what, json request) {
  const std::string call = request["call"];
  const Reply reply = driver_->call(std::move(request));
  if (reply.ok()) return reply.result;
  (void)good(fmt::format("{}: {}", what, call), call, reply);
  return {};
}

std::optional<Pair> Bench::pair(const std::string& what, const json& options) {
  const uint16_t port = fresh_port();
  peer_call({{"call", "listen"}, {"socket", "l"}, {"address", there()}, {"port", port}});
  const uint64_t accepted = peer_->send({{"call", "accept"}, {"from", "l"}, {"socket", "main"}});
  const Reply reply = driver_->call({{"call", "connect"},
                                     {"socket", "main"},
                                     {"address", there()},
                                     {"port", port},
                                     {"options", options}});
  std::optional<Pair> pair;
  if (reply.ok()) {
    (void)peer_->answer(accepted);
    pair = Pair{reply.result["local_port"], port};
  }
  peer_call({{"call", "close"}, {"socket", "l"}});
  if (reply.unsupported) return pair_by_accept(what);
  if (!pair) (void)good(what + ": connect", "connect", reply);
  return pair;
}

std::optional<Pair> Bench::pair_by_accept(const std::string& what) {
  const uint16_t port = fresh_port();
  if (!need(what, {{"call", "listen"}, {"socket", "l"}, {"address", here()}, {"port", port}}))
    return {};
  const uint64_t accepted = driver_->send({{"call", "accept"}, {"from", "l"}, {"socket", "main"}});
  (void)driver_->waits(accepted);
  const json connected =
      peer_call({{"call", "connect"}, {"socket", "main"}, {"address", here()}, {"port", port}});
  const Reply reply = driver_->answer(accepted);
  (void)driver_->call({{"call", "close"}, {"socket", "l"}});
  if (reply.ok()) return Pair{port, connected["local_port"]};
  (void)good(what + ": accept", "accept", reply);
  return {};
}

json Bench::peer_call(json request) {
  const Reply reply = peer_->call(request);
  if (!reply.ok()) throw Gone{fmt::format("its peer's {}: {}", request.dump(), said(reply))};
  return reply.result;
}

void Bench::forget(const std::string& socket) {
  (void)driver_->call({{"call", "abort"}, {"socket", socket}});
  (void)driver_->call({{"call", "close"}, {"socket", socket}});
  (void)peer_->call({{"call", "abort"}, {"socket", socket}});
}

}  // namespace faultline::check
