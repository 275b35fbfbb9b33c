// The JSON of `faultline run` is what docs/results.schema.json says.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "reports/json.hpp"
#include "tests/case/schema.hpp"
#include "tests/reports/outside.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

using nlohmann::json;

constexpr auto schema_file = FAULTLINE_SOURCE_DIR "/docs/results.schema.json";

const json& schema() {
  static const json read = json::parse(std::ifstream(schema_file));
  return read;
}

std::string schema_says(const json& report) {
  return test::violation(schema(), schema(), report);
}

json report_of(const RunInfo& info, const std::vector<CaseResult>& results) {
  return json::parse(json_report(info, results));
}

// Of several stacks and kernels, in virtual time.
json matrix() {
  RunInfo info = sample_info();
  info.virtual_time = true;
  info.kernels = {{"uml-6.12", "6.12.1", 250, true}, {"uml-6.1", "", 250, true}};
  CaseResult one = failed_sample(), two = sample("close/x", Outcome::PASS);
  one.kernel = "uml-6.12";
  two.stack = "lwip";
  two.kernel = "uml-6.1";
  return report_of(info, {one, two});
}

json hostile() {
  CaseResult result = nasty_sample();
  result.findings.front().line = 0;
  return report_of(nasty_info(), {result});
}

TEST(ResultsSchema, DescribesEveryReport) {
  EXPECT_EQ(schema_says(report_of(sample_info(), one_of_each())), "");
  EXPECT_EQ(schema_says(report_of(sample_info(), {})), "");
  EXPECT_EQ(schema_says(matrix()), "");
  EXPECT_EQ(schema_says(hostile()), "");
}

// What it asks for is missed, what it does not know is one too many.
TEST(ResultsSchema, IsNoLooserThanTheReport) {
  const json report = report_of(sample_info(), {failed_sample()});
  for (const auto& key : schema().at("required")) {
    json less = report;
    less.erase(key.get<std::string>());
    EXPECT_NE(schema_says(less), "") << key;
  }
  for (const char* const at : {"", "/summary", "/results/0", "/results/0/findings/0"}) {
    json more = report;
    more[json::json_pointer(at)]["unheard_of"] = 1;
    EXPECT_NE(schema_says(more), "") << at;
  }
  json other = report;
  other["faultline_results"] = 2;
  EXPECT_NE(schema_says(other), "");
}

// By python3-jsonschema.
TEST(ResultsSchema, AnotherValidatorFindsTheSame) {
  if (test::read_by("python3 -c 'import jsonschema' 2>&1").code != 0)
    GTEST_SKIP() << "no python3-jsonschema";
  const test::Scratch scratch;
  const std::string check =
      "import json, sys, jsonschema; schema = json.load(open(sys.argv[1])); "
      "jsonschema.Draft4Validator.check_schema(schema); "
      "jsonschema.validate(json.load(open(sys.argv[2])), schema)";
  const auto validated = [&](const json& report) {
    const std::string file = scratch.file("report.json", report.dump());
    return test::read_by("python3 -c '" + check + "' " + schema_file + " " + file + " 2>&1");
  };
  for (const json& report : {report_of(sample_info(), one_of_each()), matrix(), hostile()}) {
    const auto read = validated(report);
    EXPECT_EQ(read.code, 0) << read.out;
  }
  json wrong = matrix();
  wrong["results"][0]["took_ns"] = "1s";
  EXPECT_NE(validated(wrong).code, 0);
}

}  // namespace
}  // namespace faultline
