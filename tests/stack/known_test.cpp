#include "harness/stack/known.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace faultline {
namespace {

class Known : public testing::Test {
 protected:
  Result<std::vector<KnownDeviation>> read(const std::string& text) {
    std::ofstream(file_) << text;
    return read_known(file_);
  }
  // The error without the folder.
  std::string refused(const std::string& text) {
    const auto known = read(text);
    if (known) return "accepted";
    return known.error().what.substr(known.error().what.find("known.toml"));
  }
  void SetUp() override { std::filesystem::create_directories(file_.parent_path()); }
  void TearDown() override { std::filesystem::remove_all(file_.parent_path()); }

  std::filesystem::path file_ = std::filesystem::path(testing::TempDir()) /
                                ("known-" + std::to_string(getpid())) / "known.toml";
};

constexpr auto entry = R"([[known]]
case    = "close/x"
outcome = "FAIL"
reason  = "it does not"
spec    = "RFC 9293 MUST-1"
)";

TEST_F(Known, AnEntryGivesItsReasonAndWhereItIsWritten) {
  const auto known = read(entry);
  ASSERT_TRUE(known) << known.error().what;
  ASSERT_EQ(known->size(), 1);
  EXPECT_EQ(known->at(0).case_id, "close/x");
  EXPECT_EQ(known->at(0).reason, "it does not (RFC 9293 MUST-1)");
}

TEST_F(Known, AnEntryMayBeAboutOldKernelsOnly) {
  const auto known = read(std::string(entry) + "before = \"6.13\"\n");
  ASSERT_TRUE(known) << known.error().what;
  EXPECT_EQ(known->at(0).before, "6.13");
  EXPECT_EQ(refused(std::string(entry) + "before = \"new\"\n"),
            "known.toml:1: before must be a kernel's version like \"6.13\"");
}

TEST_F(Known, AnEmptyFileKnowsNothing) {
  const auto known = read("# none\n");
  ASSERT_TRUE(known) << known.error().what;
  EXPECT_TRUE(known->empty());
}

TEST_F(Known, OthersAreRefusedWithTheirLine) {
  EXPECT_EQ(refused("[[known]]\ncase = \"x\"\n"),
            "known.toml:1: an entry needs 'outcome', a string");
  EXPECT_EQ(refused("[[known]]\ncase = 3\n"), "known.toml:1: an entry needs 'case', a string");
  EXPECT_EQ(refused(std::string(entry) + "why = \"x\"\n"),
            "known.toml:6: unknown key 'why'; known here: case, outcome, reason, spec, before, as, "
            "family");
  std::string other = entry;
  other.replace(other.find("FAIL"), 4, "ERROR");
  EXPECT_EQ(refused(other), "known.toml:1: outcome can only be \"FAIL\"");
  EXPECT_EQ(refused("\nnone = 1\n"), "known.toml:2: only [[known]] entries belong here");
  EXPECT_TRUE(refused("[[known]\n").starts_with("known.toml:1: ")) << refused("[[known]\n");
}

TEST_F(Known, AFileThatIsNotThereIsAnError) {
  const auto known = read_known(file_.parent_path() / "none.toml");
  ASSERT_FALSE(known);
  EXPECT_NE(known.error().what.find("none.toml"), std::string::npos);
}

// It is read in every run of this program.
TEST_F(Known, TheLinuxStacksOwnIsGood) {
  const auto known = read_known(FAULTLINE_SOURCE_DIR "/stacks/linux/known.toml");
  EXPECT_TRUE(known) << known.error().what;
}

}  // namespace
}  // namespace faultline
