#include "harness/drive/spawn.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <chrono>
#include <optional>

namespace faultline::drive {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// A child whose pipes the loop reads, as drivers and workers have it.
struct Watched {
  Watched(asio::io_context& context, std::vector<std::string> argv)
      : child(ChildProcess::start(context.get_executor(), {.argv = std::move(argv)}, pipes)),
        out(context, pipes.out.release()),
        err(context, pipes.err.release()) {
    out.async_read_some(asio::buffer(buffer), [](auto, size_t) {});
    err.async_read_some(asio::buffer(buffer), [](auto, size_t) {});
  }
  ChildPipes pipes;
  Result<ChildProcess> child;
  asio::readable_pipe out, err;
  std::array<char, 16> buffer{};
};

TEST(Spawn, TellsTheStatusOfAChildThatEnded) {
  asio::io_context context;
  Watched child(context, {"sh", "-c", "exit 3"});
  ASSERT_TRUE(child.child) << child.child.error().what;
  std::optional<int> status;
  child.child->wait([&](int how) { status = how; });
  context.run_for(5s);
  ASSERT_TRUE(status);
  EXPECT_EQ(WEXITSTATUS(*status), 3);
  EXPECT_FALSE(child.child->running());
}

// What ends a child, its pipes and itself, comes in one batch of events; the next child's
// descriptors take the places of its own while some of them are still to be told.
TEST(Spawn, AChildStartedWhenAnotherEndedHoldsNothingUp) {
  for (int i = 0; i < 10; ++i) {
    asio::io_context context;
    std::optional<Watched> first(std::in_place, context, std::vector<std::string>{"true"});
    ASSERT_TRUE(first->child) << first->child.error().what;
    waitid(P_PID, static_cast<id_t>(first->child->pid()), nullptr, WEXITED | WNOWAIT);
    std::optional<Watched> second;
    bool second_ended = false;
    first->child->wait([&](int) {
      first->out.close();
      first->err.close();
      second.emplace(context, std::vector<std::string>{"sleep", "2"});
      second->child->wait([&](int) { second_ended = true; });
    });
    const auto began = Clock::now();
    context.run_for(20ms);
    EXPECT_LT(Clock::now() - began, 1s);
    ASSERT_TRUE(second && second->child);
    EXPECT_FALSE(second_ended);
    second->child->kill();
    context.run_for(1s);
    EXPECT_TRUE(second_ended);
  }
}

}  // namespace
}  // namespace faultline::drive
