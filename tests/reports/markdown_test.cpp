#include "reports/markdown.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "tests/reports/outside.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

TEST(Markdown, BeginsWithATableOfTopicsAndOutcomes) {
  const std::string text = markdown_report(
      sample_info(), {sample("close/a", Outcome::PASS), sample("close/b", Outcome::PASS),
                      sample("data/c", Outcome::XFAIL, "known"), sample("d", Outcome::SKIP)});
  EXPECT_EQ(text,
            "### Faultline\n\n"
            "| topic | PASS | XFAIL | SKIP |\n"
            "|---|---:|---:|---:|\n"
            "| cases |  |  | 1 |\n"
            "| close | 2 |  |  |\n"
            "| data |  | 1 |  |\n"
            "| **all** | 2 | 1 | 1 |\n"
            "\n4 results: 2 PASS, 1 XFAIL, 1 SKIP in 66.00s\n"
            "\nfaultline 0.1.0, kernel 6.18.0, 250 Hz, seed 7\n");
}

TEST(Markdown, OfSeveralStacksEachHasARow) {
  CaseResult other = sample("close/a", Outcome::FAIL);
  other.stack = "lwip";
  const std::string text =
      markdown_report(sample_info(), {sample("close/a", Outcome::PASS), other});
  EXPECT_NE(text.find("| stack | PASS | FAIL |\n"), std::string::npos) << text;
  EXPECT_NE(text.find("| lwip |  | 1 |\n"), std::string::npos) << text;
  EXPECT_NE(text.find("| linux | 1 |  |\n"), std::string::npos) << text;
}

TEST(Markdown, AFailureHasItsFindingsItsDiagramAndTheCommandThatRerunsIt) {
  const std::string text = markdown_report(sample_info(), {failed_sample()});
  for (const char* const part :
       {"#### FAIL close/fin-lost\\[ipv4\\]\n",
        "| **broken** | cases/close/fin-lost.toml:23: gaps between every FIN from the client | "
        "200ms, 400ms, 800ms | 204ms, 408ms, 1.9s | -1ms +32ms (one granule at 250 Hz) |\n",
        "| unclear | only legal transitions |  |  |  |\n", "\n```mermaid\nsequenceDiagram\n",
        "    client-xwire: 1.204s FIN ACK seq 1: dropped by rule 'fins'\n```\n",
        "\n    faultline run 'close/fin-lost' --ipv4 --seed 7\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(Markdown, WhatDoesNotFitIsLeftOutWholeAndCounted) {
  const std::vector<CaseResult> results(1000, failed_sample());
  const std::string whole = markdown_report(sample_info(), results);
  const std::string some = markdown_within(20'000, sample_info(), results);
  EXPECT_LE(some.size(), 20'000U);
  EXPECT_GT(some.size(), 15'000U);
  EXPECT_EQ(whole.find("there is no room"), std::string::npos);
  const size_t told = (whole.size() - 400) / 1000;
  EXPECT_GT(some.size() / told, 10U);
  EXPECT_TRUE(some.ends_with(" more did not pass; there is no room for them here.**\n"));
  const std::string none = markdown_within(0, sample_info(), results);
  EXPECT_TRUE(none.ends_with("\n**1000 more did not pass; there is no room for them here.**\n"));
  EXPECT_NE(none.find("| **all** | 1000 |\n"), std::string::npos) << none;
}

// By cmark-gfm, GitHub's own reader; its XML by pugixml.
class MarkdownFile : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_tool("cmark-gfm")) GTEST_SKIP() << "no cmark-gfm";
  }
  pugi::xml_document tree(const std::string& markdown) {
    const auto read = test::read_by("cmark-gfm -e table -e autolink -e strikethrough -t xml " +
                                    scratch_.file("x.md", markdown));
    EXPECT_EQ(read.code, 0);
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(read.out.c_str())) << read.out;
    return document;
  }
  static size_t count(const pugi::xml_document& document, const char* xpath) {
    return document.select_nodes(xpath).size();
  }

  test::Scratch scratch_;
};

TEST_F(MarkdownFile, TablesAndDiagramsAreWhatTheyLookLike) {
  const auto document = tree(markdown_report(sample_info(), one_of_each()));
  EXPECT_EQ(count(document, "/document/table"), 2U);
  EXPECT_EQ(count(document, "/document/table[1]/table_header/table_cell"), 9U);
  EXPECT_EQ(count(document, "/document/table[1]/table_row"), 5U);
  EXPECT_EQ(count(document, "/document/table[1]/table_row[count(table_cell) != 9]"), 0U);
  EXPECT_EQ(count(document, "/document/table[2]/table_row"), 2U);
  EXPECT_EQ(count(document, "//code_block[@info='mermaid']"), 1U);
  EXPECT_EQ(count(document, "//heading[@level='4']"), 4U);
}

TEST_F(MarkdownFile, HostileTextsAreText) {
  CaseResult hostile = nasty_sample();
  hostile.title = "| a | b |\n|---|---|\n[x](javascript:1) ![i](u) `c` **b** ~~s~~ <script> ```";
  const auto document = tree(markdown_report(nasty_info(), {hostile}));
  EXPECT_EQ(count(document, "//html_block | //html_inline | //link | //image | //code"), 0U);
  EXPECT_EQ(count(document, "//strikethrough"), 0U);
  EXPECT_EQ(count(document, "/document/table"), 2U);
  EXPECT_EQ(count(document, "/document/table/table_row[count(table_cell) != 2]"), 2U);
  EXPECT_EQ(count(document, "/document/code_block"), 2U);
}

}  // namespace
}  // namespace faultline
