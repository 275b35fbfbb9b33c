#include "reports/matrix.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/json.hpp"
#include "reports/safe_text.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

using enum Outcome;

CaseResult of(const std::string& stack, const std::string& id, Outcome outcome,
              Family family = Family::ipv4, const std::string& sut = "client") {
  CaseResult result = sample(id, outcome);
  result.stack = stack;
  result.family = family;
  result.sut = sut;
  return result;
}

RunInfo asked_for(const std::vector<std::string>& columns) {
  RunInfo info = sample_info();
  info.columns = columns;
  return info;
}

// Only the lines about cases.
std::string body(const std::string& text) {
  const size_t begin = text.find('\n', 1) + 1;
  return text.substr(begin, text.find("\n\n", begin) - begin);
}

TEST(Matrix, OfOneStackIsNone) {
  EXPECT_EQ(matrix_text(asked_for({"linux"}), one_of_each()), "");
  EXPECT_EQ(matrix_text(asked_for({"linux", "lwip"}), {}), "");
}

TEST(Matrix, ListsWhatDidNotPassEverywhereAndCountsTheRest) {
  const std::vector<CaseResult> results{
      of("linux", "close/fin", PASS),       of("lwip", "close/fin", XFAIL),
      of("linux", "close/plain", PASS),     of("lwip", "close/plain", PASS),
      of("linux", "handshake/plain", PASS), of("lwip", "handshake/plain", PASS),
      of("linux", "data/only-here", PASS),
  };
  EXPECT_EQ(matrix_text(asked_for({"linux", "lwip"}), results),
            "\n"
            "case            linux  lwip\n"
            "close/fin       pass   xfail\n"
            "data/only-here  pass   -\n"
            "\n"
            "results PASS    4      2\n"
            "results XFAIL   -      1\n"
            "2 cases passed everywhere: close 1, handshake 1\n"
            "\n");
}

TEST(Matrix, ColumnsAreAsAskedForAndThenWhatElseThereIs) {
  const std::vector<CaseResult> results{of("gvisor", "x/y", FAIL), of("linux", "x/y", PASS),
                                        of("lwip", "x/y", PASS)};
  EXPECT_EQ(matrix_columns(asked_for({"lwip", "linux"}), results),
            (std::vector<std::string>{"lwip", "linux", "gvisor"}));
}

TEST(Matrix, KernelsHaveColumnsOfTheirOwn) {
  std::vector<CaseResult> results{of("linux", "x/y", PASS), of("linux", "x/y", FAIL)};
  results[0].kernel = "host";
  results[1].kernel = "uml-6.12";
  EXPECT_EQ(body(matrix_text(sample_info(), results)), "x/y           pass        FAIL");
}

TEST(Matrix, ACellSaysWhereItDidNotPass) {
  const auto cell = [](std::vector<CaseResult> results) {
    results.push_back(of("b", "x/y", PASS));
    return body(matrix_text(asked_for({"b", "a"}), results));
  };
  EXPECT_EQ(cell({of("a", "x/y", PASS, Family::ipv4, "client"),
                  of("a", "x/y", FAIL, Family::ipv4, "server"),
                  of("a", "x/y", PASS, Family::ipv6, "client"),
                  of("a", "x/y", FAIL, Family::ipv6, "server")}),
            "x/y           pass  FAIL server\n"
            "                    pass client");
  EXPECT_EQ(cell({of("a", "x/y", PASS, Family::ipv4), of("a", "x/y", XFAIL, Family::ipv6)}),
            "x/y            pass  xfail ipv6\n"
            "                     pass ipv4");
  EXPECT_EQ(cell({of("a", "x/y", PASS, Family::ipv4, "client"),
                  of("a", "x/y", ERROR, Family::ipv4, "server"),
                  of("a", "x/y", PASS, Family::ipv6, "client"),
                  of("a", "x/y", PASS, Family::ipv6, "server")}),
            "x/y            pass  ERROR ipv4 server\n"
            "                     pass 3 of 4");
}

TEST(Matrix, FitsIntoANarrowTerminal) {
  std::vector<CaseResult> results;
  std::vector<std::string> columns;
  for (int i = 0; i < 6; ++i) {
    columns.push_back("a-stack-with-a-name-" + std::to_string(i));
    results.push_back(of(columns.back(), "close/a-case-with-a-name-that-is-long", FAIL));
    results.push_back(of(columns.back(), "close/one-that-passes", PASS));
  }
  const std::string text = matrix_text(asked_for(columns), results, {.width = 60});
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    EXPECT_LE(faultline::columns(text.substr(at, end - at)), 60) << text;
    at = end + 1;
  }
  for (const std::string& column : columns) EXPECT_NE(text.find(column), text.npos) << column;
}

TEST(Matrix, IsHarmlessWithHostileNames) {
  CaseResult hostile = nasty_sample(), other = nasty_sample();
  other.stack = "lwip";
  const std::string text = matrix_text(sample_info(), {hostile, other}, {.width = 80});
  EXPECT_NE(text.find("FAIL"), text.npos);
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_EQ(text.find("\x7f"), text.npos);
  EXPECT_EQ(text.find("\u202e"), text.npos);
}

TEST(Matrix, ColoursWords) {
  const std::vector<CaseResult> results{of("a", "x/y", FAIL), of("b", "x/y", PASS)};
  EXPECT_EQ(body(matrix_text(sample_info(), results, {.colour = true})),
            "x/y           \x1b[1;31mFAIL\x1b[0m  \x1b[32mpass\x1b[0m");
}

TEST(Matrix, TotalsAreInTheJsonSummaryOfEachColumn) {
  using nlohmann::json;
  const std::vector<CaseResult> results{of("linux", "x/y", PASS), of("lwip", "x/y", FAIL)};
  const json report = json::parse(json_report(asked_for({"linux", "lwip"}), results));
  EXPECT_EQ(report["columns"]["lwip"]["FAIL"], 1);
  EXPECT_EQ(report["columns"]["lwip"]["PASS"], 0);
  EXPECT_EQ(report["columns"]["linux"]["PASS"], 1);
  EXPECT_FALSE(json::parse(json_report(asked_for({"linux"}), {results[0]})).contains("columns"));
}

}  // namespace
}  // namespace faultline
