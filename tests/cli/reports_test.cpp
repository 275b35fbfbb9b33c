// --report, read again by readers that others wrote.
#include <pugixml.hpp>

#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

class Reports : public Installation {};

TEST_F(Reports, JsonOnStandardOutputStandsAlone) {
  const Ran ran = faultline({"run", "refused", "hollow", "--report", "json"});
  EXPECT_EQ(ran.code, 2);
  const json report = json::parse(ran.out, nullptr, false);
  ASSERT_TRUE(report.is_object()) << ran.out;
  EXPECT_EQ(report["faultline_results"], 1);
  EXPECT_EQ(report["summary"]["PASS"], 2);
  EXPECT_EQ(report["summary"]["INCONCLUSIVE"], 2);
  EXPECT_EQ(report["results"].size(), 4);
}

TEST_F(Reports, JunitInAFileBesideTextOnStandardOutput) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  const Ran ran = faultline({"run", "refused", "broken", "--ipv4", "--report", "junit=j.xml",
                             "--report", "json=j.json", "--report", "text=t.txt"});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_TRUE(has(ran.out, "PASS  refused[ipv4]")) << ran.out;
  pugi::xml_document xml;
  ASSERT_TRUE(xml.load_file((root_ / "work/j.xml").c_str()));
  EXPECT_EQ(xml.select_nodes("//testcase").size(), 2);
  EXPECT_EQ(xml.select_nodes("//testcase/failure").size(), 1);
  EXPECT_EQ(json::parse(read("work/j.json"))["summary"]["FAIL"], 1);
  EXPECT_TRUE(has(read("work/t.txt"), "FAIL  broken[ipv4]"));
}

TEST_F(Reports, AFileThatCannotBeWrittenIsSaidBeforeAnythingRuns) {
  const Ran ran = faultline({"run", "refused", "--report", "json=none/x.json"});
  EXPECT_EQ(ran.code, 64);
  EXPECT_TRUE(ran.out.empty()) << ran.out;
  EXPECT_TRUE(has(ran.err, "none")) << ran.err;
}

}  // namespace
}  // namespace faultline::test
