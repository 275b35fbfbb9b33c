#include "harness/trace/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faultline {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  FileTest() { fs::create_directory(folder); }
  ~FileTest() override { fs::remove_all(folder); }

  [[nodiscard]] size_t files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder), {}));
  }

  fs::path folder = fs::temp_directory_path() / fmt::format("faultline-file-{}", ::getpid());
};

TEST_F(FileTest, WhatIsWrittenIsRead) {
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(write_file(folder / "x", content));
  EXPECT_EQ(read_file(folder / "x", 4).value(), content);
  EXPECT_EQ(files(), 1U);
}

TEST_F(FileTest, ReplacesWhatWasThere) {
  ASSERT_TRUE(write_file(folder / "x", "a longer former content"));
  ASSERT_TRUE(write_file(folder / "x", "new"));
  EXPECT_EQ(read_file(folder / "x", 100).value(), "new");
  EXPECT_EQ(files(), 1U);
}

TEST_F(FileTest, ALinkStaysAndItsTargetIsWritten) {
  ASSERT_TRUE(write_file(folder / "x", "old"));
  fs::create_symlink("x", folder / "link");
  ASSERT_TRUE(write_file(folder / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "x", 100).value(), "new");
}

TEST_F(FileTest, WhatIsNoFileIsWrittenAndNotReplaced) {
  fs::create_symlink("/dev/null", folder / "null");
  ASSERT_TRUE(write_file(folder / "null", "x"));
  EXPECT_TRUE(fs::is_character_file(folder / "null"));
  fs::create_symlink("/dev/full", folder / "full");
  const auto written = write_file(folder / "full", "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().what,
            "writing " + (folder / "full").string() + ": No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

// As /dev/stdout is one where standard output is a pipe.
TEST_F(FileTest, ALinkToWhatHasNoNameIsWrittenThrough) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  fs::create_symlink("/proc/self/fd/" + std::to_string(ends[1]), folder / "out");
  ASSERT_TRUE(write_file(folder / "out", "x"));
  EXPECT_TRUE(fs::is_symlink(folder / "out"));
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
  close(ends[0]);
  close(ends[1]);
  fs::create_symlink(folder / "later", folder / "dangling");
  ASSERT_TRUE(write_file(folder / "dangling", "new"));
  EXPECT_TRUE(fs::is_symlink(folder / "dangling"));
  EXPECT_EQ(read_file(folder / "later", 100).value(), "new");
}

TEST_F(FileTest, APipeIsWrittenAndNotReplaced) {
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_TRUE(write_file(pipe, "x"));
  EXPECT_TRUE(fs::is_fifo(pipe));
  char byte = 0;
  EXPECT_EQ(read(reader, &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
  ::close(reader);
}

// More than a pipe holds is written as its reader takes it.
TEST_F(FileTest, ALongTextGoesThroughAPipeWhole) {
  const std::string text(size_t{1} << 20, 'x');
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    const bool written{write_file("/dev/fd/" + std::to_string(ends[1]), text)};
    ::_exit(written ? 0 : 1);
  }
  ::close(ends[1]);
  EXPECT_EQ(read_file("/dev/fd/" + std::to_string(ends[0]), size_t{2} << 20).value(), text);
  int status = 1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ::close(ends[0]);
}

// Who would wait for its reader could wait for ever.
TEST_F(FileTest, APipeThatNobodyReadsIsAnError) {
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(write_file(pipe, "x").error().what,
            "writing " + pipe.string() + ": nobody reads from that pipe");
}

TEST_F(FileTest, AFailedWriteLeavesNothingBehind) {
  fs::create_directory(folder / "taken");
  const auto written = write_file(folder / "taken", "x");  // a folder cannot be replaced by a file
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().what, "writing " + (folder / "taken").string() + ": Is a directory");
  EXPECT_EQ(files(), 1U);
}

TEST_F(FileTest, TheFolderMustExist) {
  const auto path = folder / "none" / "x";
  EXPECT_EQ(write_file(path, "x").error().what,
            "writing " + path.string() + ": No such file or directory");
}

TEST_F(FileTest, TheLimitIsInclusive) {
  ASSERT_TRUE(write_file(folder / "x", "12345"));
  EXPECT_TRUE(read_file(folder / "x", 5));
  EXPECT_FALSE(read_file(folder / "x", 4));
  EXPECT_EQ(read_file("/dev/zero", size_t{3} << 20).error().what,
            "/dev/zero is larger than 3 MiB, the most that is read");
}

TEST_F(FileTest, WhatCannotBeReadIsAnError) {
  EXPECT_EQ(read_file(folder / "x", 5).error().what,
            "opening " + (folder / "x").string() + ": No such file or directory");
  EXPECT_EQ(read_file(folder, 5).error().what, "reading " + folder.string() + ": Is a directory");
}

TEST_F(FileTest, PipesAreRead) {
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  if (::fork() == 0) {
    const bool written = static_cast<bool>(std::freopen(pipe.c_str(), "w", stdout)) &&
                         std::fputs("through a pipe", stdout) >= 0 && std::fflush(stdout) == 0;
    ::_exit(written ? 0 : 1);
  }
  EXPECT_EQ(read_file(pipe, 100).value(), "through a pipe");
}

}  // namespace
}  // namespace faultline
