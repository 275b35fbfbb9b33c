// The stream: what is sent is compared by the peer, what is received by the driver.
#include <fmt/format.h>

#include "harness/check/check_driver.hpp"

namespace faultline::check {
namespace {

struct Part {
  uint64_t bytes, seed, offset;
};

json request(const char* call, const Part& part) {
  return {{"call", call},
          {"socket", "main"},
          {"bytes", part.bytes},
          {"seed", part.seed},
          {"offset", part.offset}};
}

void check_sent(Bench& bench, const std::string& what, const Part& part) {
  const uint64_t read = bench.peer().send(request("recv", part));
  const auto sent = bench.good(what, request("send", part));
  if (!sent) return;
  bench.expect(what + ": bytes", (*sent)["bytes"] == part.bytes, fmt::format("{}", part.bytes),
               sent->dump());
  const Reply got = bench.peer().answer(read);
  bench.expect(what + ": content", got.ok() && !got.result.contains("mismatch"),
               "the stream of its seed", said(got));
}

void check_received(Bench& bench, const std::string& what, const Part& part) {
  const uint64_t sent = bench.peer().send(request("send", part));
  const auto got = bench.good(what, request("recv", part));
  (void)bench.peer().answer(sent);
  if (got)
    bench.expect(
        what + ": bytes, no end, no mismatch",
        (*got)["bytes"] == part.bytes && (*got)["eof"] == false && !got->contains("mismatch"),
        fmt::format(R"({{"bytes":{},"eof":false}})", part.bytes), got->dump());
}

// The first byte from `from` on where two streams differ.
uint64_t first_difference(uint64_t seed, uint64_t other, uint64_t from) {
  while (protocol::stream_byte(seed, from) == protocol::stream_byte(other, from)) ++from;
  return from;
}

void check_mismatch(Bench& bench) {
  bench.peer_call(request("send", {100, 7, 1000}));
  bench.peer_call(request("send", {100, 8, 1100}));
  const auto got = bench.good("recv of what is another stream from its 101st byte on",
                              request("recv", {200, 7, 1000}));
  if (!got) return;
  const uint64_t at = first_difference(7, 8, 1100);
  bench.expect("mismatch is the offset in the stream, and reading goes on",
               got->value("mismatch", uint64_t{0}) == at && (*got)["bytes"] == 200,
               fmt::format(R"({{"bytes":200,"mismatch":{}}})", at), got->dump());
}

void check_end(Bench& bench) {
  bench.peer_call(request("send", {50, 3, 0}));
  bench.peer_call({{"call", "shutdown"}, {"socket", "main"}, {"how", "write"}});
  const auto exactly = bench.good("recv of exactly what is there", request("recv", {20, 3, 0}));
  if (exactly)
    bench.expect("the end is not looked for", (*exactly)["eof"] == false, R"("eof":false)",
                 exactly->dump());
  const auto rest = bench.good("recv without bytes",
                               {{"call", "recv"}, {"socket", "main"}, {"seed", 3}, {"offset", 20}});
  if (rest)
    bench.expect("it reads to the end", (*rest)["eof"] == true && (*rest)["bytes"] == 30,
                 R"({"bytes":30,"eof":true})", rest->dump());
  const auto none = bench.good("recv at the end", request("recv", {5, 3, 50}));
  if (none)
    bench.expect("it meets the end at once", (*none)["eof"] == true && (*none)["bytes"] == 0,
                 R"({"bytes":0,"eof":true})", none->dump());
}

void check_reset(Bench& bench) {
  if (!bench.pair("a stream that breaks")) return;
  const uint64_t read = bench.driver().send(request("recv", {1000, 4, 0}));
  (void)bench.driver().waits(read);
  bench.peer_call(request("send", {400, 4, 0}));
  bench.peer_call({{"call", "abort"}, {"socket", "main"}});
  const Reply broken = bench.driver().answer(read);
  bench.refused("recv of a stream that is reset", "recv", broken, "ECONNRESET");
  if (broken.error)
    bench.expect("it says how far it came",
                 broken.result.contains("bytes") && broken.result["bytes"] <= 400,
                 "bytes of 400 or less", broken.result.dump());
}

}  // namespace

void check_stream(Bench& bench) {
  if (!bench.pair("a connection")) return;
  check_sent(bench, "send", {1000, 42, 0});
  check_sent(bench, "send from an offset", {777, 42, 1000});
  check_sent(bench, "send of a megabyte", {1 << 20, 43, 5});
  check_sent(bench, "send with the largest seed", {100, UINT64_MAX, 0});
  check_sent(bench, "send of no bytes", {0, 1, 0});
  check_received(bench, "recv", {1000, 42, 0});
  check_received(bench, "recv from an offset", {777, 42, 1001});
  check_received(bench, "recv of a megabyte", {1 << 20, 43, 5});
  check_received(bench, "recv with the largest seed", {100, UINT64_MAX, 3});
  check_received(bench, "recv of no bytes", {0, 1, 0});
  check_mismatch(bench);
  check_end(bench);
  bench.forget("main");
  check_reset(bench);
}

}  // namespace faultline::check
