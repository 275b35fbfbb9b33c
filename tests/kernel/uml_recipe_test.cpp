// The recipe itself, on a source that has of a kernel only what the recipe touches.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>

#include "harness/kernel/tool.hpp"
#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using test::content;
using test::Scratch;
using Lines = std::vector<std::string>;

constexpr auto makefile = R"(
tinyconfig: ; echo "# CONFIG_NET is not set" >.config
olddefconfig: ; sed -n '/^config HZ/,/default/s/.*default \([0-9]*\).*/CONFIG_HZ=\1/p' arch/um/Kconfig >>.config
linux: ; @echo '  CC      init/main.o'; echo 'warning: x'; echo '  LINK linux'; cp /bin/true linux
)";
constexpr auto timekeeping = R"(
static int itimer_next_event(x)
	delta += 1;
}
	.max_delta_ns		= 0xffffffff,
	.max_delta_ticks	= 0xffffffff,
static u64 timer_read(x)
	time_travel_update_time_rel(TIMER_MULTIPLIER);
}
)";
constexpr auto registers = R"(
	if (have_xstate_support) {
		iov.iov_len = FP_SIZE * sizeof(unsigned long);
		if (ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &iov) < 0)
	if (have_xstate_support) {
		iov.iov_len = FP_SIZE * sizeof(unsigned long);
		if (ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &iov) < 0)
	iov.iov_len = FP_SIZE * sizeof(unsigned long);
		have_xstate_support = 1;
)";

class UmlRecipe : public testing::Test {
 protected:
  UmlRecipe() {
    source("Makefile", makefile);
    source("arch/um/Kconfig", "config HZ\n\tint\n\tdefault 100\n");
    source("arch/um/kernel/time.c", timekeeping);
    source("arch/um/include/linux/time-internal.h",
           "#define TIMER_MULTIPLIER 256\n#define TIMER_MIN_DELTA  500\n");
    source("arch/um/kernel/skas/syscall.c", "\tum_udelay(1);\n");
    source("arch/um/os-Linux/main.c", "#include <sys/resource.h>\n\tset_stklim();\n");
    source("arch/um/os-Linux/mem.c", "\tfd = make_tempfile(TEMPNAME_TEMPLATE);\n");
    source("arch/um/os-Linux/util.c", "\treturn getrandom(buf, len, flags);\n");
    source("drivers/char/random.c", "\t_mix_pool_bytes(command_line, strlen(command_line));\n");
    source("arch/x86/um/user-offsets.c", "\tDEFINE_LONGS(HOST_FP_SIZE, 2696);\n");
    source("arch/x86/um/os-Linux/registers.c", registers);
  }
  void source(const std::string& file, const std::string& text) const {
    scratch_.write("linux-source/" + file, text);
  }
  // What the recipe says on its standard error.
  Lines run() {
    const std::string folder = scratch_.path().string();
    EXPECT_EQ(std::system(("tar -C " + folder + " -cf " + folder + "/x.tar linux-source").c_str()),
              0);
    Watcher nobody;
    const auto end = run_tool({FAULTLINE_SOURCE_DIR "/harness/kernel/uml/build", folder + "/x.tar",
                               folder + "/work", "300", "1"},
                              nobody, [this](std::string_view line) { out_.emplace_back(line); });
    EXPECT_TRUE(end);
    worked_ = end && end->status == 0;
    return end ? end->said : Lines{};
  }
  [[nodiscard]] std::string built(const std::string& file) const {
    return content(scratch_.path() / "work/source" / file);
  }
  [[nodiscard]] bool kernel_is_there() const { return fs::exists(scratch_.path() / "work/linux"); }

  Scratch scratch_;
  Lines out_;
  bool worked_ = false;
};

TEST_F(UmlRecipe, MendsConfiguresAndBuilds) {
  EXPECT_EQ(run(), Lines{});
  EXPECT_TRUE(worked_);
  EXPECT_TRUE(kernel_is_there());
  ASSERT_EQ(out_.size(), 3U);
  EXPECT_TRUE(out_[0].starts_with("progress 0 ")) << out_[0];
  EXPECT_TRUE(out_[2].starts_with("progress 2 ")) << out_[2];
  EXPECT_NE(content(scratch_.path() / "work/log").find("warning: x"), std::string::npos);
  EXPECT_NE(built("arch/um/Kconfig").find("default 300"), std::string::npos);
  EXPECT_NE(built(".config").find("CONFIG_NFT_QUEUE=y\n"), std::string::npos);
  EXPECT_EQ(built("drivers/char/random.c"), "");
  EXPECT_EQ(built("arch/um/kernel/time.c"), R"(
static int itimer_next_event(x)
	
}
	.max_delta_ns		= 0x7fffffffffffffff,
	.max_delta_ticks	= 0x7fffffffffffffff,
static u64 timer_read(x)
	(void)0;
}
)");
  EXPECT_EQ(built("arch/um/include/linux/time-internal.h"),
            "#define TIMER_MULTIPLIER 1\n#define TIMER_MIN_DELTA  1\n");
  EXPECT_EQ(built("arch/um/kernel/skas/syscall.c"), "\t\n");
  EXPECT_EQ(built("arch/x86/um/user-offsets.c"), "\tDEFINE_LONGS(HOST_FP_SIZE, 12288);\n");
}

TEST_F(UmlRecipe, RestoresRegistersInTheLengthInWhichTheyCame) {
  run();
  EXPECT_EQ(built("arch/x86/um/os-Linux/registers.c"), R"(
	if (have_xstate_support) {
		iov.iov_len = have_xstate_support;
		if (ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &iov) < 0)
	if (have_xstate_support) {
		iov.iov_len = have_xstate_support;
		if (ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &iov) < 0)
	iov.iov_len = FP_SIZE * sizeof(unsigned long);
		have_xstate_support = iov.iov_len;
)");
}

TEST_F(UmlRecipe, HasTheKernelStartItselfAgainWithoutAddressRandomization) {
  run();
  EXPECT_EQ(built("arch/um/os-Linux/main.c"),
            "#include <sys/personality.h>\n#include <sys/resource.h>\n"
            "\tif ((ret = personality(0xffffffff)) >= 0 && !(ret & ADDR_NO_RANDOMIZE) && "
            "personality(ret | ADDR_NO_RANDOMIZE) >= 0) execve(\"/proc/self/exe\", argv, envp);\n"
            "\tset_stklim();\n");
  source("arch/um/os-Linux/main.c", "personality(PER_LINUX | ADDR_NO_RANDOMIZE);\n");
  EXPECT_EQ(run(), Lines{});
  EXPECT_TRUE(worked_);
}

TEST_F(UmlRecipe, KeepsAGuestsMemoryOutOfFolders) {
  run();
  EXPECT_EQ(built("arch/um/os-Linux/mem.c"), "\tfd = memfd_create(\"memory\", MFD_CLOEXEC);\n");
}

TEST_F(UmlRecipe, LeavesAKernelAloneThatAsksForTheSizeOfTheXsaveArea) {
  source("arch/x86/um/os-Linux/registers.c", "host_fp_size = iov.iov_len;\n");
  source("arch/x86/um/user-offsets.c", "");
  EXPECT_EQ(run(), Lines{});
  EXPECT_TRUE(worked_);
  EXPECT_EQ(built("arch/x86/um/os-Linux/registers.c"), "host_fp_size = iov.iov_len;\n");
}

TEST_F(UmlRecipe, RefusesASourceThatAMendDoesNotFit) {
  for (const char* file : {"arch/um/Kconfig", "arch/um/kernel/time.c", "arch/um/os-Linux/mem.c",
                           "arch/um/os-Linux/util.c", "drivers/char/random.c",
                           "arch/x86/um/user-offsets.c", "arch/x86/um/os-Linux/registers.c"}) {
    const std::string before = content(scratch_.path() / "linux-source" / file);
    source(file, "/* rewritten */\n");
    const Lines said = run();
    EXPECT_FALSE(worked_ || kernel_is_there()) << file;
    ASSERT_EQ(said.size(), 1U) << file;
    EXPECT_TRUE(
        said[0].starts_with("a mend does not fit this kernel source: in " + std::string(file)))
        << said[0];
    source(file, before);
  }
}

TEST_F(UmlRecipe, NamesTheOptionsThatWentMissing) {
  source("Makefile", std::string(makefile) +
                         "\nolddefconfig: lose\n"
                         "lose: ; sed -i '/VETH/d' .config; echo CONFIG_WLAN=m >>.config\n");
  EXPECT_EQ(run(), (Lines{"this kernel source does not take these options:", "  CONFIG_VETH=y",
                          "  # CONFIG_WLAN is not set"}));
  EXPECT_FALSE(worked_ || kernel_is_there());
}

TEST_F(UmlRecipe, SaysWhenTheKernelDoesNotCompile) {
  source("Makefile", std::string(makefile) + "\nlinux: broken\nbroken: ; @echo oops; false\n");
  EXPECT_EQ(run(), (Lines{"the kernel does not compile"}));
  EXPECT_FALSE(worked_ || kernel_is_there());
  EXPECT_NE(content(scratch_.path() / "work/log").find("oops"), std::string::npos);
}

TEST_F(UmlRecipe, RefusesWhatIsNoArchive) {
  const fs::path tarball = scratch_.write("x.tar.xz", "no archive");
  Watcher nobody;
  const auto end = run_tool({FAULTLINE_SOURCE_DIR "/harness/kernel/uml/build", tarball.string(),
                             (scratch_.path() / "work").string(), "250", "1"},
                            nobody, [](std::string_view) {});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->said, (Lines{"the kernel source " + tarball.string() + " cannot be unpacked"}));
}

}  // namespace
}  // namespace faultline
