#include "reports/github.hpp"

#include <gtest/gtest.h>

#include "reports/local_path.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

TEST(Github, AFailureIsAnnotatedAtItsExpectation) {
  CaseResult result = failed_sample();
  result.file = "/home/runner/checkout/x/" + result.file;
  EXPECT_EQ(github_annotations({result}, "/home/runner/checkout/x"),
            "::error file=cases/close/fin-lost.toml,line=23,title=close/fin-lost[ipv4]::"
            "FAIL the 3rd gap is too long%0Agaps between every FIN from the client%0A"
            "  wanted 200ms, 400ms, 800ms%0A  got    204ms, 408ms, 1.9s\n");
}

TEST(Github, WhatIsExpectedIsNoAnnotation) {
  using enum Outcome;
  EXPECT_EQ(
      github_annotations(
          {sample("a", PASS), sample("a", XFAIL), sample("a", SKIP), sample("a", UNSUPPORTED)}, ""),
      "");
  EXPECT_EQ(github_annotations({sample("a,b:c", INCONCLUSIVE, "50% late")}, ""),
            "::warning file=cases/a%2Cb%3Ac.toml,line=1,title=a%2Cb%3Ac[ipv4]::"
            "INCONCLUSIVE 50%25 late\n");
  EXPECT_TRUE(github_annotations({sample("a", XPASS)}, "").starts_with("::error file="));
  EXPECT_TRUE(github_annotations({sample("a", ERROR)}, "").starts_with("::error file="));
}

TEST(Github, AHostileResultIsOneLine) {
  const std::string text = github_annotations({nasty_sample()}, "");
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  const std::string properties = text.substr(8, text.find("::", 8) - 8);
  EXPECT_EQ(properties.find(':'), std::string::npos) << properties;
}

TEST(Github, NoLineForPeopleIsACommand) {
  EXPECT_EQ(without_commands("a\n  ::set-env name=x::y\n::\n##[error]\n"),
            "a\n  : :set-env name=x::y\n: :\n# #[error]\n");
  const std::string plain = "FAIL  a[ipv4]\n  rule 'x' :: y # [z]\n";
  EXPECT_EQ(without_commands(plain), plain);
}

TEST(LocalPath, IsShortBelowTheFolderOnly) {
  EXPECT_EQ(local_path("/a/b/c", "/a/b"), "c");
  EXPECT_EQ(local_path("/a/bc", "/a/b"), "/a/bc");
  EXPECT_EQ(local_path("c/d", "/a/b"), "c/d");
  EXPECT_EQ(local_path("/a", ""), "/a");
  EXPECT_EQ(local_path("/a", "/"), "/a");
}

}  // namespace
}  // namespace faultline
