#include "reports/junit.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "tests/reports/outside.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

std::string value(const pugi::xml_document& document, const std::string& xpath) {
  return document.select_node(xpath.c_str()).attribute().value();
}

pugi::xml_document parsed(const std::string& xml) {
  pugi::xml_document document;
  const auto result = document.load_string(xml.c_str());
  EXPECT_TRUE(result) << result.description();
  return document;
}

size_t count(const pugi::xml_document& document, const std::string& xpath) {
  return document.select_nodes(xpath.c_str()).size();
}

// Twice the same, and the same case with the stack at the other end.
std::vector<CaseResult> results() {
  std::vector<CaseResult> all = one_of_each();
  all.push_back(nasty_sample());
  CaseResult again = sample("handshake/plain", Outcome::PASS);
  all.push_back(again);
  all.push_back(again);
  again.sut = "server";
  all.push_back(again);
  again.family = Family::ipv6;
  all.push_back(again);
  return all;
}

TEST(Junit, EveryResultIsOneTestcaseWithAtMostOneVerdict) {
  const auto document = parsed(junit_report(sample_info(), results()));
  EXPECT_EQ(count(document, "/testsuites/testsuite"), 4U);
  EXPECT_EQ(count(document, "//testcase"), 13U);
  EXPECT_EQ(count(document, "//testcase[count(failure|error|skipped) > 1]"), 0U);
  EXPECT_EQ(count(document, "//testcase[not(failure|error|skipped)]"), 5U);
  EXPECT_EQ(count(document, "//failure[@type='FAIL']"), 2U);
  EXPECT_EQ(count(document, "//failure[@type='XPASS']"), 1U);
  EXPECT_EQ(count(document, "//error[@type='INCONCLUSIVE']"), 1U);
  EXPECT_EQ(count(document, "//error[@type='ERROR']"), 1U);
  EXPECT_EQ(count(document, "//skipped"), 3U);
  EXPECT_EQ(value(document, "/testsuites/@tests"), "13");
  EXPECT_EQ(value(document, "/testsuites/@failures"), "3");
  EXPECT_EQ(value(document, "/testsuites/@errors"), "2");
  EXPECT_EQ(value(document, "/testsuites/@skipped"), "3");
  EXPECT_EQ(value(document, "//testsuite[@name='close']/@failures"), "3");
}

TEST(Junit, ATestcaseSaysWhereItComesFrom) {
  const auto document = parsed(junit_report(sample_info(), {failed_sample()}));
  const auto at = [&](const std::string& what) { return value(document, "//testcase/" + what); };
  EXPECT_EQ(at("@name"), "fin-lost[ipv4]");
  EXPECT_EQ(at("@classname"), "close");
  EXPECT_EQ(at("@file"), "cases/close/fin-lost.toml");
  EXPECT_EQ(at("@line"), "23");
  EXPECT_EQ(at("@time"), "65.551000");
  EXPECT_EQ(at("failure/@message"), "the 3rd gap is too long");
  const auto testcase = document.select_node("//testcase").node();
  EXPECT_NE(std::string(testcase.child_value("failure")).find("wanted     200ms, 400ms, 800ms\n"),
            std::string::npos);
  EXPECT_STREQ(testcase.child_value("system-out"), "[[ATTACHMENT|out/close/fin-lost[ipv4].json]]");
}

TEST(Junit, ASuiteSaysWhatItRanOn) {
  const auto document = parsed(junit_report(sample_info(), {failed_sample()}));
  EXPECT_EQ(value(document, "//testsuite/@timestamp"), "2025-01-31T12:00:00Z");
  EXPECT_EQ(value(document, "//testsuite/@hostname"), "bench");
  EXPECT_EQ(value(document, "//property[@name='kernel']/@value"), "6.18.0");
  EXPECT_EQ(value(document, "//property[@name='seed']/@value"), "7");
  EXPECT_EQ(value(document, "//property[@name='hz']/@value"), "250");
}

TEST(Junit, FoldersAreDottedAndNamesUnique) {
  const auto document = parsed(
      junit_report(sample_info(), {sample("a/b/c", Outcome::PASS), sample("a/b/c", Outcome::PASS),
                                   sample("a/b/c", Outcome::PASS), sample("d", Outcome::PASS)}));
  EXPECT_EQ(count(document, "//testsuite[@name='a/b']/testcase[@classname='a.b']"), 3U);
  EXPECT_EQ(count(document, "//testcase[@name='c[ipv4]']"), 1U);
  EXPECT_EQ(count(document, "//testcase[@name='c[ipv4] as client']"), 1U);
  EXPECT_EQ(count(document, "//testcase[@name='c[ipv4] as client #2']"), 1U);
  EXPECT_EQ(count(document, "//testsuite[@name='cases']/testcase[@classname='cases']"), 1U);
}

TEST(Junit, WhatWasSkippedSaysOfWhichKind) {
  const auto document =
      parsed(junit_report(sample_info(), {sample("a/b", Outcome::XFAIL, "Linux gives up early"),
                                          sample("a/c", Outcome::SKIP)}));
  EXPECT_EQ(count(document, "//skipped[@message='xfail: Linux gives up early']"), 1U);
  EXPECT_EQ(count(document, "//skipped[@message='SKIP']"), 1U);
}

// A reader that looks at testcases alone must not take what is there for all there is.
TEST(Junit, ARunThatIsNotWholeHasATestcaseThatSaysSo) {
  RunInfo info = info_without_shards();
  info.interrupted = true;
  const auto document = parsed(junit_report(info, {sample("a/b", Outcome::PASS)}));
  EXPECT_EQ(value(document, "/testsuites/@tests"), "2");
  EXPECT_EQ(value(document, "/testsuites/@errors"), "1");
  EXPECT_EQ(value(document, "//testcase[error]/@name"), "the whole run");
  EXPECT_EQ(value(document, "//testcase[error]/@classname"), "faultline");
  EXPECT_EQ(value(document, "//error/@message"),
            "the run was interrupted; shard 1/3 is not there; shard 3/3 is not there");
  EXPECT_EQ(count(document, "//testsuite[@name='a']//property[@name='incomplete']"), 3U);
  EXPECT_EQ(count(parsed(junit_report(interrupted_info(), {})), "//testcase/error"), 1U);
}

TEST(Junit, AWholeRunHasNoSuchTestcase) {
  const auto document = parsed(junit_report(sample_info(), {sample("a/b", Outcome::PASS)}));
  EXPECT_EQ(value(document, "/testsuites/@tests"), "1");
  EXPECT_EQ(count(document, "//property[@name='incomplete']"), 0U);
}

// By readers that others wrote.
class JunitFile : public testing::Test {
 protected:
  static RunInfo nasty_and_not_whole() {
    RunInfo info = nasty_info();
    info.interrupted = true;
    return info;
  }
  test::Scratch scratch;
  std::string path = scratch.file("junit.xml", junit_report(nasty_and_not_whole(), results()));
};

TEST_F(JunitFile, PythonReadsIt) {
  if (!test::has_tool("python3")) GTEST_SKIP() << "no python3";
  EXPECT_EQ(test::read_by("python3 -c 'import sys, xml.etree.ElementTree as t; "
                          "sys.exit(len(t.parse(sys.argv[1]).findall(\".//testcase\")))' " +
                          path)
                .code,
            14);
}

TEST_F(JunitFile, XmllintFindsItValid) {
  if (!test::has_tool("xmllint")) GTEST_SKIP() << "no xmllint";
  const auto read =
      test::read_by("xmllint --noout --schema " FAULTLINE_SOURCE_DIR "/tests/reports/junit.xsd " +
                    path + " 2>&1");
  EXPECT_EQ(read.code, 0) << read.out;
}

}  // namespace
}  // namespace faultline
