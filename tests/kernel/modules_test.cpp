#include "harness/kernel/modules.hpp"

#include <gtest/gtest.h>

#include "harness/kernel/tool.hpp"
#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;
using namespace std::string_literals;

// As much of a module as is looked at.
std::string module_needing(const std::string& names) {
  return "\x7f"
         "ELF…\0license=GPL\0depends="s +
         names + "\0retpoline=Y\0"s;
}

std::string with_signature(const std::string& module, const std::string& signature) {
  return module + signature + "\0\0\2\0\0\0\0\0\0\0\1\2"s + "~Module signature appended~\n";
}

// A kernel whose modules' files are their contents.
struct Kernel {
  ModuleTree tree;
  std::map<std::string, std::string> content;
  void add(const std::string& name, const std::string& needs) {
    tree.files[name] = name;
    content[name] = module_needing(needs);
  }
  [[nodiscard]] Result<ModulePlan> plan(const std::vector<ModuleNeed>& needs) const {
    return plan_modules(tree, needs, [this](const fs::path& file) {
      return Result<std::string>(content.at(file));
    });
  }
};

Names names(const ModulePlan& plan) {
  Names all;
  for (const auto& module : plan.in_order) all.push_back(module.name);
  return all;
}

TEST(Modules, HaveTheirNamesInTheirPaths) {
  EXPECT_EQ(module_name("kernel/net/netfilter/nft_queue.ko"), "nft_queue");
  EXPECT_EQ(module_name("/lib/modules/6.1/kernel/a/crc32c-intel.ko.xz"), "crc32c_intel");
  EXPECT_EQ(module_name("x.ko.zst"), "x");
  EXPECT_EQ(module_name("x.ko.gz"), "x");
  EXPECT_EQ(module_name("modules.order"), "");
  EXPECT_EQ(module_name("x.ko.sig"), "");
}

TEST(Modules, SayWhatTheyDependOn) {
  EXPECT_EQ(dependencies_in(module_needing("nfnetlink,lib-crc32c")),
            (Names{"nfnetlink", "lib_crc32c"}));
  EXPECT_EQ(dependencies_in(module_needing("")), Names{});
  EXPECT_EQ(dependencies_in("\0softdepends=x\0"s), Names{});
  EXPECT_EQ(dependencies_in("\0depends=a,b"s), (Names{"a", "b"}));
}

TEST(Modules, LoseTheirSignatures) {
  const std::string module = "module", signature(258, 's');
  EXPECT_EQ(without_signature(with_signature(module, signature)), module);
  EXPECT_EQ(without_signature(module), module);
  EXPECT_EQ(without_signature(""), "");
  const std::string lies = with_signature("", "shorter than it says");
  EXPECT_EQ(without_signature(lies), lies);
  const std::string torn = "\1\2~Module signature appended~\n";
  EXPECT_EQ(without_signature(torn), torn);
}

TEST(Modules, ComeAfterThoseTheyDependOn) {
  Kernel kernel;
  kernel.add("queue", "tables");
  kernel.add("tables", "netlink,crc,base");
  kernel.add("netlink", "base");
  kernel.add("base", "");
  kernel.tree.built_in = {"crc", "ipv6"};
  const auto plan = kernel.plan({{{{"queue"}}, "CONFIG_QUEUE"},
                                 {{{"ipv6"}}, "CONFIG_IPV6"},
                                 {{{"netlink"}}, "CONFIG_NETLINK"}});
  ASSERT_TRUE(plan) << plan.error().what;
  EXPECT_EQ(names(*plan), (Names{"base", "netlink", "tables", "queue"}));
  EXPECT_EQ(plan->not_there, Names{});
}

TEST(Modules, ThatAreNotThereAreNamedByTheirOptions) {
  Kernel kernel;
  kernel.add("compat", "");
  const std::vector<ModuleNeed> needs = {{{{"queue"}, {"compat", "target"}}, "CONFIG_QUEUE"},
                                         {{{"diag"}}, "CONFIG_DIAG"}};
  EXPECT_EQ(kernel.plan(needs)->not_there, (Names{"CONFIG_QUEUE", "CONFIG_DIAG"}));
  kernel.add("target", "");
  const auto plan = kernel.plan(needs);
  EXPECT_EQ(plan->not_there, Names{"CONFIG_DIAG"});
  EXPECT_EQ(names(*plan), (Names{"compat", "target"}));
}

TEST(Modules, MissingADependencyAreAnError) {
  Kernel kernel;
  kernel.add("queue", "tables");
  kernel.add("tables", "gone");
  const auto plan = kernel.plan({{{{"queue"}}, "CONFIG_QUEUE"}});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().what, "queue: tables: the kernel has no module gone");
}

// A circle cannot be loaded, but it can be left.
TEST(Modules, InACircleAreTakenOnce) {
  Kernel kernel;
  kernel.add("a", "b");
  kernel.add("b", "a");
  EXPECT_EQ(names(*kernel.plan({{{{"a"}}, "CONFIG_A"}})), (Names{"b", "a"}));
}

TEST(Modules, AreFoundInTheirFolder) {
  const test::Scratch scratch;
  scratch.write("kernel/drivers/virtio-pci.ko.xz", "");
  scratch.write("modules.builtin", "kernel/net/ipv6/ipv6.ko\nkernel/crc32c-generic.ko\n");
  const auto tree = read_module_tree(scratch.path());
  ASSERT_TRUE(tree) << tree.error().what;
  EXPECT_EQ(tree->built_in, (std::set<std::string>{"crc32c_generic", "ipv6"}));
  EXPECT_EQ(tree->files.at("virtio_pci"), scratch.path() / "kernel/drivers/virtio-pci.ko.xz");
  const auto nothing = read_module_tree(scratch.path() / "kernel/drivers");
  ASSERT_FALSE(nothing);
  EXPECT_NE(nothing.error().what.find("holds no modules of a kernel"), std::string::npos);
}

TEST(Modules, AreUnpacked) {
  const test::Scratch scratch;
  const std::string module = module_needing("x") + std::string(300'000, '\0');
  const auto file = scratch.write("m.ko", module);
  EXPECT_EQ(read_module(file), module);
  for (const auto& [tool, end] : {std::pair{"xz", ".xz"}, {"zstd", ".zst"}, {"gzip", ".gz"}}) {
    if (!have_tool(tool)) continue;
    Watcher nobody;
    const fs::path packed = file.string() + end;
    ASSERT_TRUE(run_tool({tool, "-k", file.string()}, nobody, [](std::string_view) {}));
    EXPECT_EQ(read_module(packed), module) << tool;
    scratch.write("m.ko"s + end, "nonsense");
    EXPECT_EQ(read_module(packed).error().what, tool + " cannot unpack "s + packed.string());
  }
}

TEST(Modules, CannotBeUnpackedWithoutTheTool) {
  test::Scratch scratch;
  const auto file = scratch.write("m.ko.xz", "");
  scratch.only({});
  EXPECT_EQ(read_module(file).error().what,
            file.string() + " cannot be unpacked: there is no xz (apt-get install xz-utils)");
}

TEST(Modules, ThatGuestsNeedHaveAnOptionEach) {
  for (const ModuleNeed& need : guest_needs()) {
    EXPECT_TRUE(need.option.starts_with("CONFIG_"));
    EXPECT_FALSE(need.choices.empty());
  }
}

}  // namespace
}  // namespace faultline
