// Boots a distribution's kernel, some five seconds each time. Skipped where there is no QEMU or no
// kernel to be had.
#include <gtest/gtest.h>

#include <chrono>

#include "harness/kernel/cache.hpp"
#include "harness/kernel/deb.hpp"
#include "harness/kernel/qemu.hpp"
#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct Ran {
  std::string channel, console;
  std::chrono::nanoseconds took{};
};

class QemuBoot : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    Watcher watcher{.say = [](const std::string&) {}, .count = {}};
    const auto cache = cache_folder();
    if (!cache || !have_tool("qemu-system-x86_64")) return;
    package = kernel_package("linux-image-6.1*-cloud-amd64", *cache, watcher);
    if (package) kernel = qemu_kernel(package->vmlinuz);
  }
  void SetUp() override {
    if (!package) GTEST_SKIP() << package.error().what;
    ASSERT_TRUE(kernel) << kernel.error().what;
    EXPECT_EQ(kernel->not_there, std::vector<std::string>{});
  }
  Ran boot(const std::string& plan) {
    const fs::path program = fs::canonical("/proc/self/exe").parent_path() / "qemu_stand_in";
    const auto launch = qemu_launch(*kernel, program, plan, scratch.path());
    EXPECT_TRUE(launch) << launch.error().what;
    if (!launch) return {};
    Watcher watcher;
    Ran ran;
    const auto began = std::chrono::steady_clock::now();
    const auto end = run_tool(launch->argv, watcher, [&](std::string_view line) {
      ran.console.append(line).push_back('\n');
    });
    EXPECT_TRUE(end && end->status == 0);
    ran.took = std::chrono::steady_clock::now() - began;
    ran.channel = test::content(launch->channel);
    return ran;
  }

  test::Scratch scratch;
  static inline Result<KernelPackage> package = fail("no QEMU, or no folder for kernels");
  static inline Result<QemuKernel> kernel;
};

TEST_F(QemuBoot, HasAllThatCasesNeedAndIsTheSameEveryTime) {
  const Ran first = boot("probe");
  EXPECT_EQ(first.channel.find("bad "), std::string::npos) << first.channel;
  EXPECT_TRUE(first.channel.ends_with("end\n")) << first.channel << first.console;
  const Ran second = boot("probe");
  EXPECT_EQ(second.channel, first.channel);
  EXPECT_EQ(second.console, first.console);
}

TEST_F(QemuBoot, LosesNothingOfWhatIsWrittenBeforeTheEnd) {
  const Ran ran = boot("pour");
  ASSERT_EQ(ran.channel.size(), 640 * 65536 + 4) << ran.console;
  for (size_t i = 0; i < 640; ++i)
    ASSERT_EQ(ran.channel[i * 65536 + i], 'a' + static_cast<int>(i % 26));
  EXPECT_TRUE(ran.channel.ends_with("end\n"));
}

TEST_F(QemuBoot, EndsWithAPanic) {
  const Ran ran = boot("die");
  EXPECT_EQ(ran.channel, "");
  EXPECT_NE(ran.console.find("Kernel panic - not syncing: Attempted to kill init!"),
            std::string::npos)
      << ran.console;
}

}  // namespace
}  // namespace faultline
