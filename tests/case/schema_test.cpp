// cases/schema.json says what the reader says, as far as a schema can.
#include "tests/case/schema.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "harness/case/document.hpp"
#include "harness/case/names.hpp"
#include "tests/case/bad_cases.hpp"

namespace faultline {
namespace {

using nlohmann::json;
using Names = std::set<std::string>;

const json& schema() {
  static const json root = json::parse(std::ifstream(FAULTLINE_SOURCE_DIR "/cases/schema.json"));
  return root;
}

std::string schema_says(const std::string& text) {
  const auto document = Document::parse(text, "x.toml");
  if (!document) return document.error().what;
  return test::violation(schema(), schema(), document->root());
}

// The keys of a table as the reader knows them: those that it lists when it meets one that is near
// to none of them.
Names keys_of_reader(const std::string& text) {
  const auto result = test::read(text);
  Names keys;
  if (result) return keys;
  const std::string& what = result.error().what;
  const std::string_view mark = "; known here: ";
  const size_t at = what.find(mark);
  if (at == std::string::npos) ADD_FAILURE() << to_string(result.error());
  std::istringstream list(at == std::string::npos ? "" : what.substr(at + mark.size()));
  for (std::string key; std::getline(list >> std::ws, key, ',');) keys.insert(key);
  return keys;
}

Names keys_of_schema(const json& object) {
  Names keys;
  for (const auto& [key, _] : object.at("properties").items()) keys.insert(key);
  return keys;
}

struct Table {
  const char* definition;  // "": the root
  std::string text;        // with a key that nobody knows in this table
};

class Tables : public testing::TestWithParam<Table> {};

TEST_P(Tables, HaveTheSameKeysInReaderAndSchema) {
  const std::string name = GetParam().definition;
  const json& object = name.empty() ? schema() : schema().at("definitions").at(name);
  EXPECT_EQ(keys_of_reader(GetParam().text), keys_of_schema(object));
  EXPECT_EQ(object.at("additionalProperties"), false);
}

std::string in_expect(const std::string& line) {
  return test::head + test::connect + "[expect]\n" + line + "\n";
}

std::string in_rule(const std::string& lines) {
  return test::head + "[[rule]]\nmatch = {}\n" + lines + "\n";
}

INSTANTIATE_TEST_SUITE_P(
    Schema, Tables,
    testing::Values(
        Table{"", test::head + "qqqqqqqq = 1\n" + test::connect + test::expect},
        Table{"setup", test::head + "[client]\nqqqqqqqq = 1\n"},
        Table{"options", test::head + "[client]\noptions = { qqqqqqqq = 1 }\n"},
        Table{"rule", test::head + "[[rule]]\nmatch = {}\ndrop = 1\nqqqqqqqq = 1\n"},
        Table{"selector", test::head + "[[rule]]\nmatch = { qqqqqqqq = 1 }\ndrop = 1\n"},
        Table{"while", test::head + "[[rule]]\nmatch = { while = { client = \"CLOSED\", "
                                    "qqqqqqqq = 1 } }\ndrop = 1\n"},
        Table{"hold", in_rule("hold = { passed = 1, qqqqqqqq = 1 }")},
        Table{"after", in_rule("after = { step = \"x\", qqqqqqqq = 1 }\ndrop = 1")},
        Table{"corrupt", in_rule("corrupt = { payload = 1, qqqqqqqq = 1 }")},
        Table{"truncate", in_rule("truncate = { payload = 1, qqqqqqqq = 1 }")},
        Table{"edit", in_rule("edit = { window = 1, qqqqqqqq = 1 }")},
        Table{"edit_timestamps",
              in_rule("edit = { timestamps = { value = 1, echo = 1, qqqqqqqq = 1 } }")},
        Table{"forge", in_rule("forge = { from = \"client\", qqqqqqqq = 1 }")},
        Table{"icmp", in_rule("icmp = { error = \"time-exceeded\", qqqqqqqq = 1 }")},
        Table{"limit", in_rule("limit = { rate = 1, queue = 1, qqqqqqqq = 1 }")},
        Table{"shift", in_rule("shift = { from = \"client\", by = 1, qqqqqqqq = 1 }")},
        Table{"loss", in_rule("loss = { probability = 0.5, qqqqqqqq = 1 }")},
        Table{"step", test::head + test::connect + "qqqqqqqq = 1\n"},
        Table{"wait_for", test::head + "[[step]]\nwait = { client = \"CLOSED\", qqqqqqqq = 1 }\n"},
        Table{"bounds", test::head + test::connect + "takes = { qqqqqqqq = 1 }\n"},
        Table{"expect", in_expect("qqqqqqqq = 1")},
        Table{"contains", in_expect("states.client = { contains = [\"CLOSED\"], qqqqqqqq = 1 }")},
        Table{"gaps", in_expect("gaps = [{ qqqqqqqq = 1 }]")},
        Table{"count", in_expect("counts = [{ qqqqqqqq = 1 }]")},
        Table{"time_between", in_expect("times = [{ qqqqqqqq = 1 }]")},
        Table{"moment", in_expect("times = [{ from = { call = \"step-1\", qqqqqqqq = 1 } }]")}),
    [](const auto& one) {
      return std::string(*one.param.definition ? one.param.definition : "root");
    });

TEST(Schema, ListsTheSameWords) {
  const auto words = [](const char* pointer) {
    Names names;
    for (const auto& word : schema().at(json::json_pointer(pointer))) names.insert(word);
    return names;
  };
  const auto all = [](std::span<const std::string> list, const std::string& prefix = "") {
    Names names;
    for (const std::string& name : list) names.insert(prefix + name);
    return names;
  };
  EXPECT_EQ(words("/definitions/timer/enum"), all(timer_names(), "timer:"));
  EXPECT_EQ(words("/definitions/errno/enum"), all(errno_names()));
  EXPECT_EQ(words("/definitions/call/enum"), all(call_names()));
  EXPECT_EQ(words("/definitions/step/properties/option/enum"), all(readable_option_names()));
  Names states;
  for (const TcpState state : all_states()) states.emplace(to_string(state));
  EXPECT_EQ(words("/definitions/state/enum"), states);
  Names kinds, options;
  for (const SegmentKind kind : all_segment_kinds) kinds.emplace(to_string(kind));
  EXPECT_EQ(words("/definitions/kind/enum"), kinds);
  for (const OptionName& option : tcp_option_names()) options.emplace(option.name);
  EXPECT_EQ(words("/definitions/tcp_option/anyOf/0/enum"), options);
}

TEST(Schema, EveryTableThatADefinitionDescribesIsClosed) {
  for (const auto& [name, definition] : schema().at("definitions").items()) {
    if (!definition.contains("properties")) continue;
    EXPECT_EQ(definition.value("additionalProperties", true), false) << name;
  }
}

TEST(Schema, EverythingInItIsDescribed) {
  for (const auto& [name, definition] : schema().at("definitions").items()) {
    EXPECT_TRUE(definition.contains("description")) << name;
    const json properties = definition.value("properties", json::object());
    for (const auto& [key, property] : properties.items())
      EXPECT_TRUE(property.contains("description") || property.contains("$ref"))
          << name << "." << key;
  }
}

TEST(Schema, RefusesWhatTheReaderRefusesWhereItCan) {
  for (const test::BadCase& bad : test::bad_cases()) {
    const bool refused = !schema_says(bad.text).empty();
    EXPECT_EQ(refused, bad.schema == test::Schema::refuses) << bad.name;
  }
}

// A line each, as the fragments that follow the four lines every case has.
const std::vector<std::string>& good_fragments() {
  static const std::vector<std::string> list{
      test::connect + test::expect,
      "families = [\"ipv4\"]\nclaims = [\"S01\"]\nslow = true\n" + test::connect + test::expect,
      test::connect + "[expect]\ncounts = [{ of = {}, distinct = \"seq-high-byte\", is = 2 }]\n",
      "[client]\nsysctl = { tcp_sack = 0, net.core.somaxconn = 5, \"net.ipv4.tcp_rmem\" = \"1 2 "
      "3\" }\noptions = { SO_LINGER = -1 }\nlisten = true\nbacklog = 0\n" +
          test::connect + test::expect,
      "[[rule]]\nname = \"a.b-c_d\"\nmatch = { from = \"client\", flags = \"SYN|ACK\", has = "
      "\"PSH\", retransmission = false, payload = \"1-100\", seq = 0, ack = \"5+\", while = { "
      "server = [\"LISTEN\"] } }\noptional = true\npass = [1, \"2-4\", \"9+\"]\n" +
          test::connect + test::expect,
      "[[rule]]\nmatch = { nth = \"all\" }\ndelay = \"1.5s\"\n[[rule]]\nmatch = {}\nhold = { "
      "passed = 2 }\n[[rule]]\nmatch = {}\nduplicate = 1000\n[[rule]]\nmatch = {}\nunplug = "
      "\"2min\"\n" +
          test::connect + test::expect,
      "[[rule]]\nmatch = { retransmission = \"2+\", kind = [\"pure-ack\", \"duplicate-ack\"], "
      "option = [\"sack\", 254], window = \"0-1\" }\noptional = true\ncorrupt = { header = 59 "
      "}\n[[rule]]\nmatch = { retransmission = 1, option = \"fast-open\", byte = \"1-100\" }\n"
      "after = { rule = \"rule-1\" }\nlasting = \"5s\"\ncorrupt = { payload = 0 }\n[[rule]]\nmatch "
      "= { kind = \"zero-window-probe\", option = 2 }\nafter = { step = \"step-1\" }\ndrop = 1\n" +
          test::connect + test::expect,
      "[[rule]]\nmatch = {}\ntruncate = { payload = 65535 }\n[[rule]]\nmatch = {}\ntruncate = { "
      "header = 1, checksums = \"keep\" }\n[[rule]]\nmatch = {}\nedit = { seq = \"+5\", ack = "
      "\"edge-1\", flags = \"none\", window = 0, urgent = 65535, ttl = 0, ecn = \"ce\", mss = "
      "65535, "
      "window_scale = 255, sack_permitted = false, sack = false, timestamps = { value = 0, echo = "
      "4294967295 }, checksums = \"mend\" }\n[[rule]]\nmatch = {}\nedit = { mss = false, "
      "window_scale = false, timestamps = false }\n[[rule]]\nmatch = {}\nedit = { seq = "
      "4294967295, "
      "ack = \"isn\" }\n" +
          test::connect + test::expect,
      "[[rule]]\nmatch = {}\nforge = { from = \"server\", flags = \"SYN ACK\", seq = \"expected\", "
      "ack "
      "= 1, window = 1, payload = 1400, urgent = 1, ttl = 255, mss = 0, timestamps = -5 "
      "}\n[[rule]]\nmatch = {}\nicmp = { error = \"packet-too-big\", mtu = 68, seq = \"-1\", "
      "segment "
      "= \"pass\" }\n[[rule]]\nmatch = {}\nlimit = { rate = 1000000000000, queue = 10000 "
      "}\n[[rule]]\nmatch = {}\nshift = { from = \"client\", isn = 0 }\n[[rule]]\nmatch = "
      "{}\nshift "
      "= { from = \"client\", by = 4294967295 }\n" +
          test::connect + test::expect,
      "families = [\"ipv4\"]\n[[rule]]\nmatch = {}\nicmp = { error = \"source-quench\" }\n" +
          test::connect +
          "[[step]]\nname = \"f\"\nforge = { from = \"client\", timestamps = false, "
          "ack = 1 }\n[[step]]\nconnection = \"main\"\nicmp = { error = \"host-unreachable\", to = "
          "\"server\" }\n" +
          test::expect,
      test::connect + "fails = \"ETIMEDOUT\"\ntakes = \" 1s + 2s \"\n",
      test::connect + "port = 65535\nbackground = true\ntakes = \"timer:connect\"\n",
      test::connect +
          "takes = { min = \"1s\", max = \"1s\" }\n[[step]]\nclient = \"send\"\nbytes = "
          "1\n[[step]]\nclient = \"recv\"\nreturns = \"5+\"\n[[step]]\nclient = "
          "\"shutdown\"\nhow = \"both\"\n[[step]]\nclient = \"setsockopt\"\noption = "
          "\"SO_LINGER\"\nvalue = 0\n[[step]]\nclient = \"getsockopt\"\noption = "
          "\"SO_LINGER\"\n[[step]]\nclient = \"close\"\nmay_fail = true\n[[step]]\n"
          "client = \"kill\"\n",
      test::connect +
          "[[step]]\nwait = \"1us\"\n[[step]]\nwait = { client = \"CLOSED\", connection "
          "= \"main\" }\nwithin = \"1h\"\n[[step]]\nlink = \"plug\"\n" +
          test::expect,
      test::connect +
          "[expect]\nstates.\"client:main\" = [\"SYN_SENT\"]\nstates.server = { "
          "contains = [\"SYN_RECV\"] }\nstream.client = 0\ncounts = [{ of = {}, is = "
          "\"1-2\" }, { of = {}, is = \"timer:data\" }]\ngaps = [{ of = {}, are = "
          "[{ min = \"1s\" }] }, { of = {}, are = \"timer:keepalive\" }]\n",
  };
  return list;
}

TEST(Schema, AcceptsWhatTheReaderAccepts) {
  for (const std::string& fragment : good_fragments()) {
    const std::string text = test::head + fragment;
    (void)test::good(text);
    EXPECT_EQ(schema_says(text), "") << text;
  }
}

TEST(Schema, AcceptsRandomLossInACaseOfEnduranceAlone) {
  const auto with = [](const std::string& level, const std::string& loss) {
    return "title = \"A case\"\nabout = \"both\"\nlevel = \"" + level +
           "\"\nspec = [\"x\"]\n[[rule]]\nmatch = {}\nloss = " + loss + "\n" + test::connect +
           test::expect;
  };
  for (const char* loss :
       {"{ probability = 1 }", "{ probability = 0.25 }",
        "{ good_to_bad = 0.1, bad_to_good = 1, in_good = 0.01, in_bad = 0.5 }"}) {
    (void)test::good(with("endurance", loss));
    EXPECT_EQ(schema_says(with("endurance", loss)), "") << loss;
    EXPECT_FALSE(test::read(with("must", loss)));
    EXPECT_NE(schema_says(with("must", loss)), "") << loss;
  }
}

TEST(Schema, AcceptsEveryCaseOfTheSuite) {
  const auto files = find_cases(FAULTLINE_SOURCE_DIR "/cases");
  ASSERT_TRUE(files);
  for (const CaseFile& file : *files) {
    const auto c = load_case(file.path, file.id, test::faults());
    ASSERT_TRUE(c) << to_string(c.error());
    EXPECT_EQ(schema_says(c->text), "") << file.path;
  }
}

}  // namespace
}  // namespace faultline
