// Every option of the protocol, set and read.
#include <fmt/format.h>

#include <array>

#include "harness/check/check_driver.hpp"

namespace faultline::check {
namespace {

enum class Reads : uint8_t { same, as_flag, any };

struct Trial {
  const char* option;
  int64_t value;
  Reads reads;  // what getsockopt says afterwards
};

// What a stack may round or forget is only read.
constexpr std::array trials{
    Trial{"TCP_USER_TIMEOUT", 12000, Reads::same},
    Trial{"TCP_SYNCNT", 3, Reads::same},
    Trial{"TCP_LINGER2", 7, Reads::same},
    Trial{"SO_KEEPALIVE", 1, Reads::as_flag},
    Trial{"TCP_KEEPIDLE", 30, Reads::same},
    Trial{"TCP_KEEPINTVL", 5, Reads::same},
    Trial{"TCP_KEEPCNT", 4, Reads::same},
    Trial{"TCP_NODELAY", 1, Reads::as_flag},
    Trial{"TCP_NODELAY", 0, Reads::as_flag},
    Trial{"TCP_CORK", 1, Reads::as_flag},
    Trial{"TCP_DEFER_ACCEPT", 3, Reads::any},
    Trial{"TCP_MAXSEG", 600, Reads::any},
    Trial{"TCP_QUICKACK", 1, Reads::any},
    Trial{"SO_LINGER", 3, Reads::same},
    Trial{"SO_LINGER", 0, Reads::same},
    Trial{"SO_LINGER", -1, Reads::same},
    Trial{"SO_SNDBUF", 20000, Reads::any},
    Trial{"SO_RCVBUF", 20000, Reads::any},
    Trial{"SO_REUSEADDR", 0, Reads::as_flag},
    Trial{"SO_REUSEADDR", 1, Reads::as_flag},
    Trial{"TCP_FASTOPEN", 5, Reads::any},
    Trial{"TCP_FASTOPEN_CONNECT", 1, Reads::any},
};

json get(const std::string& option) {
  return {{"call", "getsockopt"}, {"socket", "s"}, {"option", option}};
}

void check_option(Bench& bench, const Trial& trial) {
  const std::string what = fmt::format("{} = {}", trial.option, trial.value);
  const Reply set = bench.driver().call(
      {{"call", "setsockopt"}, {"socket", "s"}, {"option", trial.option}, {"value", trial.value}});
  if (!bench.good(what, trial.option, set)) return;
  const auto got =
      bench.good(what + ", read", trial.option, bench.driver().call(get(trial.option)));
  if (!got || trial.reads == Reads::any) return;
  const int64_t value = (*got)["value"];
  const bool same =
      trial.reads == Reads::same ? value == trial.value : (value != 0) == (trial.value != 0);
  bench.expect(what + ", as it was set", same, fmt::format("{}", trial.value),
               fmt::format("{}", value));
}

void check_info(Bench& bench) {
  json state = get("TCP_INFO");
  state["field"] = "tcpi_state";
  const Reply known = bench.driver().call(state);
  const auto info = bench.good("TCP_INFO, tcpi_state", "TCP_INFO", known);
  if (!info) return;
  bench.refused("TCP_INFO without a field", get("TCP_INFO"), "EINVAL");
  state["field"] = "tcpi_flux";
  const Reply flux = bench.driver().call(state);
  bench.expect("TCP_INFO, a field that there is not", flux.unsupported.has_value(), "unsupported",
               said(flux));
}

// The `options` of a call that makes a socket.
void check_with_a_call(Bench& bench) {
  const json socket{{"call", "socket"}, {"socket", "o"}, {"family", bench.family()}};
  json with = socket;
  with["options"] = {{"TCP_FLUX", 1}};
  const Reply flux = bench.driver().call(with);
  bench.expect("socket with an option that it has never heard of", flux.unsupported.has_value(),
               "unsupported", said(flux));
  bench.refused("it leaves no socket", {{"call", "close"}, {"socket", "o"}}, "EBADF");
  with["options"] = {{"TCP_NODELAY", "yes"}};
  bench.refused("socket with an option's value that is no number", with, "EINVAL");
  bench.refused("it leaves none either", {{"call", "close"}, {"socket", "o"}}, "EBADF");
  with["options"] = {{"TCP_NODELAY", 1}};
  const Reply made = bench.driver().call(with);
  if (!bench.good("socket with TCP_NODELAY", "TCP_NODELAY", made)) return;
  const Reply read =
      bench.driver().call({{"call", "getsockopt"}, {"socket", "o"}, {"option", "TCP_NODELAY"}});
  if (const auto got = bench.good("it is read", "TCP_NODELAY", read))
    bench.expect("it was set", (*got)["value"] != 0, "1", got->dump());
}

}  // namespace

void check_options(Bench& bench) {
  const json socket{{"call", "socket"}, {"socket", "s"}, {"family", bench.family()}};
  for (const Trial& trial : trials) {
    if (!bench.need("a socket", socket)) return;
    check_option(bench, trial);
    bench.forget("s");
  }
  if (!bench.need("a socket", socket)) return;
  const Reply set = bench.driver().call(
      {{"call", "setsockopt"}, {"socket", "s"}, {"option", "TCP_FLUX"}, {"value", 1}});
  bench.expect("setsockopt of what it has never heard of", set.unsupported.has_value(),
               "unsupported", said(set));
  const Reply read = bench.driver().call(get("TCP_FLUX"));
  bench.expect("getsockopt of the same", read.unsupported.has_value(), "unsupported", said(read));
  check_info(bench);
  json field = get("TCP_NODELAY");
  field["field"] = "tcpi_state";
  bench.refused("a field of another option than TCP_INFO", field, "EINVAL");
  check_with_a_call(bench);
}

}  // namespace faultline::check
