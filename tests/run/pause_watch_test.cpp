#include "harness/run/pause_watch.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <array>
#include <thread>

namespace faultline {
namespace {

Nanos now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// In a process that is stopped for a while: all its processors are taken away.
Nanos longest_pause_of(Nanos stopped_for) {
  std::array<int, 2> to_child{}, from_child{};
  if (pipe(to_child.data()) != 0 || pipe(from_child.data()) != 0) return -1ns;
  const pid_t child = fork();
  if (child == 0) {
    const Nanos began = now();
    PauseWatch watch;
    char byte = 0;
    // Awake and asleep again once: the threads are there.
    std::this_thread::sleep_for(50ms);
    (void)write(from_child[1], &byte, 1);
    (void)read(to_child[0], &byte, 1);
    std::this_thread::sleep_for(50ms);
    Nanos longest{};
    for (const Pause& pause : watch.between(began, now()))
      longest = std::max(longest, pause.length);
    (void)write(from_child[1], &longest, sizeof longest);
    _exit(0);
  }
  char byte = 0;
  Nanos longest = -1ns;
  (void)read(from_child[0], &byte, 1);
  kill(child, SIGSTOP);
  std::this_thread::sleep_for(stopped_for);
  kill(child, SIGCONT);
  (void)write(to_child[1], &byte, 1);
  (void)read(from_child[0], &longest, sizeof longest);
  waitpid(child, nullptr, 0);
  for (const int fd : {to_child[0], to_child[1], from_child[0], from_child[1]}) close(fd);
  return longest;
}

TEST(PauseWatch, NoticesThatItStoodStill) {
  // It may have been about to wake: up to its whole sleep is not counted.
  EXPECT_GE(longest_pause_of(300ms), 250ms);
}

TEST(PauseWatch, KnowsNothingOfAnotherTime) {
  const Nanos began = now();
  PauseWatch watch;
  std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(watch.between(began - 10s, began - 5s).empty());
}

TEST(PauseWatch, EndsAtOnce) {
  for (int i = 0; i < 20; ++i) PauseWatch watch;  // a hang would be the failure
}

}  // namespace
}  // namespace faultline
