// What is read from sysctl.conf and `sysctl -a`. How the kernel reads numbers was compared with
// sysctl(8) on Linux 6.18.
#include "harness/tune/sysctl_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace faultline {
namespace {

std::expected<SysctlFiles, std::vector<CaseError>> read(const std::string& text, int hz = 250) {
  return read_sysctl_files({{"a.conf", text}}, hz);
}

SysctlFiles good(const std::string& text) {
  auto files = read(text);
  if (files) return std::move(*files);
  ADD_FAILURE() << to_string(files.error().front());
  return {};
}

std::string error(const std::string& text, int hz = 250) {
  const auto files = read(text, hz);
  if (files) return "no error";
  return to_string(files.error().front());
}

std::string setting(const std::string& text, const std::string& name = "tcp_syn_retries") {
  const SysctlFiles files = good(text);
  const auto found = files.settings.find("net.ipv4." + name);
  if (found == files.settings.end()) return "not set";
  return found->second.value + " at " + to_string(found->second.place);
}

std::vector<std::string> remarks(const std::string& text) {
  std::vector<std::string> all;
  for (const Remark& remark : good(text).remarks)
    all.push_back(to_string(remark.place) + ": " + remark.what);
  return all;
}

TEST(SysctlFile, EveryFormOfASetting) {
  EXPECT_EQ(setting("net.ipv4.tcp_syn_retries = 3"), "3 at a.conf:1");
  EXPECT_EQ(setting("net.ipv4.tcp_syn_retries=3\n"), "3 at a.conf:1");
  EXPECT_EQ(setting("\n# x = 1\n ; y\n\t net.ipv4.tcp_syn_retries\t=\t3 \r\n"), "3 at a.conf:4");
  EXPECT_EQ(setting("net/ipv4/tcp_syn_retries=3"), "3 at a.conf:1");
  EXPECT_EQ(setting("-net.ipv4.tcp_syn_retries=3"), "3 at a.conf:1");
  EXPECT_EQ(setting("net.ipv4.tcp_syn_retries = 0x1f"), "31 at a.conf:1");
  EXPECT_EQ(setting("net.ipv4.tcp_syn_retries = 010"), "8 at a.conf:1");
  EXPECT_EQ(setting("net.ipv4.tcp_syn_retries = 3 # three"), "3 at a.conf:1");
}

TEST(SysctlFile, WhatIsEmptySetsNothing) {
  EXPECT_TRUE(good("").settings.empty());
  EXPECT_TRUE(good("\n \n#\n;\n").settings.empty());
  EXPECT_TRUE(read_sysctl_files({}, 250)->settings.empty());
}

TEST(SysctlFile, TheLastOneWinsInAndAcrossFiles) {
  const auto files = read_sysctl_files(
      {{"a.conf",
        "net.ipv4.tcp_retries2=3\nnet.ipv4.tcp_syn_retries=1\nnet.ipv4.tcp_syn_retries=2"},
       {"-", "\nnet.ipv4.tcp_syn_retries=4\n"}},
      250);
  ASSERT_TRUE(files);
  const Setting& last = files->settings.at("net.ipv4.tcp_syn_retries");
  EXPECT_EQ(last.value, "4");
  EXPECT_EQ(to_string(last.place), "-:2");
  EXPECT_EQ(to_string(files->settings.at("net.ipv4.tcp_retries2").place), "a.conf:1");
  ASSERT_EQ(files->remarks.size(), 2);
  EXPECT_EQ(files->remarks[0].what, "overrides tcp_syn_retries = 1 of a.conf:2");
  EXPECT_EQ(files->remarks[1].what, "overrides tcp_syn_retries = 2 of a.conf:3");
}

TEST(SysctlFile, OtherKeysAreKeptApart) {
  const SysctlFiles files = good(
      "vm.swappiness = 1\nnet.ipv4.tcp_rmem = 4096 1 2\nnet.netfilter.nf_conntrack_tcp_loose=0\n"
      "net.ipv4.conf.*.rp_filter = 1\n-net.ipv4.conf.eth0.rp_filter\n");
  ASSERT_EQ(files.not_looked_at.size(), 4);
  EXPECT_EQ(files.not_looked_at[1].key, "net.ipv4.tcp_rmem");
  EXPECT_EQ(files.not_looked_at[1].value, "4096 1 2");
  EXPECT_EQ(files.not_looked_at[3].place.line, 4);
  EXPECT_TRUE(files.settings.empty());
}

TEST(SysctlFile, PatternsGiveWayToNames) {
  const SysctlFiles files = good(
      "net.ipv4.tcp_synack_retries = 2\nnet.ipv4.tcp_*_retries = "
      "7\n-net.ipv4.tcp_orphan_retries\n");
  EXPECT_EQ(files.settings.at("net.ipv4.tcp_synack_retries").value, "2");
  EXPECT_EQ(files.settings.at("net.ipv4.tcp_syn_retries").value, "7");
  EXPECT_EQ(files.settings.at("net.ipv4.tcp_syn_retries").place.line, 2);
  EXPECT_FALSE(files.settings.contains("net.ipv4.tcp_orphan_retries"));
  // A star does not cross a dot.
  EXPECT_TRUE(good("net.*.tcp_syn_retries = 7").settings.contains("net.ipv4.tcp_syn_retries"));
  EXPECT_TRUE(good("net.* = 7").settings.empty());
}

TEST(SysctlFile, RangesAreTheKernels) {
  EXPECT_EQ(error("# x\nnet.ipv4.tcp_syn_retries = 128"),
            "a.conf:2:28: error: 128 is out of range: tcp_syn_retries is a number from 1 to 127\n"
            "net.ipv4.tcp_syn_retries = 128\n"
            "                           ^");
  EXPECT_EQ(setting("net.ipv4.tcp_syn_retries = 127"), "127 at a.conf:1");
  EXPECT_TRUE(error("net.ipv4.tcp_syn_retries = 0").contains("0 is out of range"));
  EXPECT_TRUE(error("net.ipv4.tcp_retries2 = 256").contains("from 0 to 255"));
  EXPECT_EQ(setting("net.ipv4.tcp_retries2 = 255", "tcp_retries2"), "255 at a.conf:1");
  EXPECT_TRUE(error("net.ipv4.tcp_rto_max_ms = 999").contains("from 1000 to 120000"));
  EXPECT_TRUE(error("net.ipv4.tcp_early_retrans = 5").contains("from 0 to 4"));
  EXPECT_TRUE(error("net.ipv4.tcp_tw_reuse = 3").contains("from 0 to 2"));
  EXPECT_TRUE(error("net.ipv4.tcp_retries2 = 99999999999999999999").contains("out of range"));
}

// What is kept in jiffies must fit an int: INT_MAX / HZ seconds.
TEST(SysctlFile, SecondsAreBoundedByHz) {
  const std::string text = "net.ipv4.tcp_fin_timeout = 8589934";
  EXPECT_EQ(setting(text, "tcp_fin_timeout"), "8589934 at a.conf:1");
  EXPECT_TRUE(error("net.ipv4.tcp_fin_timeout = 8589935").contains("seconds from 0 to 8589934"));
  EXPECT_TRUE(error(text, 1000).contains("seconds from 0 to 2147483"));
  EXPECT_TRUE(error("net.ipv4.tcp_fin_timeout = -5").contains("-5 is out of range"));
}

TEST(SysctlFile, WhatIsNoNumberIsRefused) {
  for (const char* value : {"5s", "+5", "five", "\"5\"", "--5", "-", "0x", "08", "5,6", "0xg"})
    EXPECT_TRUE(error(std::string("net.ipv4.tcp_syn_retries = ") + value)
                    .contains(std::string("'") + value + "' is no number"))
        << value;
  EXPECT_TRUE(
      error("net.ipv4.tcp_syn_retries =").contains("a.conf:1:27: error: there is no value"));
}

TEST(SysctlFile, UnknownKeysOfTcpAreRefusedWithASuggestion) {
  EXPECT_EQ(error("net.ipv4.tcp_sin_retries = 3"),
            "a.conf:1:1: error: no kernel has a sysctl 'net.ipv4.tcp_sin_retries' (did you mean "
            "'net.ipv4.tcp_syn_retries'?)\nnet.ipv4.tcp_sin_retries = 3\n^");
  EXPECT_TRUE(error("net.ipv4.tpc_retries2 = 3").contains("did you mean 'net.ipv4.tcp_retries2'"));
  EXPECT_TRUE(error("net.ipv4.tcp_banana = 3").contains("no kernel has a sysctl"));
  EXPECT_TRUE(error("net.ipv4.tcp_tw_recycle = 1").contains("Linux 4.12 has removed"));
  EXPECT_TRUE(error("net.ipv6.tcp_syn_retries = 3")
                  .contains("it is net.ipv4.tcp_syn_retries, for IPv6 too"));
  EXPECT_TRUE(error("tcp_syn_retries = 3").contains("it is net.ipv4.tcp_syn_retries"));
}

TEST(SysctlFile, ALineThatIsNoSettingIsRefused) {
  EXPECT_EQ(error("net.ipv4.tcp_syn_retries 3\n"),
            "a.conf:1:1: error: this is no setting; write one as 'key = value'\n"
            "net.ipv4.tcp_syn_retries 3\n^");
  EXPECT_TRUE(error("=5").contains("a.conf:1:1: error: there is no key"));
  EXPECT_TRUE(error("-").contains("this is no setting"));
}

TEST(SysctlFile, AllErrorsOfAllFilesAreTold) {
  const auto files = read_sysctl_files(
      {{"a.conf", "x\nnet.ipv4.tcp_syn_retries=0\n"}, {"b.conf", "\nnet.ipv4.tcp_nope=1"}}, 250);
  ASSERT_FALSE(files);
  ASSERT_EQ(files.error().size(), 3);
  EXPECT_EQ(files.error()[1].line, 2);
  EXPECT_EQ(files.error()[2].file, "b.conf");
}

TEST(SysctlFile, ErrorsOfWhatIsNoSuchFileAreBounded) {
  std::string garbage;
  for (int i = 0; i < 100'000; ++i) garbage += "\x01\x7f\xff\n";
  const auto files = read(garbage);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().size(), 50);
}

TEST(SysctlFile, AMinusHidesWhatTheKernelRefuses) {
  EXPECT_EQ(setting("-net.ipv4.tcp_syn_retries = 500"), "not set");
  EXPECT_EQ(remarks("-net.ipv4.tcp_syn_retries = 500"),
            std::vector<std::string>{
                "a.conf:1: 500 is out of range: tcp_syn_retries is a number from 1 to 127; the '-' "
                "hides that the kernel refuses it, and tcp_syn_retries stays what it was"});
  EXPECT_EQ(good("-net.ipv4.tcp_nope = 1").not_looked_at.size(), 1);
  EXPECT_EQ(remarks("-net.ipv4.tcp_nope = 1").size(), 1);
}

TEST(SysctlFile, WhatTheKernelReadsOtherwiseIsRemarked) {
  EXPECT_EQ(remarks("net.ipv4.tcp_syn_retries = 010"),
            std::vector<std::string>{"a.conf:1: the kernel reads 010 as 8"});
  EXPECT_EQ(
      remarks("net.ipv4.tcp_syn_retries = 3 # three"),
      std::vector<std::string>{"a.conf:1: the kernel takes the 3 and ignores what stands after "
                               "it; a comment needs a line of its own"});
  EXPECT_TRUE(remarks("net.ipv4.tcp_syn_retries = 3\nnet.ipv4.tcp_orphan_retries = 0").empty());
}

// What `sysctl -a` prints on this machine is a good file, and holds all that its kernel has.
TEST(SysctlFile, ReadsWhatThisKernelHas) {
  namespace fs = std::filesystem;
  std::string text;
  for (const auto& entry : fs::directory_iterator("/proc/sys/net/ipv4"))
    if (entry.is_regular_file()) text += "net.ipv4." + entry.path().filename().string() + " = 5\n";
  const auto files = read(text);
  if (!files) {
    for (const CaseError& e : files.error())
      EXPECT_FALSE(e.what.contains("no kernel has")) << to_string(e);
  } else {
    EXPECT_FALSE(files->settings.empty());
  }
}

TEST(Sysctls, DefaultsAreThoseOfTheVersion) {
  const auto old = kernel_defaults({6, 1}), now = kernel_defaults({6, 12});
  EXPECT_EQ(old.at("net.ipv4.tcp_syn_retries"), "6");
  EXPECT_FALSE(old.contains("net.ipv4.tcp_syn_linear_timeouts"));
  EXPECT_EQ(now.at("net.ipv4.tcp_syn_linear_timeouts"), "4");
  EXPECT_FALSE(now.contains("net.ipv4.tcp_rto_max_ms"));
  EXPECT_TRUE(kernel_defaults({6, 15}).contains("net.ipv4.tcp_rto_max_ms"));
}

TEST(Sysctls, VersionsInNames) {
  EXPECT_EQ(kernel_version("6.12.117"), (KernelVersion{6, 12}));
  EXPECT_EQ(kernel_version("uml-6.1@1000"), (KernelVersion{6, 1}));
  EXPECT_EQ(kernel_version("linux-image-6.1.0-28-cloud-amd64"), (KernelVersion{6, 1}));
  EXPECT_FALSE(kernel_version("host"));
  EXPECT_FALSE(kernel_version("linux-6"));
  EXPECT_FALSE(kernel_version("6."));
}

}  // namespace
}  // namespace faultline
