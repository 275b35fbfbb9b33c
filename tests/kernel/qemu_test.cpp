#include "harness/kernel/qemu.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using test::content;
using test::Scratch;

// The head of a kernel image, with its version where the head says.
std::string image(const std::string& version) {
  std::string bytes(0x400, '\0');
  bytes.replace(0x202, 4, "HdrS");
  bytes[0x20f] = 1;  // 0x100 after 0x200
  return bytes.replace(0x300, version.size(), version);
}

bool has(const std::vector<std::string>& argv, const std::string& key, const std::string& value) {
  const auto at = std::ranges::find(argv, key);
  return at != argv.end() && std::next(at) != argv.end() && *std::next(at) == value;
}

TEST(Qemu, ReadsTheVersionOfAnImage) {
  EXPECT_EQ(bzimage_version(image("6.1.0-56-cloud-amd64 (debian-kernel@x) #1")),
            "6.1.0-56-cloud-amd64");
  EXPECT_EQ(bzimage_version("\x7f"
                            "ELF"),
            std::nullopt);
  const std::string whole = image("6.1");
  for (size_t size = 0; size < whole.size(); size += 3) {
    const auto version = bzimage_version(std::string(whole.substr(0, size)));
    EXPECT_TRUE(!version || std::string("6.1").starts_with(*version));
  }
  std::string beyond = image("6.1");
  beyond[0x20f] = '\x7f';
  EXPECT_EQ(bzimage_version(beyond), std::nullopt);
}

TEST(Qemu, FindsModulesBesideAKernel) {
  const Scratch scratch;
  const fs::path kernel = scratch.path() / "boot/vmlinuz-V";
  EXPECT_EQ(modules_beside(kernel, "V"), std::nullopt);
  fs::create_directories(scratch.path() / "usr/lib/modules/V/kernel");
  EXPECT_EQ(modules_beside(kernel, "V"), scratch.path() / "usr/lib/modules/V");
  fs::create_directories(scratch.path() / "lib/modules/V/kernel");
  EXPECT_EQ(modules_beside(kernel, "V"), scratch.path() / "lib/modules/V");
  EXPECT_EQ(modules_beside(scratch.path() / "lib/modules/V/vmlinuz", "V"),
            scratch.path() / "lib/modules/V");
}

TEST(Qemu, TakesOnlyAKernel) {
  const Scratch scratch;
  scratch.program("qemu-system-x86_64", "");
  const auto file = scratch.write("file", "nothing like it");
  EXPECT_EQ(qemu_kernel(file).error().what,
            file.string() + " is no kernel for x86 machines (a bzImage)");
  EXPECT_EQ(qemu_kernel("/no/such").error().what, "opening /no/such: No such file or directory");
}

TEST(Qemu, IsAskedForWhereItIsNotThere) {
  Scratch scratch;
  const auto file = scratch.write("vmlinuz", image("6.1"));
  scratch.only({});
  EXPECT_EQ(qemu_kernel(file).error().what,
            "there is no qemu-system-x86_64 to run this kernel with:\n  apt-get install "
            "--no-install-recommends qemu-system-x86");
}

TEST(Qemu, KernelSaysWhatItLacks) {
  const Scratch scratch;
  scratch.program("qemu-system-x86_64", "");
  const auto file = scratch.write("boot/vmlinuz-V", image("V"));
  EXPECT_FALSE(qemu_kernel(file)->not_there) << "without modules all may be built in";
  scratch.write(
      "lib/modules/V/modules.builtin",
      "kernel/virtio_pci.ko\nkernel/virtio_console.ko\nkernel/ipv6.ko\nkernel/tcp_diag.ko\n"
      "kernel/af_packet.ko\nkernel/nf_tables.ko\nkernel/nft_queue.ko\n");
  scratch.write("lib/modules/V/kernel/veth.ko", "");
  const auto kernel = qemu_kernel(file);
  ASSERT_TRUE(kernel) << kernel.error().what;
  EXPECT_EQ(kernel->version, "V");
  EXPECT_EQ(kernel->not_there, std::vector<std::string>{"CONFIG_NETFILTER_NETLINK_QUEUE"});
}

TEST(Qemu, LaunchesTheProgramWithItsPlan) {
  const Scratch scratch;
  QemuKernel kernel{.vmlinuz = "/boot/vmlinuz-V"};
  kernel.modules = {
      {.path = "/modules.list", .mode = S_IFREG | 0644, .content = "/modules/x.ko\n"}};
  const fs::path folder = scratch.path() / "a,b";
  fs::create_directory(folder);
  const auto launch = qemu_launch(kernel, "/proc/self/exe", "the plan", folder);
  ASSERT_TRUE(launch) << launch.error().what;
  EXPECT_EQ(launch->argv.front(), "qemu-system-x86_64");
  EXPECT_EQ(launch->channel, folder / "channel");
  EXPECT_EQ(content(launch->channel), "");
  EXPECT_TRUE(has(launch->argv, "-kernel", "/boot/vmlinuz-V"));
  EXPECT_TRUE(has(launch->argv, "-chardev",
                  "file,id=channel,path=" + scratch.path().string() + "/a,,b/channel"));
  const auto& append = launch->argv.back();
  EXPECT_TRUE(append.ends_with(" -- guest /plan /dev/vport0p1")) << append;
  const std::string archive = content(folder / "initrd");
  for (const char* part : {"the plan", "/modules/x.ko\n", "ld-linux-x86-64.so.2", "TRAILER!!!"})
    EXPECT_NE(archive.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace faultline
