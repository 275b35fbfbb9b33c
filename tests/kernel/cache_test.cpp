#include "harness/kernel/cache.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/kernel/scratch.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using test::content;
using test::Scratch;

TEST(Cache, IsWhereTheEnvironmentSays) {
  Scratch scratch;
  scratch.set("FAULTLINE_CACHE", "/a");
  scratch.set("XDG_CACHE_HOME", "/b");
  scratch.set("HOME", "/c");
  EXPECT_EQ(*cache_folder(), "/a");
  scratch.set("FAULTLINE_CACHE", "here");
  EXPECT_EQ(*cache_folder(), fs::current_path() / "here");
  scratch.set("FAULTLINE_CACHE", "");
  EXPECT_EQ(*cache_folder(), "/b/faultline");
  scratch.set("XDG_CACHE_HOME", "not/absolute");
  EXPECT_EQ(*cache_folder(), "/c/.cache/faultline");
  scratch.unset("HOME");
  EXPECT_EQ(cache_folder().error().what,
            "no folder to keep kernels and stacks in: set FAULTLINE_CACHE or HOME");
}

TEST(Cache, ThatCannotBeWrittenSaysWhatToDo) {
  const Scratch scratch;
  EXPECT_TRUE(make_writable(scratch.path() / "a/b"));
  EXPECT_TRUE(make_writable(scratch.path() / "a/b"));
  const fs::path file = scratch.write("file", "");
  EXPECT_EQ(
      make_writable(file / "x").error().what,
      "the folder " + (file / "x").string() +
          " cannot be written: Not a directory; FAULTLINE_CACHE names another to keep kernels and "
          "stacks in");
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(scratch.path() / "a", fs::perms(0555));
  EXPECT_NE(make_writable(scratch.path() / "a").error().what.find("Permission denied"),
            std::string::npos);
}

TEST(Cache, WithoutRoomSaysHowMuchIsMissing) {
  const Scratch scratch;
  EXPECT_TRUE(require_room(scratch.path(), 1));
  const std::string why = require_room(scratch.path(), uint64_t{1} << 62).error().what;
  EXPECT_TRUE(why.starts_with("no space: " + scratch.path().string() + " has ")) << why;
  EXPECT_TRUE(
      why.ends_with(" MB free, 4398046511104 MB are needed; FAULTLINE_CACHE names another "
                    "folder"))
      << why;
}

TEST(CacheLock, IsHeldByOneAtATimeAndTheOtherSaysThatItWaits) {
  const Scratch scratch;
  std::atomic<bool> waits = false, has = false;
  std::thread other;
  {
    const auto first = CacheLock::take(scratch.path() / "lock", [] { FAIL() << "nobody has it"; });
    ASSERT_TRUE(first);
    other = std::thread([&] {
      const auto second = CacheLock::take(scratch.path() / "lock", [&] {
        waits = true;
        waits.notify_one();
      });
      has = second.has_value();
    });
    waits.wait(false);
    EXPECT_FALSE(has);
  }
  other.join();
  EXPECT_TRUE(has);
}

TEST(WorkFolder, GoesWithWhatIsInItAndTakesOldOnesAlong) {
  const Scratch scratch;
  scratch.write("work-dead/deep/file", "left by a killed build");
  scratch.write("kernel", "stays");
  fs::path path;
  {
    const auto work = WorkFolder::make(scratch.path());
    ASSERT_TRUE(work) << work.error().what;
    path = work->path();
    EXPECT_FALSE(fs::exists(scratch.path() / "work-dead"));
    fs::create_directory(path / "inside");
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(scratch.path() / "kernel"));
}

TEST(Place, GivesAFileItsNameOrSaysWhyNot) {
  const Scratch scratch;
  const fs::path made = scratch.write("made", "new");
  scratch.write("final", "old");
  EXPECT_TRUE(place(made, scratch.path() / "final"));
  EXPECT_EQ(content(scratch.path() / "final"), "new");
  EXPECT_FALSE(fs::exists(made));
  EXPECT_FALSE(place(made, scratch.path() / "final"));
  EXPECT_EQ(content(scratch.path() / "final"), "new");
}

}  // namespace
}  // namespace faultline
