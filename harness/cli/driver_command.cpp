// faultline driver.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "harness/cli/commands.hpp"
#include "harness/cli/tell.hpp"
#include "stacks/remote/address.hpp"
#include "stacks/remote/connection.hpp"
#include "stacks/remote/privileges.hpp"
#include "stacks/remote/server.hpp"
#include "stacks/remote/token.hpp"

namespace faultline {
namespace {

// The token travels in the clear, and so does all else.
bool is_loopback(const Address& address) {
  if (address.version == 4) return address.bytes[0] == 127;
  return address == *address_from_string("::1");
}

// As a container's first process it would not be ended by what nobody handles.
void end_when_told() {
  for (const int signal : {SIGTERM, SIGINT})
    std::signal(signal, [](int) { _exit(all_as_expected); });
}

}  // namespace

int driver_command(const DriverArguments& arguments) {
  auto at = remote::endpoint_from_text(arguments.listen, true);
  if (!at) return complain(usage_error, at.error().what);
  if (at->port == 0) at->port = remote::usual_port;
  const auto token = remote::read_token(arguments.token);
  if (!token) return complain(usage_error, token.error().what);
  const auto listener = remote::listen_at(*at);
  if (!listener) return complain(no_privilege, listener.error().what);
  if (const auto done = remote::drop_privileges(); !done)
    return complain(internal_error, done.error().what);
  const auto there = remote::local_endpoint(*listener);
  if (!there) return complain(internal_error, there.error().what);
  end_when_told();
  fmt::print("listening at {}\n", to_string(*there));
  if (!is_loopback(there->address))
    fmt::print("what is said there can be read on the way; for networks of others tunnel it\n");
  std::fflush(stdout);
  const auto ended = remote::serve_clients(*listener, *token);
  return complain(internal_error, ended.error().what);
}

}  // namespace faultline
