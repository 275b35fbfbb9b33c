// Hello, exit, and the end of the input.
#include <fmt/format.h>

#include "harness/check/check_driver.hpp"

namespace faultline::check {
namespace {

constexpr Nanos at_once = 2s;  // with room for a machine that is busy

void expect_end(Bench& bench, const std::string& what) {
  const auto how = bench.driver().ended(at_once);
  if (how) {
    bench.findings().add(Verdict::ok, what);
  } else {
    bench.findings().add(Verdict::missing, what, "its end at once",
                         "none within " + format_duration(at_once));
  }
}

// What stack.toml says of it, which runs go by.
void check_hello(Bench& bench, const DriverHello& hello) {
  bench.expect("hello: stack and version", !hello.stack.empty() && !hello.version.empty(), "names",
               fmt::format("'{}', '{}'", hello.stack, hello.version));
  const auto clock = [](bool monotonic) { return monotonic ? "CLOCK_MONOTONIC" : "own"; };
  if (const auto monotonic = bench.subject().monotonic)
    bench.expect("hello: clock", hello.monotonic == *monotonic,
                 fmt::format("\"{}\", as stack.toml says", clock(*monotonic)),
                 fmt::format("\"{}\"", clock(hello.monotonic)));
  if (!bench.subject().tells_states) return;
  if (hello.states != DriverHello::States::none)
    bench.findings().add(Verdict::ok, "hello: states");
  else
    bench.findings().add(Verdict::missing, "hello: states",
                         "\"events\" or \"query\", as stack.toml says that the driver tells them",
                         "none");
}

}  // namespace

void check_life(Bench& bench) {
  const DriverHello& hello = bench.driver().hello();
  bench.findings().add(Verdict::ok, "hello comes in time");
  check_hello(bench, hello);
  const Reply unknown = bench.driver().call({{"call", "fly"}});
  bench.expect("a call that it has never heard of", unknown.unsupported.has_value(), "unsupported",
               said(unknown));
  bench.good("exit is answered", {{"call", "exit"}});
  const auto how = bench.driver().ended(at_once);
  bench.expect("exit ends it", how == "ended with status 0", "status 0",
               how.value_or("none within " + format_duration(at_once)));
}

void check_end_of_input(Bench& bench) {
  const bool listens = bench
                           .need("a listener", {{"call", "listen"},
                                                {"socket", "l"},
                                                {"address", bench.here()},
                                                {"port", bench.fresh_port()}})
                           .has_value();
  if (listens) {
    const uint64_t id = bench.driver().send({{"call", "accept"}, {"from", "l"}, {"socket", "a"}});
    (void)bench.driver().waits(id);
  }
  bench.driver().end_input();
  expect_end(bench, "the end of its input ends it while an accept waits");
}

void check_end_while_closing(Bench& bench) {
  if (!bench.pair("a connection")) return;
  const Reply linger = bench.driver().call(
      {{"call", "setsockopt"}, {"socket", "main"}, {"option", "SO_LINGER"}, {"value", 30}});
  if (!linger.ok()) {
    bench.good("a close that lingers: SO_LINGER", "SO_LINGER", linger);
    return;
  }
  const uint64_t sent =
      bench.driver().send({{"call", "send"}, {"socket", "main"}, {"bytes", 64 << 20}, {"seed", 1}});
  bench.expect("a send of more than there is room for waits", bench.driver().waits(sent), "started",
               "a reply");
  const uint64_t closed = bench.driver().send({{"call", "close"}, {"socket", "main"}});
  const bool waits = bench.driver().waits(closed);
  bench.refused("a close cuts the send short", "send", bench.driver().answer(sent), "ECANCELED");
  if (!waits) {
    bench.good("close where SO_LINGER is 30", "close", bench.driver().answer(closed));
  } else {
    bench.findings().add(Verdict::ok, "close waits where SO_LINGER is 30");
    const Reply name = bench.driver().call(
        {{"call", "getsockopt"}, {"socket", "main"}, {"option", "SO_KEEPALIVE"}});
    bench.refused("the name is free at once", "getsockopt", name, "EBADF");
  }
  bench.driver().end_input();
  expect_end(bench, "the end of its input ends it while a close waits");
}

void check_half_a_line(Bench& bench) {
  bench.driver().expect(1, "socket");
  bench.driver().write(R"({"id":1,"call":"socket","socket":"half","family":")" + bench.family() +
                       "\"}");
  bench.driver().end_input();
  expect_end(bench, "it ends");
  bench.expect("a line without its newline is not carried out", !bench.driver().answered(1),
               "no reply", "one");
}

}  // namespace faultline::check
