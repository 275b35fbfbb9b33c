// DriverProcess with the real driver, and with shell scripts that behave badly.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>

#include <csignal>

#include "harness/drive/driver.hpp"

namespace faultline {
namespace {

using nlohmann::json;

constexpr auto hello =
    R"(echo '{"event":"hello","protocol":1,"stack":"x","version":"1","clock":"CLOCK_MONOTONIC"}';)";

class DriverProcessTest : public testing::Test {
 protected:
  // "" or why it could not be started.
  std::string start(std::vector<std::string> argv, Nanos ready_within = 20s, int netns_fd = -1) {
    auto started = DriverProcess::start(
        context_, {.argv = std::move(argv), .netns_fd = netns_fd, .ready_within = ready_within},
        {.on_ready = [this](const DriverHello& said) { hello_ = said; },
         .on_end = [this](const DriverEnd& end) { ends_.push_back(end); }});
    if (!started) return started.error().what;
    driver_ = std::move(*started);
    return "";
  }
  void start_linux() {
    ASSERT_EQ(start({std::string(FAULTLINE_BINARY_DIR) + "/faultline-driver-linux"}), "");
    ASSERT_TRUE(run_until([&] { return hello_.has_value(); }));
  }
  void start_script(const std::string& script) { ASSERT_EQ(start({"sh", "-c", script}), ""); }

  template <typename Done>
  bool run_until(Done&& done, Nanos bound = 20s) {
    const auto until = std::chrono::steady_clock::now() + bound;
    while (!done() && std::chrono::steady_clock::now() < until) {
      context_.restart();
      context_.run_one_for(100ms);
    }
    return done();
  }
  // Runs until the driver has ended, and returns why.
  std::string end_reason() {
    return run_until([&] { return !ends_.empty(); }) ? ends_[0].reason : "it goes on";
  }

  std::optional<Reply> call(json request) {
    std::optional<Reply> answer;
    driver_->call(std::move(request), [&](const Reply& reply) { answer = reply; });
    EXPECT_FALSE(answer) << "called back from inside of call()";
    run_until([&] { return answer.has_value(); });
    return answer;
  }

  boost::asio::io_context context_;
  std::optional<DriverHello> hello_;
  std::vector<DriverEnd> ends_;
  std::unique_ptr<DriverProcess> driver_;
};

const json listen_request{{"call", "listen"}, {"socket", "listener"}, {"address", "127.0.0.1"}};

TEST_F(DriverProcessTest, TalksToTheLinuxDriver) {
  start_linux();
  EXPECT_EQ(hello_->stack, "linux");
  EXPECT_EQ(hello_->pid, driver_->pid());
  const auto listening = call(listen_request);
  ASSERT_TRUE(listening && listening->ok()) << listening->message;
  EXPECT_GT(listening->result["local_port"], 0);
  const auto refused = call({{"call", "close"}, {"socket", "nobody"}});
  EXPECT_EQ(refused->error, "EBADF");
  const auto unknown = call({{"call", "fly"}});
  EXPECT_TRUE(unknown->unsupported);
  EXPECT_TRUE(driver_->alive());
}

TEST_F(DriverProcessTest, ACallThatBlocksIsStartedAndKillingFailsIt) {
  start_linux();
  call(listen_request);
  bool started = false;
  std::optional<Reply> answer;
  driver_->call(
      {{"call", "accept"}, {"from", "listener"}, {"socket", "a"}},
      [&](const Reply& reply) { answer = reply; }, [&] { started = true; });
  ASSERT_TRUE(run_until([&] { return started; }));
  EXPECT_FALSE(answer);
  driver_->kill();
  EXPECT_EQ(end_reason(), "faultline-driver-linux was killed by SIGKILL");
  EXPECT_TRUE(ends_[0].asked);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->lost, "faultline-driver-linux was killed by SIGKILL");
  EXPECT_FALSE(driver_->alive());
  EXPECT_EQ(call(listen_request)->lost, "faultline-driver-linux has ended");
  driver_->kill();
  context_.run_for(300ms);
  EXPECT_EQ(ends_.size(), 1U);
}

TEST_F(DriverProcessTest, ExitIsAnEndThatWasAskedFor) {
  start_linux();
  EXPECT_TRUE(call({{"call", "exit"}})->ok());
  EXPECT_EQ(end_reason(), "faultline-driver-linux ended with status 0");
  EXPECT_TRUE(ends_[0].asked);
}

TEST_F(DriverProcessTest, DeathFromOutsideIsNoticed) {
  start_linux();
  ::kill(driver_->pid(), SIGTERM);
  EXPECT_EQ(end_reason(), "faultline-driver-linux was killed by SIGTERM");
  EXPECT_FALSE(ends_[0].asked);
}

TEST_F(DriverProcessTest, DestroyingItKillsAndReaps) {
  start_linux();
  const int pid = driver_->pid();
  driver_->call(listen_request, [](const Reply&) { FAIL() << "called back after the destructor"; });
  driver_.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
  context_.restart();
  context_.run_for(100ms);
  EXPECT_TRUE(ends_.empty());
}

TEST_F(DriverProcessTest, ACallbackMayDestroyIt) {
  start_linux();
  bool called = false;
  for (int i = 0; i < 3; ++i) {
    driver_->call({{"call", "close"}, {"socket", "nobody"}}, [&](const Reply&) {
      EXPECT_FALSE(called);
      called = true;
      driver_.reset();
    });
  }
  EXPECT_TRUE(run_until([&] { return called; }));
  context_.restart();
  context_.run_for(100ms);
}

TEST_F(DriverProcessTest, ItGetsNoDescriptorButItsThree) {
  const int leaky = ::open("/dev/null", O_RDONLY);  // not close-on-exec
  start_script("ls /proc/self/fd | tr '\\n' ' ' >&2; exec sleep 0");
  (void)end_reason();
  ::close(leaky);
  ASSERT_EQ(ends_.size(), 1U);
  ASSERT_EQ(ends_[0].stderr_lines.size(), 1U);
  EXPECT_EQ(ends_[0].stderr_lines[0], "0 1 2 3 ");  // 3 is ls reading the folder
}

TEST_F(DriverProcessTest, WhatCannotBeStartedIsReported) {
  EXPECT_EQ(start({"/no/such/driver"}), "cannot start /no/such/driver: No such file or directory");
  EXPECT_EQ(start({"no-such-driver"}), "cannot start no-such-driver: no such program in PATH");
  EXPECT_EQ(start({"/dev/null"}), "cannot start /dev/null: Permission denied");
  EXPECT_EQ(start({}), "cannot start a driver without a command");
  const int no_namespace = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(start({"/bin/true"}, 5s, no_namespace), "cannot start /bin/true: Invalid argument");
  ::close(no_namespace);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left behind";
}

TEST_F(DriverProcessTest, ItMustSayHelloWithinTheBound) {
  ASSERT_EQ(start({"sleep", "60"}, 200ms), "");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(end_reason(), "sleep said no hello within 200ms");
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GE(took, 190ms);
  EXPECT_LT(took, 5s);
  EXPECT_FALSE(hello_);
}

TEST_F(DriverProcessTest, ItsEndIsToldWithItsLastWords) {
  start_script("echo 'out of cheese' >&2; exit 3");
  EXPECT_EQ(end_reason(), "sh ended with status 3");
  EXPECT_EQ(ends_[0].stderr_lines, std::vector<std::string>{"out of cheese"});
}

TEST_F(DriverProcessTest, GarbageEndsIt) {
  start_script(std::string(hello) + "echo 'PANIC at line 5'; sleep 60");
  EXPECT_EQ(end_reason(), "sh said what is no JSON object: 'PANIC at line 5'");
}

TEST_F(DriverProcessTest, GarbageIsToldAlsoWhereItEndsAtOnce) {
  start_script(std::string(hello) + "echo 'PANIC at line 5'");
  EXPECT_EQ(end_reason(), "sh said what is no JSON object: 'PANIC at line 5'");
}

TEST_F(DriverProcessTest, EndlessLinesAndFloodsEndIt) {
  start_script(std::string(hello) + "exec cat /dev/zero");
  EXPECT_EQ(end_reason(),
            "sh said a line longer than 65536 bytes: '" + std::string(80, '?') + "…'");
  ends_.clear();
  start_script(std::string(hello) + R"(exec yes '{"event":"weather"}')");
  EXPECT_EQ(end_reason(), "sh floods with events that nobody needs");
  ends_.clear();
  start_script(std::string(hello) + R"(yes noise | head -c 10000000 >&2; exit 4)");
  EXPECT_EQ(end_reason(), "sh ended with status 4");
}

TEST_F(DriverProcessTest, ClosingItsPipesEndsIt) {
  start_script(std::string(hello) + "exec sleep 60 >&-");
  EXPECT_EQ(end_reason(), "sh closed its output");
  ends_.clear();
  hello_.reset();
  start_script(std::string("exec <&-;") + hello + "exec sleep 60");
  ASSERT_TRUE(run_until([&] { return hello_.has_value(); }));
  driver_->call(listen_request, [](const Reply&) {});
  EXPECT_EQ(end_reason(), "sh closed its input");
}

TEST_F(DriverProcessTest, NotReadingEndsItOnceTooMuchIsUnread) {
  start_script(std::string(hello) + "exec sleep 60");
  int lost = 0;
  const json request{{"call", "close"}, {"socket", std::string(60000, 'x')}};
  for (int i = 0; i < 25; ++i)
    driver_->call(request, [&](const Reply& r) { lost += r.lost ? 1 : 0; });
  EXPECT_EQ(end_reason(), "sh does not read its requests");
  EXPECT_EQ(lost, 25);
}

TEST_F(DriverProcessTest, ALateWriterToItsPipeDoesNotDelayTheEnd) {
  start_script(std::string(hello) + "sleep 3 & exit 5");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(end_reason(), "sh ended with status 5");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2500ms);
}

TEST_F(DriverProcessTest, TheLoopMayGoBeforeItDoes) {
  auto context = std::make_unique<boost::asio::io_context>();
  auto driver = DriverProcess::start(*context, {.argv = {"sleep", "60"}}, {});
  ASSERT_TRUE(driver);
  const int pid = (*driver)->pid();
  driver->reset();
  context.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace faultline
