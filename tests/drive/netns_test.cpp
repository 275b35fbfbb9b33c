// A driver is put in the namespace of its end. Needs the right to make one.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <thread>

#include "harness/drive/driver.hpp"
#include "harness/util/fd.hpp"

namespace faultline {
namespace {

ino_t namespace_of(const std::string& process) {
  struct stat found {};
  EXPECT_EQ(::stat(("/proc/" + process + "/ns/net").c_str(), &found), 0);
  return found.st_ino;
}

TEST(DriverNamespace, IsTheOneOfItsEnd) {
  Fd other;
  std::thread([&] {
    if (::unshare(CLONE_NEWNET) == 0) {
      other.reset(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    }
  }).join();
  if (!other) GTEST_SKIP() << "no privilege to make a network namespace";

  boost::asio::io_context context;
  bool ready = false;
  auto driver =
      DriverProcess::start(context,
                           {.argv = {std::string(FAULTLINE_BINARY_DIR) + "/faultline-driver-linux"},
                            .netns_fd = other.get()},
                           {.on_ready = [&](const DriverHello&) { ready = true; }, .on_end = {}});
  ASSERT_TRUE(driver) << driver.error().what;
  while (!ready && context.run_one_for(std::chrono::seconds(10)) != 0) {
  }
  ASSERT_TRUE(ready);
  struct stat wanted {};
  ASSERT_EQ(::fstat(other.get(), &wanted), 0);
  EXPECT_EQ(namespace_of(std::to_string((*driver)->pid())), wanted.st_ino);
  EXPECT_NE(namespace_of("self"), wanted.st_ino);
}

}  // namespace
}  // namespace faultline
