// Parameters that are missing, of the wrong type or out of range; names of nobody.
#include <fmt/format.h>

#include "harness/check/check_driver.hpp"

namespace faultline::check {
namespace {

struct Bad {
  const char* what;
  json request;
};

std::vector<Bad> on_a_connection(const Bench& bench) {
  const json send{{"call", "send"}, {"socket", "main"}, {"bytes", 1}, {"seed", 1}},
      recv{{"call", "recv"}, {"socket", "main"}, {"bytes", 1}, {"seed", 1}},
      set{{"call", "setsockopt"}, {"socket", "main"}, {"option", "TCP_NODELAY"}, {"value", 1}};
  const auto without = [](json request, const char* key) {
    request.erase(key);
    return request;
  };
  const auto with = [](json request, const char* key, json value) {
    request[key] = std::move(value);
    return request;
  };
  const json connect{{"call", "connect"}, {"socket", "x"}, {"address", bench.there()}, {"port", 1}};
  const json listen{{"call", "listen"}, {"socket", "x"}, {"address", bench.here()}, {"port", 0}};
  return {
      {"send without bytes", without(send, "bytes")},
      {"send of bytes below zero", with(send, "bytes", -1)},
      {"send of bytes as a string", with(send, "bytes", "1")},
      {"send of half a byte", with(send, "bytes", 1.5)},
      {"send without a seed", without(send, "seed")},
      {"send with a seed below zero", with(send, "seed", -1)},
      {"send with an offset below zero", with(send, "offset", -1)},
      {"recv without a seed", without(recv, "seed")},
      {"recv of bytes above 2^53", with(recv, "bytes", UINT64_MAX)},
      {"recv with an offset that is a list", with(recv, "offset", json::array())},
      {"shutdown without how", {{"call", "shutdown"}, {"socket", "main"}}},
      {"shutdown how that is none", {{"call", "shutdown"}, {"socket", "main"}, {"how", "up"}}},
      {"setsockopt without an option", without(set, "option")},
      {"setsockopt without a value", without(set, "value")},
      {"setsockopt of a value as a string", with(set, "value", "1")},
      {"getsockopt without an option", {{"call", "getsockopt"}, {"socket", "main"}}},
      {"connect without an address", without(with(connect, "family", bench.family()), "address")},
      {"connect without a port", without(connect, "port")},
      {"connect to port 65536", with(connect, "port", 65536)},
      {"connect to port -1", with(connect, "port", -1)},
      {"connect from port 65536", with(connect, "local_port", 65536)},
      {"connect with options that are a number", with(connect, "options", 5)},
      {"listen with a backlog below zero", with(listen, "backlog", -1)},
      {"listen with a port as a string", with(listen, "port", "80")},
      {"close without a socket", {{"call", "close"}}},
      {"accept without a listener", {{"call", "accept"}, {"socket", "x"}}},
      {"accept without a name", {{"call", "accept"}, {"from", "main"}}},
      {"socket without a family", {{"call", "socket"}, {"socket", "x"}}},
  };
}

}  // namespace

void check_parameters(Bench& bench) {
  bench.refused("a request without a call", {{"socket", "x"}}, "EINVAL");
  bench.refused("a call that is a number", {{"call", 5}, {"socket", "x"}}, "EINVAL");
  if (bench.pair("a connection"))
    for (const auto& [what, request] : on_a_connection(bench))
      bench.refused(what, request, "EINVAL");
  bench.refused("what was refused has made no socket", {{"call", "close"}, {"socket", "x"}},
                "EBADF");
  const json of_nobody[]{
      {{"call", "accept"}, {"from", "nobody"}, {"socket", "x"}},
      {{"call", "send"}, {"socket", "nobody"}, {"bytes", 1}, {"seed", 1}},
      {{"call", "recv"}, {"socket", "nobody"}, {"bytes", 1}, {"seed", 1}},
      {{"call", "shutdown"}, {"socket", "nobody"}, {"how", "write"}},
      {{"call", "close"}, {"socket", "nobody"}},
      {{"call", "abort"}, {"socket", "nobody"}},
      {{"call", "setsockopt"}, {"socket", "nobody"}, {"option", "TCP_NODELAY"}, {"value", 1}},
      {{"call", "getsockopt"}, {"socket", "nobody"}, {"option", "TCP_NODELAY"}},
  };
  for (const json& request : of_nobody)
    bench.refused(fmt::format("{} of nobody's socket", request["call"].get<std::string>()), request,
                  "EBADF");
}

}  // namespace faultline::check
