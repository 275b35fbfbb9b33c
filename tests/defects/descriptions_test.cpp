// What is said of the defects, and how their edits are made.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/cli/process.hpp"
#include "tests/defects/defects.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

const fs::path sources = FAULTLINE_SOURCE_DIR;

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST(Descriptions, AreComplete) {
  const auto all = all_defects();
  EXPECT_GE(all.size(), 25);
  for (const Defect& defect : all) {
    EXPECT_FALSE(defect.title.empty()) << defect.name;
    EXPECT_TRUE(defect.spec.starts_with("RFC ")) << defect.name;
    EXPECT_FALSE(defect.cases.empty()) << defect.name;
    for (const std::string& one : defect.cases)
      EXPECT_TRUE(fs::exists(sources / "cases" / (one + ".toml"))) << defect.name << ": " << one;
  }
}

TEST(Descriptions, AreTheTableOfTheDocumentation) {
  const std::string table = table_of(all_defects());
  EXPECT_NE(contents(sources / "docs/defects.md").find("\n\n" + table + "\n"), std::string::npos)
      << "docs/defects.md should have:\n"
      << table;
}

class Edit : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "defects");
    fs::create_directories(folder_ / "source");
    write("source/tcp.c", "int a = 1;\r\nint b = 2;\nint c = 2;\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& file, const std::string& text) const {
    std::ofstream(folder_ / file) << text;
  }
  void describe(const std::string& name, const std::string& find, const std::string& put) const {
    write("defects/" + name + ".toml",
          "title = \"t\"\nspec  = \"s\"\ncases = []\n\n[[edit]]\nfile = \"tcp.c\"\nfind = '''" +
              find + "'''\nput  = '''" + put + "'''\n");
  }
  // What it says when it refuses; "" where it edits.
  std::string edit() const {
    Process process({"perl", (sources / "stacks/defective/edit").string(), "defects", "source"},
                    {.folder = folder_});
    return process.wait() == 0 ? "" : process.err;
  }
  std::string edited() const { return contents(folder_ / "source/tcp.c"); }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("edit-" + std::to_string(getpid()));
};

TEST_F(Edit, PutsEachDefectBehindItsOwnNumber) {
  describe("one", "a = 1;\nint b", "a = {defect} ? 5 : 1;\nint b");
  describe("two", "c = 2", "c = {defect} + 2");
  EXPECT_EQ(edit(), "");
  EXPECT_EQ(edited(),
            "extern int faultline_defect;\n"
            "int a = (faultline_defect == 1) ? 5 : 1;\nint b = 2;\n"
            "int c = (faultline_defect == 2) + 2;\n");
}

TEST_F(Edit, RefusesWhatDoesNotApplyExactlyOnce) {
  describe("one", "d = 3", "{defect}");
  EXPECT_EQ(edit(), "defects/one.toml: tcp.c does not have the text to find\n");
  describe("one", " = 2;", "{defect}");
  EXPECT_EQ(edit(), "defects/one.toml: tcp.c has the text to find more than once\n");
  describe("one", "a = 1;\nint b", "{defect}");
  describe("two", "b = 2", "{defect}");
  EXPECT_EQ(edit(), "defects/one.toml: another edit changes the same text\n");
}

TEST_F(Edit, RefusesADescriptionThatItDoesNotUnderstand) {
  EXPECT_EQ(edit(), "defects: no defect is there\n");
  describe("one", "a = 1", "a = 2");
  EXPECT_EQ(edit(), "defects/one.toml: 'put' does not look at {defect}\n");
  write("defects/one.toml", "title = \"t\"\nspec  = \"s\"\ncases = []\n");
  EXPECT_EQ(edit(), "defects/one.toml: it has no [[edit]]\n");
  write("defects/one.toml", "title = \"t\"\n\n[[edit]]\nfile = \"tcp.c\"\n");
  EXPECT_EQ(edit(), "defects/one.toml: expected title, spec and cases, and then [[edit]]\n");
  write("defects/one.toml",
        "title = \"t\"\nspec  = \"s\"\ncases = []\n[[edit]]\nfile = \"../x\"\nfind = 'a'\n");
  EXPECT_EQ(edit(), "defects/one.toml: an [[edit]] is file, find and put, in this order\n");
  EXPECT_EQ(edited(), "int a = 1;\r\nint b = 2;\nint c = 2;\n");
}

}  // namespace
}  // namespace faultline::test
