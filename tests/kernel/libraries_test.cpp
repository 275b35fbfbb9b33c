#include "harness/kernel/libraries.hpp"

#include <gtest/gtest.h>
#include <link.h>

#include <algorithm>
#include <set>

#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// What this program has loaded, as the loader in it tells.
std::set<std::string> loaded() {
  std::set<std::string> files;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* into) {
        if (*info->dlpi_name == '/')
          static_cast<std::set<std::string>*>(into)->insert(fs::canonical(info->dlpi_name));
        return 0;
      },
      &files);
  return files;
}

TEST(Libraries, OfAProgramAreThoseItHasWhenItRuns) {
  const auto needs = needs_of_program("/proc/self/exe");
  ASSERT_TRUE(needs) << needs.error().what;
  std::set<std::string> found = {fs::canonical(needs->loader)};
  for (const auto& [name, file] : needs->libraries) found.insert(fs::canonical(file));
  EXPECT_EQ(found, loaded());
}

TEST(Libraries, AreFoundInWhatTheLoaderSays) {
  const auto library =
      library_in("\tlibfmt.so.9 => /lib/x86_64-linux-gnu/libfmt.so.9 (0x00007f77)");
  ASSERT_TRUE(library && *library);
  EXPECT_EQ(**library, (Library{"libfmt.so.9", "/lib/x86_64-linux-gnu/libfmt.so.9"}));
  for (const char* no_file :
       {"\tlinux-vdso.so.1 (0x00007f77a58a4000)",
        "\t/lib64/ld-linux-x86-64.so.2 (0x00007f77a58a6000)",
        "\t/lib/ld-musl-x86_64.so.1 => /lib/ld-musl.so (0x00007f77)", "\tstatically linked", ""}) {
    const auto nothing = library_in(no_file);
    EXPECT_TRUE(nothing && !*nothing) << no_file;
  }
  const auto missing = library_in("\tlibgone.so.1 => not found");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().what, "its library libgone.so.1 is not there");
}

TEST(Libraries, AreNoneOfWhatIsNoProgram) {
  const test::Scratch scratch;
  const auto script = scratch.write("script", "#!/bin/sh\n");
  const auto needs = needs_of_program(script);
  ASSERT_FALSE(needs);
  EXPECT_EQ(needs.error().what, script.string() + ": not a 64-bit ELF program");
  EXPECT_FALSE(needs_of_program(scratch.path() / "nothing"));
}

// However an ELF file is cut off, nothing is read beyond its end.
TEST(Libraries, AreNotLookedForBeyondTheEndOfAFile) {
  const std::string elf = test::content("/proc/self/exe").substr(0, 2000);
  ASSERT_TRUE(loader_named_in(elf));
  EXPECT_TRUE(loader_named_in(elf)->has_value());
  for (size_t size = 0; size < elf.size(); size += 7)
    (void)loader_named_in(std::string(elf.substr(0, size)));
}

}  // namespace
}  // namespace faultline
