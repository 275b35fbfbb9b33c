// Calls that wait, what may be done meanwhile, and what cuts them short.
#include <fmt/format.h>

#include "harness/check/check_driver.hpp"

namespace faultline::check {
namespace {

bool starts(Bench& bench, const std::string& what, uint64_t id) {
  const bool waits = bench.driver().waits(id);
  if (waits) {
    bench.findings().add(Verdict::ok, what + " waits and is said to have started");
    return true;
  }
  const Reply reply = bench.driver().answer(id);
  if (reply.unsupported) {
    bench.unsupported(what, what, *reply.unsupported);
  } else {
    bench.expect(what + " waits", false, "started", said(reply));
  }
  return false;
}

json recv(uint64_t seed) {
  return {{"call", "recv"}, {"socket", "main"}, {"bytes", 10}, {"seed", seed}};
}

bool listens(Bench& bench) {
  return bench
      .need("a listener", {{"call", "listen"},
                           {"socket", "l"},
                           {"address", bench.here()},
                           {"port", bench.fresh_port()}})
      .has_value();
}

json accept_as(const char* name) {
  return {{"call", "accept"}, {"from", "l"}, {"socket", name}};
}

// An address where no SYN is answered: a listener of the peer's whose queue is full.
uint16_t deaf_port(Bench& bench) {
  const uint16_t port = bench.fresh_port();
  bench.peer_call({{"call", "listen"},
                   {"socket", "deaf"},
                   {"address", bench.there()},
                   {"port", port},
                   {"backlog", 0}});
  bench.peer_call(
      {{"call", "connect"}, {"socket", "filler"}, {"address", bench.there()}, {"port", port}});
  return port;
}

void check_busy_accept(Bench& bench) {
  if (!listens(bench)) return;
  const uint64_t first = bench.driver().send(accept_as("a"));
  if (!starts(bench, "accept", first)) return;
  bench.refused("a second accept on the same listener", accept_as("b"), "EBUSY");
  bench.refused("socket under the name that accept has reserved",
                {{"call", "socket"}, {"socket", "a"}, {"family", bench.family()}}, "EEXIST");
  bench.good("another call while accept waits",
             {{"call", "socket"}, {"socket", "other"}, {"family", bench.family()}});
  bench.good("close of the listener", {{"call", "close"}, {"socket", "l"}});
  bench.refused("accept is cut short by it", "accept", bench.driver().answer(first), "ECANCELED");
  bench.good("and its name is free again",
             {{"call", "socket"}, {"socket", "a"}, {"family", bench.family()}});
}

void check_busy_connect(Bench& bench) {
  const uint16_t port = deaf_port(bench);
  const json connect{
      {"call", "connect"}, {"socket", "c"}, {"address", bench.there()}, {"port", port}};
  const uint64_t first = bench.driver().send(connect);
  if (!starts(bench, "connect", first)) return;
  bench.refused("a second connect on the same socket", connect, "EALREADY");
  bench.good("abort while connect waits", {{"call", "abort"}, {"socket", "c"}});
  bench.refused("connect is cut short by it", "connect", bench.driver().answer(first), "ECANCELED");
}

void check_busy_stream(Bench& bench) {
  if (!bench.pair("a connection")) return;
  const uint64_t read = bench.driver().send(recv(9));
  if (!starts(bench, "recv", read)) return;
  bench.refused("a second recv on the same socket", recv(9), "EBUSY");
  bench.good("send while recv waits",
             {{"call", "send"}, {"socket", "main"}, {"bytes", 10}, {"seed", 2}});
  const uint64_t much =
      bench.driver().send({{"call", "send"}, {"socket", "main"}, {"bytes", 64 << 20}, {"seed", 1}});
  if (starts(bench, "send", much))
    bench.refused("a second send on the same socket",
                  {{"call", "send"}, {"socket", "main"}, {"bytes", 1}, {"seed", 1}}, "EBUSY");
  bench.peer_call({{"call", "send"}, {"socket", "main"}, {"bytes", 10}, {"seed", 9}});
  bench.good("recv ends while send waits", "recv", bench.driver().answer(read));
}

}  // namespace

void check_waiting(Bench& bench) {
  check_busy_accept(bench);
  check_busy_connect(bench);
  check_busy_stream(bench);
}

void check_cut_short(Bench& bench) {
  for (const char* how : {"close", "abort"}) {
    if (!bench.pair("a connection")) return;
    const uint64_t read = bench.driver().send(recv(9));
    (void)bench.driver().waits(read);
    if (bench.good(fmt::format("{} while recv waits", how), {{"call", how}, {"socket", "main"}}))
      bench.refused(fmt::format("recv is cut short by {}", how), "recv",
                    bench.driver().answer(read), "ECANCELED");
    bench.forget("main");
  }
}

}  // namespace faultline::check
