// Read back by cpio, which others wrote.
#include "harness/kernel/initramfs.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/kernel/tool.hpp"
#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using test::content;
using test::Scratch;

constexpr uint32_t plain = S_IFREG | 0644;

// The archive's listing, or its content unpacked into `folder`.
std::string cpio(const Scratch& scratch, const std::string& archive, const std::string& how) {
  const fs::path file = scratch.write("archive", archive);
  std::string said;
  Watcher nobody;
  const auto end = run_tool(
      {"sh", "-c", "cd " + scratch.path().string() + " && cpio " + how + " --quiet <archive"},
      nobody, [&](std::string_view line) { said.append(line).push_back('\n'); });
  EXPECT_TRUE(end && end->status == 0);
  return said;
}

std::string made(std::vector<ArchiveEntry> entries) {
  const auto archive = initramfs(entries);
  EXPECT_TRUE(archive) << archive.error().what;
  return archive.value_or("");
}

TEST(Initramfs, IsListedByCpio) {
  const Scratch scratch;
  if (!have_tool("cpio")) GTEST_SKIP() << "no cpio to read it with";
  const auto archive =
      made({{.path = "/a/b/one", .mode = plain, .content = "1"},
            {.path = "a/b/two", .mode = plain, .content = "22"},
            {.path = "/dev", .mode = S_IFDIR | 0700},
            {.path = "/dev/console", .mode = S_IFCHR | 0600, .major = 5, .minor = 1}});
  EXPECT_EQ(cpio(scratch, archive, "-t"), "a\na/b\na/b/one\na/b/two\ndev\ndev/console\n");
  const std::string listed = cpio(scratch, archive, "-tvn");
  EXPECT_NE(listed.find("crw-------   1 0        0          5,   1 Jan  1  1970 dev/console"),
            std::string::npos)
      << listed;
  EXPECT_NE(listed.find("drwx------"), std::string::npos) << listed;
}

TEST(Initramfs, IsUnpackedByCpioWithAllItsContent) {
  const Scratch scratch;
  if (!have_tool("cpio")) GTEST_SKIP() << "no cpio to read it with";
  std::vector<ArchiveEntry> entries;
  for (size_t size = 0; size < 9; ++size)  // all remainders of four, in names and in contents
    entries.push_back({.path = "out/" + std::string(size + 1, 'n'),
                       .mode = plain,
                       .content = std::string(size, '\0')});
  const fs::path file = scratch.write("from", std::string(100'000, 'x'));
  entries.push_back({.path = "/out/taken", .mode = S_IFREG | 0755, .taken_from = file});
  entries.push_back({.path = "/out/link", .mode = S_IFLNK | 0777, .content = "taken"});
  cpio(scratch, made(entries), "-i");
  for (size_t size = 0; size < 9; ++size)
    EXPECT_EQ(content(scratch.path() / "out" / std::string(size + 1, 'n')),
              std::string(size, '\0'));
  EXPECT_EQ(content(scratch.path() / "out/link"), content(file));
  EXPECT_EQ(fs::status(scratch.path() / "out/taken").permissions(), fs::perms(0755));
}

TEST(Initramfs, OfTheSameEntriesIsTheSame) {
  const std::vector<ArchiveEntry> entries = {{.path = "x/y", .mode = plain, .content = "z"}};
  EXPECT_EQ(made(entries), made(entries));
}

TEST(Initramfs, HoldsAPathOnce) {
  const std::vector<ArchiveEntry> entries = {{.path = "/x", .mode = plain},
                                             {.path = "x", .mode = plain}};
  const auto archive = initramfs(entries);
  ASSERT_FALSE(archive);
  EXPECT_EQ(archive.error().what, "x is twice in an initramfs");
}

TEST(Initramfs, SaysWhatCannotBeRead) {
  const std::vector<ArchiveEntry> entries = {
      {.path = "/x", .mode = plain, .taken_from = "/no/such/file"}};
  const auto archive = initramfs(entries);
  ASSERT_FALSE(archive);
  EXPECT_EQ(archive.error().what, "opening /no/such/file: No such file or directory");
}

}  // namespace
}  // namespace faultline
