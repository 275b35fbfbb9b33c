#include "harness/kernel/kernel_config.hpp"

#include <gtest/gtest.h>

#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;
using namespace std::string_literals;

// What our own recipe asks for.
std::string recipe() {
  return test::content(fs::path(FAULTLINE_SOURCE_DIR) / "harness/kernel/uml/config");
}

std::string without(std::string config, const std::string& option, const std::string& instead) {
  const std::string line = option + "=y\n";
  const size_t at = config.find(line);
  EXPECT_NE(at, config.npos) << option;
  return at == config.npos ? config : config.replace(at, line.size(), instead + "\n");
}

TEST(KernelConfig, OfOurRecipeLacksNothing) {
  EXPECT_EQ(missing_options(recipe()), Names{});
}

TEST(KernelConfig, SaysWhatIsMissing) {
  const auto lacking = [](const std::string& option) {
    const std::string off = "# " + option + " is not set";
    return missing_options(without(recipe(), option, off));
  };
  for (const std::string option :
       {"CONFIG_UML_TIME_TRAVEL_SUPPORT", "CONFIG_NETFILTER_NETLINK_QUEUE", "CONFIG_NF_TABLES",
        "CONFIG_NFT_QUEUE", "CONFIG_INET_DIAG", "CONFIG_IPV6", "CONFIG_VETH", "CONFIG_NET_NS",
        "CONFIG_PACKET"})
    EXPECT_EQ(lacking(option), Names{option});
  EXPECT_EQ(lacking("CONFIG_TCP_CONG_BBR"), Names{}) << "no case needs it";
  EXPECT_GT(missing_options("").size(), 15);
}

TEST(KernelConfig, AModuleIsNotBuiltIn) {
  EXPECT_EQ(missing_options(without(recipe(), "CONFIG_VETH", "CONFIG_VETH=m")),
            Names{"CONFIG_VETH (built in, not as a module)"});
}

TEST(KernelConfig, TheTargetOfXtablesIsAsGoodAsTheExpression) {
  const auto with = [](const std::string& others) {
    return missing_options(without(recipe(), "CONFIG_NFT_QUEUE", others));
  };
  const std::string compat = "CONFIG_NFT_COMPAT=y", target = "CONFIG_NETFILTER_XT_TARGET_NFQUEUE=y";
  EXPECT_EQ(with(compat + "\n" + target), Names{});
  EXPECT_EQ(with(compat), Names{"CONFIG_NFT_QUEUE"});
  EXPECT_EQ(with(target), Names{"CONFIG_NFT_QUEUE"});
}

TEST(KernelConfig, IsFoundInTheKernel) {
  const auto found = packed_config("code IKCFG_ST IKCFG_ST\x1f\x8b\x08 packed IKCFG_ED code");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, "\x1f\x8b\x08 packed ");
  EXPECT_FALSE(packed_config("a kernel that does not tell"));
  EXPECT_FALSE(packed_config(""));
  EXPECT_EQ(packed_config("IKCFG_ST\x1f\x8b cut off"), "\x1f\x8b cut off");
}

// `printf x | gzip -n`
const std::string packed_x = "\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\0\0\x83\x16\xdc\x8c\x01\0\0\0"s;

TEST(KernelConfig, IsReadFromAFile) {
  const test::Scratch scratch;
  const auto of = [&](const std::string& content) {
    return missing_options_of_uml(scratch.write("linux", content));
  };
  const auto told = of("ELF IKCFG_ST" + packed_x + "IKCFG_ED");
  ASSERT_TRUE(told) << told.error().what;
  ASSERT_TRUE(*told);
  EXPECT_EQ(**told, missing_options("x"));
  ASSERT_TRUE(of("ELF"));
  EXPECT_FALSE(*of("ELF"));
  ASSERT_TRUE(of(""));
  EXPECT_FALSE(*of(""));
}

TEST(KernelConfig, ThatIsTornIsAnError) {
  const test::Scratch scratch;
  const auto torn = scratch.write("linux", "IKCFG_ST" + packed_x.substr(0, 12) + "IKCFG_ED");
  const auto read = missing_options_of_uml(torn);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().what, "gzip cannot unpack the configuration in " + torn.string());
  EXPECT_FALSE(missing_options_of_uml(scratch.path() / "none"));
}

}  // namespace
}  // namespace faultline
