#include "harness/cli/remote_target.hpp"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "harness/cli/tell.hpp"
#include "harness/world/route.hpp"
#include "stacks/remote/address.hpp"
#include "stacks/remote/connection.hpp"
#include "stacks/remote/token.hpp"

namespace faultline {
namespace {

constexpr const char* remote_stack = "remote";
// Below what systems give to connections that name no port (ip_local_port_range).
constexpr uint16_t first_port = 20'000, last_port = 20'999;
constexpr Nanos answered_within = 8s;

Result<RemoteStack> look_for(const RunArguments& arguments) {
  const auto at = remote::endpoint_from_text(arguments.remote, false);
  if (!at) return std::unexpected(at.error());
  const auto route = route_to(at->address, arguments.remote_interface);
  if (!route) return std::unexpected(route.error());
  if (route->local)
    return fail(
        "{} is this machine's own address; the stack under test is another's: --stack linux "
        "tests this one's",
        to_string(at->address));
  if (route->source == Address{.version = at->address.version})
    return fail("this machine has no address to reach {} from", to_string(at->address));
  if (arguments.remote_token.empty() && at->port == 0)
    return fail(
        "--remote needs --remote-token FILE, the token of the driver there, or the port of a "
        "service: --remote {}",
        to_string(Endpoint{at->address, 80}));
  if (arguments.remote_token.empty()) {
    if (const auto found = remote::connect_to(*at, answered_within); !found)
      return fail("the service: {}", found.error().what);
    return RemoteStack{.here = route->source,
                       .there = at->address,
                       .first_port = first_port,
                       .last_port = last_port,
                       .service_port = at->port};
  }
  const Endpoint driver{at->address, at->port != 0 ? at->port : remote::usual_port};
  if (driver.port >= first_port && driver.port <= last_port)
    return fail("the driver's port {} is among those of the cases, {} to {}", driver.port,
                first_port, last_port);
  const auto token = remote::read_token(arguments.remote_token);
  if (!token) return std::unexpected(token.error());
  if (const auto greeted = remote::try_driver(driver, *token, answered_within); !greeted)
    return std::unexpected(greeted.error());
  return RemoteStack{.here = route->source,
                     .there = driver.address,
                     .first_port = first_port,
                     .last_port = last_port,
                     .driver_port = driver.port,
                     .token_file = std::filesystem::absolute(arguments.remote_token)};
}

// Queues and raw sockets are of this machine's own network, where nobody is made root of.
bool may_rule_the_network() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (syscall(SYS_capget, &header, sets.data()) != 0) return true;  // it will be seen
  constexpr uint32_t wanted = 1U << CAP_NET_ADMIN | 1U << CAP_NET_RAW;
  return (sets[0].effective & wanted) == wanted;
}

}  // namespace

bool names_remote(const std::vector<std::string>& stacks) {
  return std::ranges::any_of(stacks, [](const std::string& name) {
    return std::filesystem::path(name).filename() == remote_stack;
  });
}

std::expected<void, int> find_remote(const RunArguments& arguments,
                                     std::vector<ChosenStack>& stacks) {
  const auto chosen = std::ranges::find_if(
      stacks, [](const ChosenStack& one) { return one.stack.name == remote_stack; });
  if (chosen == stacks.end()) {
    if (!arguments.remote.empty()) return refuse(usage_error, "--remote goes with --stack remote");
    return {};
  }
  if (arguments.remote.empty())
    return refuse(usage_error, "--stack remote needs --remote ADDR[:PORT]");
  if (!arguments.sysctls.empty())
    return refuse(usage_error, "--sysctl sets nothing on a machine across a network");
  if (!may_rule_the_network())
    return refuse(
        no_privilege,
        "--stack remote needs CAP_NET_ADMIN and CAP_NET_RAW, for queue and raw socket on this "
        "machine's own network: run it as root");
  auto found = look_for(arguments);
  if (!found) return refuse(usage_error, found.error().what);
  chosen->stack.families = {found->there.version == 4 ? Family::ipv4 : Family::ipv6};
  chosen->foreign->remote = std::move(*found);
  return {};
}

}  // namespace faultline
