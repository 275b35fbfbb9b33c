// Virtual time where a container's rules hold: what seccomp profiles refuse, folders that cannot be
// written or run no programs. Skipped where the kernel has not been built (`faultline kernel build
// uml-6.12`).
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

template <size_t length>
void install(sock_filter (&filter)[length]) {
  const sock_fprog program{.len = length, .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(125);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) _exit(125);
}

constexpr uint32_t refused = SECCOMP_RET_ERRNO | EPERM;

void refuse_ptrace() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, refused),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  install(filter);
}

// As the default profiles of podman and docker: asking is allowed, ADDR_NO_RANDOMIZE is not.
void refuse_fixed_addresses() {
  constexpr uint32_t ask = 0xffffffff;
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_personality, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ask, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, ADDR_NO_RANDOMIZE, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, refused),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  install(filter);
  if (personality(ADDR_NO_RANDOMIZE) != -1) _exit(125);
}

void have_mounts_of_its_own() {
  const bool root = geteuid() == 0;
  if (unshare(CLONE_NEWNS | (root ? 0 : CLONE_NEWUSER)) != 0) _exit(125);
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) _exit(125);
}

// An empty /tmp of these flags. Where programs are and what the test writes must not be in it, but
// for the folder in which this process is.
void mount_tmp(unsigned long flags) {
  have_mounts_of_its_own();
  if (mount("none", "/tmp", "tmpfs", flags, "mode=1777") != 0) _exit(125);
}

void mount_small(const fs::path& folder) {
  have_mounts_of_its_own();
  if (mount("none", folder.c_str(), "tmpfs", 0, "size=256k") != 0) _exit(125);
}

// As the engines do it where a container has no privilege.
void keep_sysctls_as_they_are() {
  constexpr auto all = "/proc/sys";
  have_mounts_of_its_own();
  if (mount(all, all, nullptr, MS_BIND, nullptr) != 0) _exit(125);
  if (mount(nullptr, all, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) _exit(125);
}

// As in a container: no /dev/net/tun.
void hide_tun() {
  have_mounts_of_its_own();
  if (fs::exists("/dev/net") && mount("none", "/dev/net", "tmpfs", 0, nullptr) != 0) _exit(125);
}

bool program_is_in_tmp() {
  return std::string(FAULTLINE_BINARY_DIR).starts_with("/tmp/");
}

class InAContainer : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("container-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    if (faultline({"kernel", "path", "uml-6.12"}, {}) != 0) GTEST_SKIP() << "uml-6.12 is not built";
  }
  void TearDown() override { fs::remove_all(folder_); }

  int faultline(std::vector<std::string> arguments, ProcessOptions options) {
    arguments.insert(arguments.begin(), std::string(FAULTLINE_BINARY_DIR) + "/faultline");
    options.folder = folder_;
    Process process(arguments, options);
    const int code = process.wait(std::chrono::minutes(3));
    said_ = process.out + process.err;
    return code;
  }
  int run(const std::string& out, const ProcessOptions& options,
          const std::string& kernel = "uml-6.12") {
    return faultline({"run", "--kernel", kernel, "--seed", "7", "--out", out, "--force", "close/*"},
                     options);
  }
  bool said(const std::string& text) const { return said_.find(text) != std::string::npos; }

  fs::path folder_;
  std::string said_;
};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// 6.1 makes its tables as large as memory and gap together ask for.
TEST_F(InAContainer, TracesAreTheSameWhereverTheGuestsMemoryBegins) {
  for (const std::string kernel : {"uml-6.12", "uml-6.1"}) {
    if (faultline({"kernel", "path", kernel}, {}) != 0) continue;
    ASSERT_EQ(run("fixed", {}, kernel), 0) << said_;
    ASSERT_EQ(run("random", {.in_child = refuse_fixed_addresses}, kernel), 0) << said_;
    size_t compared = 0;
    for (const auto& entry : fs::directory_iterator(folder_ / "fixed/close")) {
      const fs::path other = folder_ / "random/close" / entry.path().filename();
      EXPECT_TRUE(content(entry.path()) == content(other)) << kernel << " " << other;
      ++compared;
    }
    EXPECT_GT(compared, 20);
  }
}

TEST_F(InAContainer, WithoutPtraceItSaysWhatToDo) {
  EXPECT_EQ(run("none", {.in_child = refuse_ptrace}), 77) << said_;
  EXPECT_TRUE(said("refused here: Operation not permitted")) << said_;
  EXPECT_TRUE(said("--cap-add=SYS_PTRACE")) << said_;
  EXPECT_TRUE(said("--kernel host")) << said_;
  (void)faultline({"doctor"}, {.in_child = refuse_ptrace});
  EXPECT_TRUE(said("missing   virtual time: UML kernels work by ptrace")) << said_;
}

TEST_F(InAContainer, StacksOfUserSpaceNeedNoDeviceOfTheHosts) {
  if (faultline({"stack", "path", "lwip"}, {}) != 0) GTEST_SKIP() << "lwip is not built";
  EXPECT_EQ(faultline({"run", "--kernel", "uml-6.12", "--stack", "lwip", "handshake/three-way"},
                      {.in_child = hide_tun}),
            0)
      << said_;
  EXPECT_TRUE(said("4 PASS")) << said_;
}

TEST_F(InAContainer, NoFolderHasToRunPrograms) {
  if (program_is_in_tmp()) GTEST_SKIP() << "the program is in /tmp";
  EXPECT_EQ(run("out", {.in_child = [] { mount_tmp(MS_NOEXEC); }}), 0) << said_;
}

TEST_F(InAContainer, AFullFolderIsNamedWhereItCostsResults) {
  const fs::path small = folder_ / "small";
  fs::create_directories(small);
  const ProcessOptions options{.env = {{"TMPDIR", small}}, .in_child = [&] { mount_small(small); }};
  EXPECT_EQ(run("out", options), 2) << said_;
  EXPECT_TRUE(said(small.string() + " has no room left: TMPDIR names another folder")) << said_;
}

TEST_F(InAContainer, WhereSysctlsCannotBeSetNothingRunsInRealTime) {
  EXPECT_EQ(run("out", {.in_child = keep_sysctls_as_they_are}, "host"), 77) << said_;
  EXPECT_TRUE(said("tcp_syn_retries: Read-only file system. A container needs")) << said_;
  EXPECT_TRUE(said("--kernel uml-6.12 needs nothing")) << said_;
}

TEST_F(InAContainer, WhereNoFolderCanBeWrittenItSaysWhatToDo) {
  if (program_is_in_tmp()) GTEST_SKIP() << "the program is in /tmp";
  const ProcessOptions options{.env = {{"TMPDIR", ""}}, .in_child = [] { mount_tmp(MS_RDONLY); }};
  EXPECT_EQ(run("out", options), 77) << said_;
  EXPECT_TRUE(said("files: /tmp cannot be written; set TMPDIR")) << said_;
}

}  // namespace
}  // namespace faultline::test
