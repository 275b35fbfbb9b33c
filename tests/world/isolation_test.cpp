#include "harness/world/isolation.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

#include "harness/util/fd.hpp"
#include "tests/world/worker.hpp"

namespace faultline {
namespace {

constexpr int refused = 77;

// Runs `body` isolated, in a child; what the worker's process ended with.
int run_in_child(const std::function<int()>& body) {
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    const auto code = run_isolated(body, parent);
    _exit(code ? *code : refused);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

std::string link_target(const char* path) {
  std::array<char, 64> buffer{};
  const ssize_t length = readlink(path, buffer.data(), buffer.size());
  return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(length, 0))};
}

TEST(Isolation, PassesTheExitCodeOn) {
  const int code = run_in_child([] { return 42; });
  if (code == refused) GTEST_SKIP();
  EXPECT_EQ(code, 42);
}

TEST(Isolation, TellsTheSignal) {
  const int code = run_in_child([] {
    for (;;) __builtin_trap();  // the first process of a namespace is spared what it did not cause
    return 0;
  });
  if (code == refused) GTEST_SKIP();
  EXPECT_TRUE(code == 128 + SIGILL || code == 128 + SIGTRAP) << code;
}

TEST(Isolation, IsTheFirstProcessOfItsOwnNamespaces) {
  const auto outside = link_target("/proc/self/ns/net");
  test::as_worker([&] {
    EXPECT_EQ(getpid(), 1);
    EXPECT_EQ(geteuid(), 0U);
    EXPECT_NE(link_target("/proc/self/ns/net"), outside);
  });
  test::as_worker([] { EXPECT_EQ(geteuid(), 0U); }, test::nobody);
}

TEST(Isolation, RefusesAParentThatIsGone) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const auto code = run_isolated([] { return 0; }, 1 << 30);
    _exit(!code && code.error().what.find("is gone") != std::string::npos ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(Isolation, SaysWhatToDoWhenItIsRefused) {
  test::as_worker(
      [] {
        // Limits are each user namespace's own; where this one is the machine's first, leave it
        // alone.
        std::ifstream map("/proc/self/uid_map");
        int inside = 0, outside = 0;
        map >> inside >> outside;
        if (outside == 0) return;
        std::ofstream("/proc/sys/user/max_net_namespaces") << 0 << std::flush;
        const auto code = run_isolated([] { return 0; });
        ASSERT_FALSE(code);
        EXPECT_EQ(code.error().what,
                  "making network and PID namespaces (CONFIG_NET_NS, CONFIG_PID_NS): No space left "
                  "on device; run as root, or allow more namespaces: sysctl "
                  "user.max_net_namespaces=10000");
      },
      test::nobody);
}

// A tree of processes, each holding the writing end of a pipe: the pipe is closed when all are
// gone.
struct Tree {
  Fd gone;      // readable (end of file) when no process is left
  pid_t top;    // started the worker
  pid_t outer;  // the worker's outer process
};

// top ── outer ── first process of the namespace ── its child
Tree grow() {
  int life[2], ready[2];
  EXPECT_EQ(pipe2(life, O_CLOEXEC), 0);
  EXPECT_EQ(pipe2(ready, O_CLOEXEC), 0);
  Tree tree{.gone = Fd(life[0])};
  std::fflush(nullptr);
  tree.top = fork();
  if (tree.top == 0) {
    const pid_t parent = getpid();
    const pid_t outer = fork();
    if (outer == 0) {
      const pid_t self = getpid();
      (void)run_isolated(
          [&] {
            if (fork() == 0) {
              (void)!write(ready[1], &self, sizeof self);
              for (;;) pause();
            }
            for (;;) pause();
            return 0;
          },
          parent);
      _exit(refused);
    }
    close(ready[1]);
    for (;;) pause();
  }
  close(life[1]);
  close(ready[1]);
  if (read(ready[0], &tree.outer, sizeof tree.outer) != sizeof tree.outer) tree.outer = 0;
  close(ready[0]);
  return tree;
}

bool all_gone(const Tree& tree) {
  pollfd end{.fd = tree.gone.get(), .events = POLLIN};
  return poll(&end, 1, 5000) == 1;
}

TEST(Isolation, NothingOutlivesTheOuterProcess) {
  const Tree tree = grow();
  if (tree.outer == 0) {
    kill(tree.top, SIGKILL);
    waitpid(tree.top, nullptr, 0);
    GTEST_SKIP() << "no namespaces here";
  }
  EXPECT_EQ(kill(tree.outer, SIGKILL), 0);
  kill(tree.top, SIGKILL);
  waitpid(tree.top, nullptr, 0);
  EXPECT_TRUE(all_gone(tree));
}

TEST(Isolation, NothingOutlivesItsParent) {
  const Tree tree = grow();
  if (tree.outer == 0) GTEST_SKIP() << "no namespaces here";
  EXPECT_EQ(kill(tree.top, SIGKILL), 0);
  waitpid(tree.top, nullptr, 0);
  EXPECT_TRUE(all_gone(tree));
}

}  // namespace
}  // namespace faultline
