// Who tells the states of connections, and whether he does.
#include <fmt/format.h>

#include <algorithm>

#include "harness/check/check_driver.hpp"

namespace faultline::check {
namespace {

json ask(const Bench& bench, uint16_t here_port, uint16_t there_port) {
  return {{"call", "state"},
          {"local_address", bench.here()},
          {"local_port", here_port},
          {"peer_address", bench.there()},
          {"peer_port", there_port}};
}

void check_query(Bench& bench, const Pair& pair) {
  const auto state = bench.good("state", ask(bench, pair.here_port, pair.there_port));
  if (state)
    bench.expect("state of a connection", (*state)["state"] == "ESTABLISHED", "ESTABLISHED",
                 state->dump());
  const auto none = bench.good("state of no connection", ask(bench, 9, 9));
  if (none) bench.expect("it is CLOSED", (*none)["state"] == "CLOSED", "CLOSED", none->dump());
}

// What has been told of this connection, in order.
std::string told(Bench& bench, const Pair& pair) {
  bench.driver().barrier();
  std::string all;
  for (const DriverState& state : bench.driver().states())
    if (state.local == Endpoint{*address_from_string(bench.here()), pair.here_port} &&
        state.remote == Endpoint{*address_from_string(bench.there()), pair.there_port})
      all += (all.empty() ? "" : " ") + std::string(to_string(state.state));
  return all;
}

void check_events(Bench& bench, const Pair& pair) {
  const std::string opening = told(bench, pair);
  bench.expect("events of a connection that opens",
               opening == "SYN_SENT ESTABLISHED" || opening == "SYN_RECV ESTABLISHED",
               "SYN_SENT or SYN_RECV, ESTABLISHED", "'" + opening + "'");
  if (!bench.need("its end", {{"call", "abort"}, {"socket", "main"}})) return;
  const std::string whole = told(bench, pair);
  bench.expect("an event of its end", whole == opening + " CLOSED", opening + " CLOSED",
               "'" + whole + "'");
}

}  // namespace

void check_states(Bench& bench) {
  using enum DriverHello::States;
  const auto how = bench.driver().hello().states;
  const auto pair = bench.pair("a connection");
  if (!pair) return;
  if (how == query) return check_query(bench, *pair);
  if (how == events) return check_events(bench, *pair);
  const Reply reply = bench.driver().call(ask(bench, pair->here_port, pair->there_port));
  if (reply.unsupported) return bench.unsupported("state", "state", *reply.unsupported);
  bench.expect("state of a driver that tells none", reply.ok(), "unsupported", said(reply));
}

}  // namespace faultline::check
