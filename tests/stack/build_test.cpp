#include "harness/stack/build.hpp"

#include "tests/stack/stack_folder.hpp"

namespace faultline::test {
namespace {

class StackBuild : public StackFolder {
 protected:
  Result<std::filesystem::path> built_by(const std::string& script) const {
    Stack stack;
    stack.name = "toy";
    stack.folder = folder_;
    stack.build = {"sh", "-c", script, "{out}"};
    Watcher quiet{.say = [](const std::string&) {}, .count = [](size_t, size_t) {}};
    return build_stack(stack, folder_.parent_path() / "cache", quiet);
  }
};

TEST_F(StackBuild, LeavesItsResultInTheCache) {
  const auto output = built_by("echo made > $0/driver");
  ASSERT_TRUE(output) << output.error().what;
  EXPECT_TRUE(std::filesystem::exists(*output / "driver"));
}

TEST_F(StackBuild, ThatFailsSaysHowItEndedAndWhatItSaidOnEitherStream) {
  const auto compiler = built_by("echo 'toy.c:7: no'; exit 3");
  ASSERT_FALSE(compiler);
  EXPECT_EQ(compiler.error().what,
            "the stack toy could not be built: sh ended with status 3\n  toy.c:7: no");
  const auto linker = built_by("echo 'no -ltoy' >&2; kill -KILL $$");
  ASSERT_FALSE(linker);
  EXPECT_EQ(linker.error().what,
            "the stack toy could not be built: sh was killed by SIGKILL\n  no -ltoy");
  const auto silent = built_by("false");
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().what,
            "the stack toy could not be built: sh ended with status 1 and said nothing");
}

}  // namespace
}  // namespace faultline::test
