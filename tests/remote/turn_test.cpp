#include "stacks/remote/turn.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace faultline::remote {
namespace {

TEST(Turn, IsOneProcessesUntilItIsGone) {
  auto turn = Turn::make();
  ASSERT_TRUE(turn) << turn.error().what;
  int taken[2];
  ASSERT_EQ(pipe(taken), 0);
  const pid_t other = fork();
  if (other == 0) {
    const char result = turn->take(0ns) ? 'y' : 'n';
    if (write(taken[1], &result, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char result = 0;
  ASSERT_EQ(read(taken[0], &result, 1), 1);
  EXPECT_EQ(result, 'y');
  EXPECT_FALSE(turn->take(1ms));
  kill(other, SIGKILL);
  ASSERT_EQ(waitpid(other, nullptr, 0), other);
  EXPECT_TRUE(turn->take(1ms));
  close(taken[0]);
  close(taken[1]);
}

}  // namespace
}  // namespace faultline::remote
