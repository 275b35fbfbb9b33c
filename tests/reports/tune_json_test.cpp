// The JSON of `faultline tune` is what docs/tune.schema.json says.
#include "reports/tune_json.hpp"

#include <fstream>

#include "tests/case/schema.hpp"
#include "tests/reports/tune_samples.hpp"

namespace faultline {
namespace {

using nlohmann::json;

const json& schema() {
  static const json root =
      json::parse(std::ifstream(FAULTLINE_SOURCE_DIR "/docs/tune.schema.json"));
  return root;
}

std::string schema_says(const TuneReport& report) {
  return test::violation(schema(), schema(), json::parse(tune_json(report)));
}

TEST(TuneJson, FitsItsSchema) {
  EXPECT_EQ(schema_says(predicted_sample()), "");
  EXPECT_EQ(schema_says(measured_sample()), "");
  EXPECT_EQ(schema_says(hostile_sample()), "");
  EXPECT_EQ(schema_says(assess({}, sample_kernels, {})), "");
  EXPECT_EQ(schema_says(assess(tune_files("net.ipv4.tcp_keepalive_time = 8000000"),
                               {sample_kernels[0]}, {})),
            "")
      << "what cannot be predicted";
}

// Each key that the schema asks for is one that it misses, each that it does not know one too many.
TEST(TuneJson, TheSchemaIsClosed) {
  const json good = json::parse(tune_json(measured_sample()));
  for (const auto& [key, _] : good.items()) {
    json less = good;
    less.erase(key);
    EXPECT_NE(test::violation(schema(), schema(), less), "") << key;
  }
  for (const char* at : {"", "/kernels/0", "/changes/0", "/behaviours/0", "/behaviours/0/on/0",
                         "/behaviours/0/governed_by/0", "/behaviours/0/governed_by/0/set_at",
                         "/requirements/0", "/requirements/0/on/0", "/warnings/0"}) {
    json more = good;
    more[json::json_pointer(at)]["qqqqqqqq"] = 1;
    EXPECT_NE(test::violation(schema(), schema(), more), "") << at;
  }
  json other = good;
  other["behaviours"][0]["on"][0]["verdict"] = "fine";
  EXPECT_NE(test::violation(schema(), schema(), other), "");
}

TEST(TuneJson, EverythingInTheSchemaIsDescribed) {
  for (const auto& [name, definition] : schema().at("definitions").items()) {
    EXPECT_TRUE(definition.contains("description")) << name;
    const json properties = definition.value("properties", json::object());
    for (const auto& [key, property] : properties.items())
      EXPECT_TRUE(property.contains("description") || property.contains("$ref"))
          << name << "." << key;
  }
}

TEST(TuneJson, SaysWhatWasFound) {
  const json report = json::parse(tune_json(measured_sample()));
  EXPECT_EQ(report["faultline_tune"], 1);
  const json& connect = report["behaviours"][0];
  EXPECT_EQ(connect["name"], "connect");
  EXPECT_EQ(connect["governed_by"][0], (json{{"sysctl", "tcp_syn_retries"},
                                             {"value", "3"},
                                             {"set_at", {{"file", "mesh.conf"}, {"line", 1}}}}));
  EXPECT_FALSE(connect["governed_by"][1].contains("set_at"));
  EXPECT_EQ(connect["on"][0]["measured_ns"], 19'392'000'000);
  EXPECT_EQ(connect["on"][0]["within_ns"], (json{19'260'000'000, 19'548'000'000}));
  EXPECT_EQ(connect["on"][0]["verdict"], "as predicted");
  EXPECT_EQ(connect["on"][1]["why"], "31s is too long");
  EXPECT_GT(connect["on"][0]["by_default_ns"][0], 131'000'000'000);
  EXPECT_EQ(report["requirements"][0]["holds"], false);
  EXPECT_EQ(report["requirements"][0]["on"][1]["holds"], "always");
  EXPECT_EQ(report["changes"][0]["value"], "3");
  EXPECT_EQ(json::parse(tune_json(predicted_sample()))["not_looked_at"][0],
            (json{{"key", "vm.swappiness"}, {"value", "1"}, {"file", "mesh.conf"}, {"line", 2}}));
}

}  // namespace
}  // namespace faultline
