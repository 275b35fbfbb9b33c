// --stack FOLDER: a stack of the user's own.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

class OwnStacks : public Installation {
 protected:
  // A copy of the program's Linux below project/, in a folder that is called `name`, as stack.toml
  // says with `edited` in the place of `line`.
  void copy(const std::string& name, const std::string& line = "",
            const std::string& edited = "") const {
    std::filesystem::create_directories(root_ / "project/st" / name);
    std::string text = read("stacks/linux/stack.toml");
    replace(text, "\"linux\"", "\"" + name + "\"");
    if (!line.empty()) replace(text, line, edited);
    write("project/st/" + name + "/stack.toml", text);
    write("project/st/" + name + "/known.toml", "");
  }

  static void replace(std::string& text, const std::string& old, const std::string& by) {
    const size_t at = text.find(old);
    ASSERT_NE(at, text.npos) << old;
    text.replace(at, old.size(), by);
  }
};

TEST_F(OwnStacks, OneThatIsCalledLikeTheProgramsOwnIs64) {
  copy("linux");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"run", "refused", "--stack", "./st/linux"},
        {"run", "refused", "--stack", "st/linux/"},
        {"check-driver", "--stack", "./st/linux"},
        {"stack", "path", "./st/linux"}}) {
    const Ran ran = faultline(command);
    EXPECT_EQ(ran.code, 64) << testing::PrintToString(command) << ran.out;
    EXPECT_TRUE(has(ran.err, "the name 'linux' is taken by the program's own stack")) << ran.err;
  }
}

TEST_F(OwnStacks, ThePathOfTheProgramsOwnIsThatOne) {
  const Ran ran = faultline({"stack", "build", "../stacks/linux"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "linux ")) << ran.out;
}

TEST_F(OwnStacks, WithANameOfItsOwnIsTaken) {
  copy("mine");
  EXPECT_EQ(faultline({"stack", "build", "./st/mine"}).code, 0);
  copy("mine", "\"mine\"", "\"linux\"");
  copy("mine", "\"mine\"", "\"linux\"");
  EXPECT_EQ(faultline({"stack", "build", "./st/mine"}).code, 65);
}

// An ERROR of the set-up, not a failure of the stack; and it says what the build said.
TEST_F(OwnStacks, ABuildThatFailsIs2) {
  copy("mine", "start ",
       "build = [\"sh\", \"-c\", \"echo no compiler here; exit 3\", \"{out}\"]\nstart ");
  const ProcessOptions own_cache{.env = {{"XDG_CACHE_HOME", root_ / "project/cache"}}};
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"run", "refused", "--stack", "./st/mine"},
        {"check-driver", "--stack", "./st/mine"},
        {"stack", "build", "./st/mine"}}) {
    const Ran ran = faultline(command, own_cache);
    EXPECT_EQ(ran.code, 2) << testing::PrintToString(command) << ran.out;
    EXPECT_TRUE(has(ran.err,
                    "faultline: the stack mine could not be built: sh ended with status 3\n"
                    "  no compiler here\n"))
        << ran.err;
  }
}

}  // namespace
}  // namespace faultline::test
