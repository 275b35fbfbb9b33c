// cases/claims.toml, and which cases check its claims.
#include "harness/case/claims.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/case/support.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

class ClaimsFile : public testing::Test {
 protected:
  ClaimsFile() {
    std::string name = (fs::temp_directory_path() / "faultline-claims-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ClaimsFile() override { fs::remove_all(folder_); }

  void write(const std::string& file, const std::string& text) const {
    std::ofstream(folder_ / file) << text;
  }

  fs::path folder_;
};

std::string naming(const std::string& claims) {
  return test::head + "claims = " + claims + "\n" + test::connect + test::expect;
}

TEST_F(ClaimsFile, IsOneClaimALine) {
  write("claims.toml", "S02 = \"two\"\nS01 = \"one\"\n");
  const auto claims = read_claims(folder_);
  ASSERT_TRUE(claims && *claims);
  EXPECT_EQ(**claims, (Claims{{"S01", "one"}, {"S02", "two"}}));
}

TEST_F(ClaimsFile, MayBeAbsent) {
  const auto claims = read_claims(folder_);
  ASSERT_TRUE(claims);
  EXPECT_FALSE(*claims);
}

TEST_F(ClaimsFile, IsRefusedWithItsPlace) {
  const auto said = [&](const std::string& text) {
    write("claims.toml", text);
    const auto claims = read_claims(folder_);
    return claims ? "accepted" : to_string(claims.error());
  };
  const std::string file = (folder_ / "claims.toml").string();
  EXPECT_EQ(said("S01 = 1\n"),
            file + ":1:7: error: expected a string, got an integer\nS01 = 1\n      ^");
  EXPECT_EQ(
      said("S01 = \"\"\n"),
      file + ":1:7: error: expected one line of text, of 1 to 200 bytes\nS01 = \"\"\n      ^");
  EXPECT_TRUE(said("S01 = \"a\"\nS01 = \"b\"\n").starts_with(file + ":2:"));
}

TEST_F(ClaimsFile, IsNoCaseOfTheSuite) {
  write("claims.toml", "S01 = \"one\"\n");
  fs::create_directory(folder_ / "topic");
  write("topic/claims.toml", naming("[\"S01\"]"));
  const auto files = find_cases(folder_);
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 1u);
  EXPECT_EQ(files->front().id, "topic/claims");
  EXPECT_EQ(find_cases(folder_ / "")->size(), 1u) << "a slash at the folder's end";
}

TEST_F(ClaimsFile, MakesACaseThatNamesAnotherClaimABadOne) {
  write("claims.toml", "S01 = \"one\"\nS11 = \"eleven\"\n");
  write("good.toml", naming("[\"S11\"]"));
  write("bad.toml", naming("[\"S01\", \"S12\"]"));
  const Suite suite = load_suite(folder_, test::faults());
  ASSERT_EQ(suite.cases.size(), 1u);
  EXPECT_EQ(suite.cases[0].id, "good");
  EXPECT_EQ(suite.claims.size(), 2u);
  ASSERT_EQ(suite.errors.size(), 1u);
  EXPECT_EQ(to_string(suite.errors[0]),
            (folder_ / "bad.toml").string() +
                ":5:18: error: no claim of the suite has the id 'S12' (did you mean 'S11'?)\n"
                "claims = [\"S01\", \"S12\"]\n                 ^");
}

TEST_F(ClaimsFile, ThatIsBadMakesTheSuiteBad) {
  write("claims.toml", "S01 = [\n");
  write("good.toml", naming("[\"S01\"]"));
  const Suite suite = load_suite(folder_, test::faults());
  EXPECT_TRUE(suite.cases.empty());
  EXPECT_EQ(suite.errors.size(), 1u);
}

TEST_F(ClaimsFile, WithoutOneAnyClaimWillDo) {
  write("good.toml", naming("[\"anything\"]"));
  EXPECT_EQ(load_suite(folder_, test::faults()).cases.size(), 1u);
}

TEST(ClaimTable, HasTheIdsSortedAndEachOnce) {
  const auto one = [](const std::string& id, const std::string& claims) {
    auto read = read_case(naming(claims), "x.toml", id, test::faults());
    return read ? std::move(*read) : Case{};
  };
  const std::vector cases{one("z", "[\"S01\"]"), one("a", "[\"S01\", \"S01\", \"other\"]")};
  const auto table = cases_by_claim({{"S01", "one"}, {"S02", "two"}}, cases);
  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(table.at("S01"), (std::vector<std::string>{"a", "z"}));
  EXPECT_TRUE(table.at("S02").empty());
}

TEST(ClaimTable, NoClaimOfTheSuiteIsWithoutACase) {
  const Suite suite = load_suite(FAULTLINE_SOURCE_DIR "/cases", test::faults());
  std::set<std::string> wanted;
  for (int i = 1; i <= 38; ++i) wanted.insert(fmt::format("S{:02}", i));
  for (const auto& [id, cases] : cases_by_claim(suite.claims, suite.cases)) {
    EXPECT_FALSE(cases.empty()) << "no case names " << id;
    wanted.erase(id);
  }
  EXPECT_TRUE(wanted.empty()) << *wanted.begin() << " is not in cases/claims.toml";
}

}  // namespace
}  // namespace faultline
