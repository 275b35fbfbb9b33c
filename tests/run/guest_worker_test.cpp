// A process that plays one job after the other, and what is known of it when it ends in the middle.
#include "harness/run/guest_worker.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace faultline {
namespace {

bool has_news(const GuestWorker& worker) {
  pollfd watched{.fd = worker.fd(), .events = POLLIN};
  return poll(&watched, 1, 10'000) == 1;
}

TEST(GuestWorker, PlaysOneJobAfterTheOtherInOneProcess) {
  int played = 0;
  auto worker = GuestWorker::start([&](size_t job) { return static_cast<int>(job) * 10 + played++; });
  ASSERT_TRUE(worker) << worker.error().what;
  for (const int round : {0, 1, 2}) {
    worker->give(static_cast<size_t>(7));
    ASSERT_TRUE(has_news(*worker));
    EXPECT_EQ(worker->result(), 70 + round) << "the process is the same";
  }
  EXPECT_EQ(played, 0) << "and another one than this";
}

TEST(GuestWorker, ThatDiesHasNoResultAndSaysHow) {
  auto worker = GuestWorker::start([](size_t) { return std::raise(SIGABRT); });
  ASSERT_TRUE(worker) << worker.error().what;
  worker->give(0);
  ASSERT_TRUE(has_news(*worker));
  EXPECT_EQ(worker->result(), std::nullopt);
  const int status = worker->end();
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
}

TEST(GuestWorker, IsKilledInTheMiddleOfAJob) {
  auto worker = GuestWorker::start([](size_t) { return pause(); });
  ASSERT_TRUE(worker) << worker.error().what;
  worker->give(0);
  const int status = worker->end();
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST(GuestWorker, GoesWithItsOwner) {
  {
    const auto worker = GuestWorker::start([](size_t) { return 0; });
    ASSERT_TRUE(worker) << worker.error().what;
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD) << "killed and reaped";
}

}  // namespace
}  // namespace faultline
