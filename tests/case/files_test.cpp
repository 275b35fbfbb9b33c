#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/case/support.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

class CaseFiles : public testing::Test {
 protected:
  CaseFiles() {
    std::string name = (fs::temp_directory_path() / "faultline-cases-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~CaseFiles() override { fs::remove_all(folder_); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }

  fs::path folder_;
  const std::string good_ = test::head + test::connect + test::expect;
};

TEST_F(CaseFiles, ASuiteIsEveryTomlFileBelowItsFolderById) {
  write("handshake/syn-lost.toml", good_);
  write("close/two.toml", good_);
  write("close/.hidden.toml", "no case");
  write(".git/three.toml", "no case");
  write("schema.json", "{}");
  const Suite suite = load_suite(folder_, test::faults());
  EXPECT_TRUE(suite.errors.empty());
  ASSERT_EQ(suite.cases.size(), 2u);
  EXPECT_EQ(suite.cases[0].id, "close/two");
  EXPECT_EQ(suite.cases[1].id, "handshake/syn-lost");
  EXPECT_EQ(suite.cases[1].file, (folder_ / "handshake/syn-lost.toml").string());
  EXPECT_EQ(suite.cases[1].text, good_);
  EXPECT_LT(suite.cases[1].text.capacity(), 65536u) << "it is kept, with hundreds of others";
}

TEST_F(CaseFiles, TheGoodOnesAreReadAlthoughOthersAreBad) {
  write("a.toml", "titel = 1\n");
  write("b.toml", good_);
  write("c.toml", "");
  const Suite suite = load_suite(folder_, test::faults());
  ASSERT_EQ(suite.cases.size(), 1u);
  EXPECT_EQ(suite.cases[0].id, "b");
  ASSERT_EQ(suite.errors.size(), 2u);
  EXPECT_EQ(to_string(suite.errors[0]),
            (folder_ / "a.toml").string() +
                ":1:1: error: unknown key 'titel' (did you mean 'title'?)\ntitel = 1\n^");
}

TEST_F(CaseFiles, AFolderThatIsNotThereIsAnError) {
  const Suite suite = load_suite(folder_ / "none", test::faults());
  ASSERT_EQ(suite.errors.size(), 1u);
  EXPECT_EQ(to_string(suite.errors[0]),
            (folder_ / "none").string() + ": error: cannot be read: No such file or directory");
}

TEST_F(CaseFiles, OnlyRegularFilesAreOpened) {
  const auto said = [&](const fs::path& path) {
    const auto result = load_case(path, "x", test::faults());
    return result ? "accepted" : to_string(result.error());
  };
  EXPECT_EQ(said("/dev/zero"), "/dev/zero: error: not a regular file");
  EXPECT_EQ(said(folder_), folder_.string() + ": error: not a regular file");
  EXPECT_EQ(said(folder_ / "x.toml"), (folder_ / "x.toml").string() + ": error: no such file");
}

TEST_F(CaseFiles, AFileThatIsTooLargeIsNotReadToItsEnd) {
  write("large.toml", "");
  fs::resize_file(folder_ / "large.toml", uint64_t{1} << 40);  // a hole
  const auto result = load_case(folder_ / "large.toml", "large", test::faults());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "larger than 1 MiB: this is no case");
}

TEST(CaseIds, ArePathsBelowTheSuite) {
  EXPECT_EQ(case_id("cases/close/two.toml", "cases"), "close/two");
  EXPECT_EQ(case_id("./cases/close/../one.toml", "cases/"), "one");
  EXPECT_EQ(case_id("elsewhere/two.toml", "cases"), "elsewhere/two");
}

}  // namespace
}  // namespace faultline
