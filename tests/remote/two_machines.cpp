#include "tests/remote/two_machines.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "harness/world/link.hpp"
#include "harness/world/netns.hpp"
#include "harness/world/sysctl.hpp"
#include "stacks/remote/address.hpp"
#include "stacks/remote/server.hpp"

namespace faultline::test {
namespace {

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

void require(bool good, const char* doing) {
  if (!good) throw std::system_error(errno, std::generic_category(), doing);
}

// One side of the link, and what carries over from one connection to the next switched off.
Result<void> set_up(uint8_t host) {
  auto rtnetlink = must(Netlink::open(NETLINK_ROUTE));
  must(write_sysctl("net.ipv6.conf.default.accept_dad", "0"));
  must(write_sysctl("net.ipv4.tcp_no_metrics_save", "1"));
  must(write_sysctl("net.ipv4.tcp_congestion_control", "reno"));
  must(bring_up(rtnetlink, loopback));
  const int link = must(interface_index("wan"));
  must(bring_up(rtnetlink, link));
  must(wait_until_running("wan"));
  for (const std::string network : {"10.77.0.", "fd77::"}) {
    const Address address = *address_from_string(network + std::to_string(host));
    must(add_address(rtnetlink, link, address, address.version == 4 ? 24 : 64));
    must(wait_until_local(rtnetlink, address));
  }
  return {};
}

}  // namespace

TwoMachines::TwoMachines() : there_(must(new_netns())) {
  auto rtnetlink = must(Netlink::open(NETLINK_ROUTE));
  must(add_veth(rtnetlink, {"wan", {2, 0, 0, 0, 0, 1}}, {"wan", {2, 0, 0, 0, 0, 2}}, there_.get()));
  // A link carries once both its sides are up.
  const int link = must(interface_index("wan"));
  must(bring_up(rtnetlink, link));
  must(in_namespace(there_.get(), [] { return set_up(2); }));
  must(set_up(1));
  char name[] = "/tmp/faultline-remote-XXXXXX";
  require(mkdtemp(name) != nullptr, "mkdtemp");
  folder_ = name;
  std::ofstream(token()) << good_token << "\n";
  chmod(token().c_str(), 0600);
}

TwoMachines::~TwoMachines() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

ProcessOptions TwoMachines::over_there() const {
  return {.in_child = [netns = there_.get()] {
    if (setns(netns, CLONE_NEWNET) != 0) _exit(126);
  }};
}

std::unique_ptr<Process> TwoMachines::driver(const std::string& address) const {
  auto driver = std::make_unique<Process>(
      std::vector<std::string>{program, "driver", "--listen", address, "--token", token()},
      over_there());
  if (!driver->saw("listening at")) throw std::runtime_error("no driver: " + driver->err);
  return driver;
}

Fd listen_on(const Endpoint& at) {
  return must(remote::listen_at(at));
}

Fd begin_connect(const Endpoint& to) {
  const remote::SocketName name(to);
  Fd socket(::socket(name.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  require(connect(socket.get(), name.get(), name.size()) == 0 || errno == EINPROGRESS, "connect");
  return socket;
}

bool is_connected(const Fd& socket, milliseconds within) {
  pollfd ready{socket.get(), POLLOUT, 0};
  return poll(&ready, 1, static_cast<int>(within.count())) == 1 && (ready.revents & POLLERR) == 0;
}

}  // namespace faultline::test
