// Which cases: ids, globs, files, families, repetitions.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

class Selecting : public Installation {
 protected:
  // What `list` prints, without all but the ids.
  [[nodiscard]] std::vector<std::string> listed(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "list");
    const Ran ran = faultline(arguments);
    EXPECT_EQ(ran.code, 0) << ran.err;
    std::vector<std::string> ids;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);)
      ids.push_back(line.substr(0, line.find(' ')));
    return ids;
  }
};

using Ids = std::vector<std::string>;

TEST_F(Selecting, WithoutANameAllAreListed) {
  EXPECT_EQ(listed({}), (Ids{"follows", "hollow", "literal", "long", "marked", "refused"}));
}

TEST_F(Selecting, IdsGlobsAndWhatIsLeftOut) {
  EXPECT_EQ(listed({"refused"}), (Ids{"refused"}));
  EXPECT_EQ(listed({"refused[ipv6]"}), (Ids{"refused"})) << "as results name it";
  EXPECT_EQ(listed({"l*", "refused"}), (Ids{"literal", "long", "refused"}));
  EXPECT_EQ(listed({"--exclude", "l*", "--exclude", "hollow"}),
            (Ids{"follows", "marked", "refused"}));
  EXPECT_EQ(listed({"--exclude", "long", "l*"}), (Ids{"literal"})) << "an option takes one value";
  EXPECT_EQ(listed({"refused", "r*", "../cases/refused.toml"}), (Ids{"refused"})) << "once";
}

TEST_F(Selecting, WhatSelectsNothingIs66WithASuggestion) {
  const Ran ran = faultline({"run", "refuse"});
  EXPECT_EQ(ran.code, 66);
  EXPECT_TRUE(has(ran.err, "no case is named 'refuse'")) << ran.err;
  EXPECT_TRUE(has(ran.err, "did you mean 'refused'?")) << ran.err;
  EXPECT_EQ(faultline({"run", "x*"}).code, 66);
  EXPECT_EQ(faultline({"run", "refused", "--exclude", "*"}).code, 66);
  edit_case("refused", "four", "level", "families = [\"ipv4\"]\nlevel");
  EXPECT_EQ(faultline({"run", "four", "--ipv6"}).code, 66);
}

TEST_F(Selecting, SlowCasesRunOnlyWhenTheyAreAskedFor) {
  edit_case("refused", "refused-slow", "level", "slow = true\nlevel");
  json report;
  const auto ids = [&](std::vector<std::string> arguments) {
    arguments.emplace_back("--ipv4");
    const Ran ran = run(arguments, report);
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    const bool said = has(ran.out, "1 slow case left out; --slow runs it");
    Ids found;
    for (const json& result : report["results"]) found.push_back(result["case"]);
    if (said) found.emplace_back("left out");
    return found;
  };
  EXPECT_EQ(ids({"refused*"}), (Ids{"refused", "left out"}));
  EXPECT_EQ(ids({"refused*", "--slow"}), (Ids{"refused", "refused-slow"}));
  EXPECT_EQ(ids({"refused-slow"}), (Ids{"refused-slow"}));
  EXPECT_EQ(ids({"refused-slow[ipv4]"}), (Ids{"refused-slow"})) << "as results name it";
  EXPECT_EQ(ids({"../cases/refused-slow.toml"}), (Ids{"refused-slow"}));
  EXPECT_EQ(ids({"refused*", "../cases/refused-slow.toml"}), (Ids{"refused", "refused-slow"}));
  EXPECT_EQ(ids({"refused*", "--exclude", "refused-slow"}), (Ids{"refused"}));
}

TEST_F(Selecting, SlowCasesAloneAreNothing) {
  edit_case("refused", "refused-slow", "level", "slow = true\nlevel");
  const Ran ran = faultline({"run", "refused-s*"});
  EXPECT_EQ(ran.code, 66);
  EXPECT_TRUE(has(ran.err, "only slow cases were selected, 1 of them: --slow runs them"))
      << ran.err;
}

TEST_F(Selecting, ListMarksSlowCases) {
  edit_case("refused", "refused-slow", "level", "slow = true\nlevel");
  const Ran ran = faultline({"list", "refused*"});
  EXPECT_EQ(
      ran.out,
      "refused       client  must                        A port where nobody listens refuses\n"
      "refused-slow  client  must        slow            A port where nobody listens refuses\n");
}

TEST_F(Selecting, ClaimsAreListedWithTheirCases) {
  EXPECT_EQ(faultline({"list", "--claims"}).code, 66) << "there is no claims.toml";
  edit_case("refused", "b", "level", "claims = [\"S01\"]\nlevel");
  edit_case("refused", "a", "level", "claims = [\"S01\", \"S02\"]\nlevel");
  write("cases/claims.toml", "S01 = \"one\"\nS02 = \"two\"\n");
  const Ran all = faultline({"list", "--claims"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_EQ(all.out,
            "S01  one\n       a\n       b\nS02  two\n       a\n2 claims, 0 without a case\n");
  const Ran without = faultline({"list", "--claims", "--exclude", "a"});
  EXPECT_EQ(without.code, 1);
  EXPECT_EQ(without.out,
            "S01  one\n       b\nS02  two\n       no case\n2 claims, 1 without a case\n");
}

TEST_F(Selecting, AFileFromElsewhereIsRunToo) {
  write("project/mine.toml", read("cases/refused.toml"));
  json report;
  const Ran ran = run({"mine.toml", "--ipv4"}, report);
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  ASSERT_EQ(report["results"].size(), 1);
  const std::string trace = report["results"][0]["trace"];
  EXPECT_TRUE(trace.starts_with((root_ / "project/faultline-out").string())) << trace;
  EXPECT_TRUE(std::filesystem::exists(trace));
  EXPECT_TRUE(has(report["results"][0]["rerun"], "mine.toml"));
}

TEST_F(Selecting, OneFamilyOrBoth) {
  const auto families = [&](std::vector<std::string> arguments) {
    json report;
    arguments.insert(arguments.begin(), "refused");
    EXPECT_EQ(run(arguments, report).code, 0);
    Ids found;
    for (const json& result : report["results"]) found.push_back(result["family"]);
    std::ranges::sort(found);
    return found;
  };
  EXPECT_EQ(families({"--ipv4"}), (Ids{"ipv4"}));
  EXPECT_EQ(families({"--ipv6"}), (Ids{"ipv6"}));
  EXPECT_EQ(families({"--ipv4", "--ipv6"}), (Ids{"ipv4", "ipv6"}));
}

TEST_F(Selecting, RepetitionsKeepATraceEach) {
  json report;
  EXPECT_EQ(run({"refused", "--ipv4", "--repeat", "3", "-j", "2"}, report).code, 0);
  EXPECT_EQ(report["summary"]["PASS"], 3);
  for (const char* name : {"refused[ipv4].json", "refused[ipv4]#2.json", "refused[ipv4]#3.json"})
    EXPECT_TRUE(std::filesystem::exists(root_ / "project/faultline-out" / name)) << name;
}

TEST_F(Selecting, TheSeedIsPrintedAndCanBeGiven) {
  json report;
  const Ran given = run({"refused", "--ipv4", "--seed", "18446744073709551615"}, report);
  EXPECT_TRUE(has(given.out, "seed 18446744073709551615")) << given.out;
  EXPECT_EQ(report["seed"].get<uint64_t>(), 18446744073709551615U);
  const Ran drawn = run({"refused", "--ipv4"}, report);
  EXPECT_TRUE(has(drawn.out, "seed " + std::to_string(report["seed"].get<uint64_t>())))
      << drawn.out;
}

TEST_F(Selecting, AfterAFailureNothingMoreIsStarted) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  json report;
  const Ran ran = run({"broken", "--ipv4", "--repeat", "5", "-j", "1", "--fail-fast"}, report);
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(report["results"].size(), 1);
}

TEST_F(Selecting, ExplainSaysItInSentences) {
  const Ran ran = faultline({"explain", "follows"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "follows: connect() gives up when its sysctls say\n")) << ran.out;
  EXPECT_TRUE(has(ran.out, "The client has tcp_syn_retries = 2.")) << ran.out;
  EXPECT_TRUE(has(ran.out, "ETIMEDOUT after 7 s")) << ran.out;
}

TEST_F(Selecting, DoctorLooksAtThisMachine) {
  const Ran ran = faultline({"doctor"});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_TRUE(has(ran.out, " Hz")) << ran.out;
  EXPECT_TRUE(has(ran.out, "missing   virtual time: the recipe of UML kernels is not there"));
  EXPECT_TRUE(has(ran.out, "can run the suite on its own kernel, in real time.")) << ran.out;
}

}  // namespace
}  // namespace faultline::test
