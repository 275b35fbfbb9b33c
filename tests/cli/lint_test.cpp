// Bad case files: said with their place, and nothing is run.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

class Lint : public Installation {};

TEST_F(Lint, AGoodFileIsGood) {
  const Ran ran = faultline({"lint", "../cases/refused.toml"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "../cases/refused.toml: good\n");
}

TEST_F(Lint, ABadFileIsShownWithItsPlaceAndACaret) {
  edit_case("refused", "bad", "fails  =", "failz  =");
  const Ran ran = faultline({"lint", "../cases/refused.toml", "../cases/bad.toml"});
  EXPECT_EQ(ran.code, 65);
  EXPECT_EQ(ran.out, "../cases/refused.toml: good\n");
  EXPECT_TRUE(has(ran.err, "../cases/bad.toml:11:1: error: ")) << ran.err;
  EXPECT_TRUE(has(ran.err, "failz  = \"ECONNREFUSED\"\n^")) << ran.err;
  EXPECT_TRUE(has(ran.err, "did you mean 'fails'?")) << ran.err;
}

TEST_F(Lint, ACaseOfTheSuiteMayNameOnlyItsClaims) {
  write("cases/claims.toml", "S01 = \"one\"\n");
  edit_case("refused", "other", "level", "claims = [\"S10\"]\nlevel");
  write("project/mine.toml", read("cases/other.toml"));
  for (const char* command : {"lint", "run", "explain", "list"}) {
    const Ran ran = faultline({command, "../cases/other.toml"});
    EXPECT_EQ(ran.code, 65) << command;
    EXPECT_TRUE(has(ran.err, "no claim of the suite has the id 'S10'")) << ran.err;
  }
  EXPECT_EQ(faultline({"lint", "mine.toml"}).code, 0) << "no case of the suite";
}

TEST_F(Lint, AFileThatIsNotThereIs65) {
  for (const char* command : {"lint", "run", "explain", "list"}) {
    const Ran ran = faultline({command, "none.toml"});
    EXPECT_EQ(ran.code, 65) << command;
    EXPECT_TRUE(has(ran.err, "none.toml: error: no such file")) << ran.err;
  }
}

TEST_F(Lint, NothingIsRunWhileOneFileIsBad) {
  const std::vector<std::array<std::string, 2>> edits{
      {"\"ECONNREFUSED\"", "\"ECONNREFUZED\""},
      {"\"ECONNREFUSED\"", "5"},
      {"SYN_SENT", "SYN_SEND"},
      {"[expect]", "[expect"},
      {"is = 1", "is = -1"},
      {"flags = \"SYN\"", "flags = \"SYN RST\", seq = \"9-3\""},
      {"fails  =", "takes = \"-1s\"\nfails  ="}};
  for (const auto& [old, by] : edits) {
    edit_case("refused", "bad", old, by);
    const Ran ran = faultline({"run", "refused", "bad"});
    EXPECT_EQ(ran.code, 65) << by << ran.out;
    EXPECT_TRUE(ran.out.empty()) << ran.out;
    EXPECT_TRUE(has(ran.err, "bad.toml:")) << ran.err;
    EXPECT_TRUE(has(ran.err, "error: ")) << ran.err;
    EXPECT_FALSE(std::filesystem::exists(root_ / "project/faultline-out"));
  }
}

// A change that a stranger proposes is linted in the runner of a project.
TEST_F(Lint, NoNameAndNoQuotedLineIsACommandToTheRunnerOfGitHub) {
  const std::string name = "::warning::name.toml";
  write("project/" + name, "::error::a line\n");
  const ProcessOptions in_a_job{.env = {{"GITHUB_ACTIONS", "true"}}};
  for (const Ran& ran :
       {faultline({"lint", name}, in_a_job), faultline({"run", "::error::no case"}, in_a_job),
        faultline({"lint", name, "--none\n::error::option"}, in_a_job)}) {
    EXPECT_TRUE(has(ran.err, "error")) << ran.err;
    EXPECT_FALSE(("\n" + ran.err).contains("\n::")) << ran.err;
  }
  write("project/" + name, read("cases/refused.toml"));
  const Ran good = faultline({"lint", name}, in_a_job);
  EXPECT_TRUE(good.out.ends_with("good\n")) << good.out << good.err;
  EXPECT_FALSE(good.out.starts_with("::")) << good.out;
}

TEST_F(Lint, AFileIsMeantThatIsThereWhateverItsNameIsAsAGlob) {
  write("project/[a]*.toml", read("cases/refused.toml"));
  const Ran ran = faultline({"run", "[a]*.toml", "--ipv4", "--kernel", "host"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "1 result: 1 PASS")) << ran.out;
}

TEST_F(Lint, AFilesNameDoesNothingToTheTerminal) {
  const Ran ran = faultline({"lint", "\x1b[31mred\n.toml"});
  EXPECT_NE(ran.code, 0);
  EXPECT_FALSE(ran.err.contains('\x1b')) << ran.err;
}

}  // namespace
}  // namespace faultline::test
