// faultline judge: the verdict of a saved trace.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

class Judging : public Installation {
 protected:
  void SetUp() override {
    const Ran ran = faultline({"run", "refused", "--ipv4"});
    ASSERT_EQ(ran.code, 0) << ran.out << ran.err;
  }
  static constexpr auto trace = "faultline-out/refused[ipv4].json";
};

TEST_F(Judging, TheSameTraceGivesTheSameVerdict) {
  const Ran ran = faultline({"judge", trace, "-v"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "PASS  refused[ipv4]")) << ran.out;
  EXPECT_TRUE(has(ran.out, "rerun    faultline judge")) << ran.out;
}

// What is judged is in the trace: no suite is needed, not even the case's own file.
TEST_F(Judging, TheCaseIsInTheTrace) {
  std::filesystem::remove(root_ / "cases/refused.toml");
  EXPECT_EQ(faultline({"judge", trace}).code, 0);
}

TEST_F(Judging, AnEditedCaseFails) {
  edit_case("refused", "edited", "is = 1", "is = 3");
  const Ran ran = faultline({"judge", trace, "--case", "../cases/edited.toml"});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_TRUE(has(ran.out, "wanted     3")) << ran.out;
}

TEST_F(Judging, ACaseThatAsksForAnotherRunIs65) {
  edit_case("refused", "other", "about", "families = [\"ipv4\"]\nabout");
  EXPECT_EQ(faultline({"judge", trace, "--case", "../cases/other.toml"}).code, 0);
  edit_case("refused", "another", "connect\"", "connect\"\nport = 4000");
  const Ran ran = faultline({"judge", trace, "--case", "../cases/another.toml"});
  EXPECT_EQ(ran.code, 65) << ran.out;
  EXPECT_TRUE(has(ran.err, "asks for another run")) << ran.err;
}

TEST_F(Judging, ATraceThatIsNoneIs65) {
  const std::string whole = read(std::string("project/") + trace);
  write("project/short.json", whole.substr(0, whole.size() / 2));
  write("project/empty.json", "");
  write("project/other.json", "{}");
  for (const char* file : {"short.json", "empty.json", "other.json", "none.json"}) {
    const Ran ran = faultline({"judge", file});
    EXPECT_EQ(ran.code, 65) << file;
    EXPECT_TRUE(has(ran.err, file)) << ran.err;
  }
}

}  // namespace
}  // namespace faultline::test
