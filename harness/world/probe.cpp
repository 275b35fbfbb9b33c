#include "harness/world/probe.hpp"

#include <fcntl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/inet_diag.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>

#include "harness/util/fd.hpp"
#include "harness/util/time.hpp"
#include "harness/world/inet_diag.hpp"
#include "harness/world/isolation.hpp"
#include "harness/world/queue_rule.hpp"
#include "harness/world/world.hpp"

namespace faultline {
namespace {

struct Finding {
  bool ok = false;
  std::string detail, advice;
};

Finding broken(std::string detail, std::string advice) {
  return {.detail = std::move(detail), .advice = std::move(advice)};
}
Finding fine(std::string detail) {
  return {.ok = true, .detail = std::move(detail)};
}

std::string link_target(const char* path) {
  std::array<char, 64> buffer;
  const ssize_t length = readlink(path, buffer.data(), buffer.size());
  return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(length, 0))};
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<size_t>(got));
  }
}

void write_all(int fd, const Finding& finding) {
  const std::string text =
      nlohmann::json{{"ok", finding.ok}, {"detail", finding.detail}, {"advice", finding.advice}}
          .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (size_t done = 0; done < text.size();) {
    const ssize_t put = write(fd, text.data() + done, text.size() - done);
    if (put < 0 && errno != EINTR) return;
    if (put > 0) done += static_cast<size_t>(put);
  }
}

// In a forked child: isolates itself and tries.
[[noreturn]] void isolated_child(const std::function<Finding()>& attempt, int report,
                                 pid_t parent) {
  const auto body = [&] {
    write_all(report, attempt());
    return 0;
  };
  if (const auto code = run_isolated(body, parent); !code)
    write_all(report, broken(code.error().what, isolation_advice()));
  _exit(0);
}

Probe probe(std::string name, const std::function<Finding()>& attempt) {
  const auto give_up = [&](std::string_view doing) {
    return Probe{name, false, fmt::format("{}: {}", doing, std::strerror(errno)), ""};
  };
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return give_up("making a pipe");
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return give_up("starting a process");
  if (child == 0) isolated_child(attempt, write_end.get(), parent);
  write_end.reset();
  const std::string text = read_all(read_end.get());
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  const auto report = nlohmann::json::parse(text, nullptr, false);
  if (!report.is_object()) return {name, false, "the process that tried it died", ""};
  return {name, report["ok"], report["detail"], report["advice"]};
}

Finding try_world(const std::string& first_user_namespace) {
  const auto began = std::chrono::steady_clock::now();
  const auto world = World::build();
  const Nanos took = std::chrono::steady_clock::now() - began;
  if (!world) return broken(world.error().what, isolation_advice());
  const bool as_root = link_target("/proc/self/ns/user") == first_user_namespace;
  return fine(fmt::format("{}; a world takes {}", as_root ? "as root" : "in a user namespace",
                          format_duration(took)));
}

Finding try_queue() {
  const auto method = add_queue_rules();
  if (!method)
    return broken(method.error().what,
                  "load the modules named here, or use a kernel that has them");
  auto netlink = Netlink::open(NETLINK_NETFILTER);
  if (!netlink) return broken(netlink.error().what, "a kernel with CONFIG_NETFILTER_NETLINK");
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  nlmsghdr* bind = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, 0);
  bind->nlmsg_flags |= NLM_F_ACK;
  nfq_nlmsg_cfg_put_cmd(bind, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  if (const auto done = netlink->talk(bind); !done)
    return broken(fmt::format("listening to a queue: {}", std::strerror(done.error())),
                  "modprobe nfnetlink_queue, or a kernel with CONFIG_NETFILTER_NETLINK_QUEUE");
  return fine(std::string(to_string(*method)));
}

// A listener, so that there is something to find.
Result<Fd> listener() {
  Fd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || listen(fd.get(), 1) != 0) return fail_errno("listening");
  return fd;
}

std::expected<std::vector<inet_diag_msg>, Error> find_sockets(Netlink& netlink) {
  auto found = dump_tcp(netlink, AF_INET);
  if (!found) return fail("{}", std::strerror(found.error()));
  if (found->empty()) return fail("a listening socket was not reported");
  return std::move(*found);
}

Finding try_sock_diag(bool destroy) {
  constexpr const char* missing = "modprobe tcp_diag, or a kernel with CONFIG_INET_TCP_DIAG";
  const auto fd = listener();
  if (!fd) return broken(fd.error().what, "");
  auto netlink = Netlink::open(NETLINK_SOCK_DIAG);
  if (!netlink) return broken(netlink.error().what, missing);
  const auto found = find_sockets(*netlink);
  if (!found) return broken(found.error().what, missing);
  if (!destroy) return fine("states of sockets can be observed");
  const auto done = destroy_tcp(*netlink, AF_INET, found->front().id);
  if (done) return fine("sockets are destroyed when a case is over");
  return broken(std::strerror(done.error()),
                "a kernel with CONFIG_INET_DIAG_DESTROY; without it the namespaces of a case stay "
                "until the kernel gives up its last connection (some two minutes)");
}

Finding try_congestion_controls() {
  const auto world = World::build();
  if (!world) return broken(world.error().what, isolation_advice());
  const auto pinned = world->read_sysctl(End::client, "net.ipv4.tcp_congestion_control");
  const auto all = world->read_sysctl(End::client, "net.ipv4.tcp_available_congestion_control");
  if (!pinned) return broken(pinned.error().what, "");
  if (!all) return broken(all.error().what, "");
  return fine(fmt::format("{} in every world; the kernel has {}", *pinned, *all));
}

}  // namespace

Probe probe_namespaces() {
  return probe("namespaces",
               [before = link_target("/proc/self/ns/user")] { return try_world(before); });
}
Probe probe_queue() {
  return probe("packet queue", try_queue);
}
Probe probe_sock_diag() {
  return probe("socket states", [] { return try_sock_diag(false); });
}
Probe probe_sock_destroy() {
  return probe("socket removal", [] { return try_sock_diag(true); });
}
Probe probe_congestion_controls() {
  return probe("congestion control", try_congestion_controls);
}
Probe probe_hz() {
  return {
      "timer ticks", true,
      fmt::format("{} Hz (a tick is {})", kernel_hz(), format_duration(Nanos(1s) / kernel_hz())),
      ""};
}

std::vector<Probe> probe_all() {
  return {probe_namespaces(),          probe_queue(), probe_sock_diag(), probe_sock_destroy(),
          probe_congestion_controls(), probe_hz()};
}

int kernel_hz() {
  timespec tick{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
  constexpr double second = 1e9;
  return static_cast<int>(std::lround(second / static_cast<double>(tick.tv_nsec)));
}

}  // namespace faultline
