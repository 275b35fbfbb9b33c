// Opening and closing connections, and which family they are of.
#include <fmt/format.h>

#include "harness/check/check_driver.hpp"

namespace faultline::check {
namespace {

bool is_at(const json& result, const char* side, const std::string& address, uint16_t port) {
  return result[std::string(side) + "_address"] == address &&
         result[std::string(side) + "_port"] == port;
}

std::string place(const std::string& address, uint16_t port) {
  return fmt::format("{} and {}", address, port);
}

void expect_at(Bench& bench, const std::string& what, const std::optional<json>& result,
               const char* side, uint16_t port) {
  const std::string& address = side == std::string("peer") ? bench.there() : bench.here();
  if (result)
    bench.expect(what, is_at(*result, side, address, port), place(address, port), result->dump());
}

void check_binding(Bench& bench) {
  const json address{{"call", "bind"}, {"socket", "b"}, {"address", bench.here()}};
  if (const auto chosen = bench.good("bind to a port of the stack's choice", address))
    bench.expect("bind tells that port",
                 (*chosen)["local_address"] == bench.here() && (*chosen)["local_port"] != 0,
                 bench.here() + " and a port", chosen->dump());
  if (bench.good("listen on a socket that is bound", {{"call", "listen"}, {"socket", "b"}}))
    bench.good("close of a listener", {{"call", "close"}, {"socket", "b"}});
  bench.forget("b");
  if (bench.good("socket", {{"call", "socket"}, {"socket", "s"}, {"family", bench.family()}}))
    bench.good("bind of a socket that exists, to any address",
               {{"call", "bind"}, {"socket", "s"}, {"port", bench.fresh_port()}});
  bench.forget("s");
}

void check_accepting(Bench& bench) {
  const uint16_t port = bench.fresh_port();
  const auto listening = bench.good("listen makes the socket", {{"call", "listen"},
                                                                {"socket", "l"},
                                                                {"address", bench.here()},
                                                                {"port", port},
                                                                {"backlog", 5}});
  expect_at(bench, "listen tells where", listening, "local", port);
  if (!listening) return;
  for (const char* name : {"first", "second"}) {
    const json connected = bench.peer_call(
        {{"call", "connect"}, {"socket", name}, {"address", bench.here()}, {"port", port}});
    const auto accepted =
        bench.good("accept", {{"call", "accept"}, {"from", "l"}, {"socket", name}});
    expect_at(bench, "accept tells whose connection it is", accepted, "peer",
              connected["local_port"]);
  }
  bench.refused("accept under a name that is taken",
                {{"call", "accept"}, {"from", "l"}, {"socket", "first"}}, "EEXIST");
  for (const char* name : {"l", "first", "second"}) bench.forget(name);
}

void check_connecting(Bench& bench) {
  const uint16_t port = bench.fresh_port();
  bench.peer_call(
      {{"call", "listen"}, {"socket", "l"}, {"address", bench.there()}, {"port", port}});
  const auto connect = [&](const json& more) {
    json request{{"call", "connect"}, {"socket", "c"}, {"address", bench.there()}, {"port", port}};
    request.update(more);
    return request;
  };
  const auto accept = [&] {
    return bench.peer_call({{"call", "accept"}, {"from", "l"}, {"socket", "c"}});
  };
  if (const auto connected = bench.good("connect makes the socket", connect(json::object())))
    expect_at(bench, "connect tells its own end", connected, "local", accept()["peer_port"]);
  bench.forget("c");
  const uint16_t own = bench.fresh_port();
  if (bench.good("connect from an address and port of its own",
                 connect({{"local_address", bench.here()}, {"local_port", own}}))) {
    const json seen = accept();
    bench.expect("its peer sees these", is_at(seen, "peer", bench.here(), own),
                 place(bench.here(), own), seen.dump());
  }
  bench.forget("c");
  bench.peer_call({{"call", "close"}, {"socket", "l"}});
  bench.refused("connect to a port where nobody listens", connect(json::object()), "ECONNREFUSED");
  bench.good("after a failed connect the socket is there", {{"call", "close"}, {"socket", "c"}});
}

}  // namespace

void check_opening(Bench& bench) {
  check_binding(bench);
  check_accepting(bench);
  check_connecting(bench);
}

void check_families(Bench& bench) {
  const std::string& wrong = bench.stage().here.of(bench.other_family());
  const uint16_t port = bench.fresh_port();
  const json bind{{"call", "bind"}, {"socket", "s"}, {"port", port}};
  const auto with = [&](json more) {
    json request = bind;
    request.update(more);
    return request;
  };
  bench.refused("neither family nor address", bind, "EINVAL");
  bench.refused("a family that is none", with({{"family", "ipx"}}), "EINVAL");
  bench.refused("an address of the other family",
                with({{"family", bench.family()}, {"address", wrong}}), "EINVAL");
  bench.refused("an address that is a name", with({{"address", "localhost"}}), "EINVAL");
  bench.refused("an address with a zone", with({{"address", bench.here() + "%lo"}}), "EINVAL");
  bench.refused("a call that failed leaves no socket", {{"call", "close"}, {"socket", "s"}},
                "EBADF");
  if (!bench.good("socket by its family",
                  {{"call", "socket"}, {"socket", "s"}, {"family", bench.family()}}))
    return;
  bench.refused("an address of the other family for a socket that exists",
                with({{"address", wrong}}), "EINVAL");
  bench.good("family changes nothing of a socket that exists",
             with({{"family", bench.other_family()}, {"address", bench.here()}}));
  bench.forget("s");
  const uint16_t both = bench.fresh_port();
  for (const std::string& family : {bench.family(), bench.other_family()}) {
    const json listen{{"call", "listen"}, {"socket", family}, {"family", family}, {"port", both}};
    if (family == bench.family()) {
      bench.good("listen on any address", listen);
    } else if (bench.stage().has(family)) {
      bench.good("the same port of the other family, as IPv6 is IPv6 only", listen);
    }
  }
}

void check_closing(Bench& bench) {
  const json get{{"call", "getsockopt"}, {"socket", "main"}, {"option", "SO_KEEPALIVE"}};
  const auto recv = [&] {
    return bench.peer().call({{"call", "recv"}, {"socket", "main"}, {"seed", 1}});
  };
  if (bench.pair("close") && bench.good("close", {{"call", "close"}, {"socket", "main"}})) {
    const Reply end = recv();
    bench.expect("its peer sees the end of the stream", end.ok(), "the end", said(end));
    bench.refused("the name is free", get, "EBADF");
  }
  bench.forget("main");
  if (bench.pair("abort") && bench.good("abort", {{"call", "abort"}, {"socket", "main"}})) {
    const Reply reset = recv();
    bench.expect("its peer sees a reset", reset.error == "ECONNRESET", "ECONNRESET", said(reset));
    bench.refused("the name is free after abort", get, "EBADF");
  }
  bench.forget("main");
  for (const char* how : {"write", "both", "read"}) {
    if (!bench.pair("shutdown")) return;
    const bool done = bench
                          .good(fmt::format("shutdown {}", how),
                                {{"call", "shutdown"}, {"socket", "main"}, {"how", how}})
                          .has_value();
    if (done && how != std::string("read")) {
      const Reply end = recv();
      bench.expect("its peer sees the end of the stream", end.ok(), "the end", said(end));
    }
    if (done && how == std::string("write")) {
      bench.peer_call({{"call", "send"}, {"socket", "main"}, {"bytes", 9}, {"seed", 5}});
      bench.good("what comes is still received",
                 {{"call", "recv"}, {"socket", "main"}, {"bytes", 9}, {"seed", 5}});
    }
    bench.forget("main");
  }
}

}  // namespace faultline::check
