#include "tests/world/worker.hpp"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cstdio>

#include "harness/world/isolation.hpp"

namespace faultline::test {
namespace {

constexpr int refused = 77;

bool become(uid_t uid) {
  if (uid == geteuid() || geteuid() != 0) return true;
  // A process that changed its user may not write its own uid_map unless it can be dumped again.
  return setgroups(0, nullptr) == 0 && setgid(uid) == 0 && setuid(uid) == 0 &&
         prctl(PR_SET_DUMPABLE, 1) == 0;
}

[[noreturn]] void worker(const std::function<void()>& body, uid_t uid, pid_t parent) {
  if (!become(uid)) _exit(70);
  const auto code = run_isolated(
      [&] {
        body();
        return testing::Test::HasFailure() ? 1 : 0;
      },
      parent);
  if (!code) std::fprintf(stderr, "%s\n", code.error().what.c_str());
  std::fflush(nullptr);
  _exit(code ? *code : refused);
}

}  // namespace

void as_worker(const std::function<void()>& body, uid_t uid) {
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) worker(body, uid, parent);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  if (WEXITSTATUS(status) == refused) GTEST_SKIP() << "no namespaces here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace faultline::test
