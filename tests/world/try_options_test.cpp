#include "harness/world/try_options.hpp"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>

#include "harness/world/probe.hpp"
#include "tests/world/worker.hpp"

namespace faultline::test {
namespace {

using Names = std::vector<std::string>;

constexpr uint32_t argument(size_t number) {
  return static_cast<uint32_t>(offsetof(seccomp_data, args) + number * sizeof(uint64_t));
}

// From now on this process gets `refusal` from socket() when its argument `number` has this value:
// as from a kernel that was built without it.
void refuse_sockets(size_t number, uint32_t value, int refusal, uint32_t family = AF_UNSPEC) {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument(0)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, family == AF_UNSPEC ? value : family, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument(number)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(refusal)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{.len = std::size(program), .filter = program};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}
void without_family(uint32_t family) {
  refuse_sockets(0, family, EAFNOSUPPORT);
}
void without_netlink(uint32_t bus) {
  refuse_sockets(2, bus, EPROTONOSUPPORT, AF_NETLINK);
}

TEST(OptionsFoundMissing, AreNoneWhereCasesRun) {
  if (!probe_queue().ok || !probe_sock_diag().ok) GTEST_SKIP() << "no case runs here";
  as_worker([] { EXPECT_EQ(options_found_missing(), Names{}); });
}

TEST(OptionsFoundMissing, AreThoseOfWhatTheKernelDoesNotHave) {
  if (!probe_queue().ok || !probe_sock_diag().ok) GTEST_SKIP() << "no case runs here";
  as_worker([] {
    without_family(AF_INET6);
    without_family(AF_PACKET);
    without_netlink(NETLINK_SOCK_DIAG);
    EXPECT_EQ(options_found_missing(), (Names{"CONFIG_IPV6", "CONFIG_PACKET", "CONFIG_INET_DIAG"}));
    without_netlink(NETLINK_NETFILTER);
    EXPECT_EQ(options_found_missing(), (Names{"CONFIG_IPV6", "CONFIG_PACKET",
                                              "CONFIG_NETFILTER_NETLINK", "CONFIG_INET_DIAG"}));
  });
}

TEST(OptionsFoundMissing, AreNotThoseOfWhatIsForbidden) {
  as_worker([] {
    refuse_sockets(0, AF_INET6, EPERM);
    refuse_sockets(0, AF_PACKET, EPERM);
    refuse_sockets(2, NETLINK_SOCK_DIAG, EPERM, AF_NETLINK);
    EXPECT_EQ(options_found_missing(), Names{});
  });
}

}  // namespace
}  // namespace faultline::test
