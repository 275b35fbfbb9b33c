// What a CI job gates a change with: baselines, shards and their merging, what failed once more.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

class Gates : public Installation {
 protected:
  Gates() { edit_case("refused", "broken", "is = 1", "is = 3"); }

  [[nodiscard]] json parsed(const std::string& path) const {
    return json::parse(read("project/" + path), nullptr, false);
  }
  // `faultline run --kernel host refused broken …`.
  [[nodiscard]] Ran gated(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"run", "--kernel", "host", "refused", "broken"});
    return faultline(arguments);
  }
  static std::vector<std::string> variants(const json& report) {
    std::vector<std::string> names;
    for (const json& result : report.at("results")) names.push_back(result.at("variant"));
    return names;
  }
};

using Names = std::vector<std::string>;

TEST_F(Gates, KnownFailuresDoNotFailButEveryDifferenceDoes) {
  EXPECT_EQ(gated({}).code, 1);
  const Ran accepted = gated({"--write-baseline", "b.json"});
  EXPECT_EQ(accepted.code, 0) << accepted.err;
  EXPECT_TRUE(has(accepted.err, "baseline b.json: 4 outcomes")) << accepted.err;
  EXPECT_EQ(parsed("b.json")["outcomes"]["broken[ipv6]"], "FAIL");
  const Ran same = gated({"--baseline", "b.json", "--report", "json=r.json", "--report", "text"});
  EXPECT_EQ(same.code, 0) << same.out;
  EXPECT_TRUE(has(same.out, "baseline b.json: 4 as in it\n")) << same.out;
  EXPECT_EQ(parsed("r.json")["baseline"]["same"], 4);

  edit_case("refused", "broken", "is = 1", "is  = 1");
  edit_case("refused", "refused", "is = 1", "is = 2");
  write("cases/fresh.toml", read("cases/broken.toml"));
  const Ran changed = gated({"fresh", "--ipv4", "--baseline", "b.json"});
  EXPECT_EQ(changed.code, 1);
  EXPECT_TRUE(has(changed.out, "  worse      refused[ipv4]  PASS -> FAIL\n")) << changed.out;
  EXPECT_TRUE(has(changed.out, "  improved   broken[ipv4]  FAIL -> PASS\n")) << changed.out;
  EXPECT_TRUE(has(changed.out, "  new        fresh[ipv4]  PASS, not in the baseline\n"))
      << changed.out;
}

TEST_F(Gates, AResultThatIsNotThereAnyMoreIsMissing) {
  EXPECT_EQ(gated({"--write-baseline", "b.json"}).code, 0);
  edit_case("refused", "refused", "level", "families = [\"ipv4\"]\nlevel");
  const Ran ran = gated({"--baseline", "b.json"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "  missing    refused[ipv6]  PASS -> no result\n")) << ran.out;
  EXPECT_EQ(faultline({"run", "--kernel", "host", "broken", "--baseline", "b.json"}).code, 0)
      << "refused was not selected";
}

TEST_F(Gates, WhatIsUndecidedSatisfiesNoBaseline) {
  const std::vector<std::string> hollow{"run", "--kernel", "host", "hollow", "refused", "--ipv4"};
  const auto with = [&](const std::string& option) {
    auto arguments = hollow;
    arguments.insert(arguments.end(), {option, "b.json"});
    return faultline(arguments);
  };
  const Ran written = with("--write-baseline");
  EXPECT_EQ(written.code, 2) << written.err;
  EXPECT_TRUE(has(written.err, "1 undecided results are not accepted")) << written.err;
  const Ran ran = with("--baseline");
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(has(ran.out, "undecided  hollow[ipv4]  INCONCLUSIVE, not in the baseline"))
      << ran.out;
}

TEST_F(Gates, ABaselineThatCannotBeReadIsFoundBeforeAnythingRuns) {
  const Ran none = gated({"--baseline", "none.json"});
  EXPECT_EQ(none.code, 65);
  EXPECT_EQ(none.out, "");
  write("project/b.json", "{}");
  EXPECT_EQ(gated({"--write-baseline", "b.json"}).code, 65) << "it would be lost";
  EXPECT_EQ(gated({"--write-baseline", "c.json", "--fail-fast"}).code, 64);
}

TEST_F(Gates, AnErrorNamesTheOptionThatItIsOf) {
  write("project/bad.json", "{}");
  EXPECT_TRUE(has(gated({"--baseline", "bad.json"}).err, "faultline: --baseline: bad.json"));
  EXPECT_TRUE(
      has(gated({"--write-baseline", "bad.json"}).err, "faultline: --write-baseline: bad.json"));
}

// Case files outside of the suite, as a stack's own repository has them: project/own/mine.toml is
// called differently in each folder.
class OwnCases : public Gates {
 protected:
  OwnCases() {
    std::filesystem::create_directories(root_ / "project/own");
    write("project/own/mine.toml", read("cases/refused.toml"));
    write("project/own/odd.toml", read("cases/broken.toml"));
  }
  [[nodiscard]] Ran in(const std::string& folder, const std::vector<std::string>& arguments) const {
    std::filesystem::create_directories(root_ / folder);
    Process process(command(arguments), {.folder = root_ / folder});
    const int code = process.wait();
    return {code, process.out, process.err};
  }
  [[nodiscard]] std::string accepted(const std::string& baseline, const std::string& key) const {
    return parsed(baseline).at("outcomes").value(key, "not there");
  }
  [[nodiscard]] Ran run_in(const std::string& folder, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"run", "--kernel", "host"});
    return in(folder, arguments);
  }
};

TEST_F(OwnCases, AreInABaselineByTheirPathsFromIt) {
  EXPECT_EQ(run_in("project",
                   {"own/mine.toml", "own/odd.toml", "refused", "--write-baseline", "own/b.json"})
                .code,
            0);
  EXPECT_EQ(parsed("own/b.json")["outcomes"].size(), 6U);
  EXPECT_EQ(accepted("own/b.json", "./odd[ipv4]"), "FAIL");
  EXPECT_EQ(accepted("own/b.json", "refused[ipv4]"), "PASS");
  const std::string odd = root_ / "project/own/odd.toml";
  const std::vector<std::pair<std::string, std::vector<std::string>>> ways{
      {"project/own", {"mine.toml", "odd.toml", "--baseline", "b.json"}},
      {"project/own/deep", {"../mine.toml", odd, "--baseline", "../b.json"}},
      {"cases",
       {"../project/own/odd.toml", "refused", "--baseline", root_ / "project/own/b.json"}}};
  for (const auto& [folder, arguments] : ways) {
    const Ran ran = run_in(folder, arguments);
    EXPECT_EQ(ran.code, 0) << folder << ran.out << ran.err;
    EXPECT_TRUE(has(ran.out, "4 as in it\n")) << folder << ran.out;
  }
  write("project/own/odd.toml", read("cases/refused.toml"));
  const Ran better = run_in("project/own", {"odd.toml", "--ipv4", "--baseline", "b.json"});
  EXPECT_EQ(better.code, 1);
  EXPECT_TRUE(has(better.out, "  improved   odd[ipv4]  FAIL -> PASS\n")) << better.out;
}

TEST_F(OwnCases, AreMissingWhereTheyAreNamedAndStayWhereTheyAreNot) {
  EXPECT_EQ(run_in("project", {"own/mine.toml", "--write-baseline", "b.json"}).code, 0);
  EXPECT_EQ(run_in("project", {"refused", "--write-baseline", "b.json"}).code, 0);
  EXPECT_EQ(parsed("b.json")["outcomes"].size(), 4U) << parsed("b.json");
  const Ran whole =
      run_in("project", {"*", "--exclude", "long", "--exclude", "hollow", "--exclude", "broken",
                         "--exclude", "literal", "--exclude", "follows", "--baseline", "b.json"});
  EXPECT_FALSE(has(whole.out, "missing")) << "not of the suite: " << whole.out;
  edit_case("refused", "refused", "level", "families = [\"ipv4\"]\nlevel");
  write("project/own/mine.toml", read("cases/refused.toml"));
  const Ran missing = run_in("project/own", {"mine.toml", "--baseline", "../b.json"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_TRUE(has(missing.out, "  missing    mine[ipv6]  PASS -> no result\n")) << missing.out;
}

TEST_F(OwnCases, AreTheirOwnWhereTheSuiteHasTheSameName) {
  write("project/broken.toml", read("cases/refused.toml"));
  EXPECT_EQ(run_in("project", {"broken", "--write-baseline", "b.json"}).code, 0);
  EXPECT_EQ(run_in("project", {"broken.toml", "--write-baseline", "b.json"}).code, 0);
  EXPECT_EQ(accepted("b.json", "broken[ipv4]"), "FAIL");
  EXPECT_EQ(accepted("b.json", "./broken[ipv4]"), "PASS");
}

TEST_F(OwnCases, AreFoundAgainFromAnotherFolder) {
  EXPECT_EQ(run_in("project", {"own/odd.toml", "own/mine.toml", "refused", "--ipv4"}).code, 1);
  const Ran again = in("elsewhere", {"run", "--rerun-failed", "../project/faultline-out"});
  EXPECT_EQ(again.code, 1) << again.out << again.err;
  EXPECT_TRUE(has(again.out, "1 result: 1 FAIL")) << again.out;
  EXPECT_TRUE(has(again.out, "project/own/odd[ipv4]")) << again.out;
  const Ran once_more = in("project", {"run", "--rerun-failed", "../elsewhere/faultline-out"});
  EXPECT_TRUE(has(once_more.out, "1 result: 1 FAIL")) << once_more.out << once_more.err;
}

TEST_F(OwnCases, ASuiteAndAStackAreFoundAgainToo) {
  std::filesystem::copy(root_ / "cases", root_ / "project/suite");
  std::filesystem::remove(root_ / "cases/broken.toml");
  EXPECT_EQ(run_in("project", {"--suite", "suite", "broken", "--ipv4"}).code, 1);
  const Ran again = in("elsewhere", {"run", "--rerun-failed", "../project/faultline-out"});
  EXPECT_EQ(again.code, 1) << again.out << again.err;
  EXPECT_TRUE(has(again.out, "1 result: 1 FAIL")) << again.out;
}

TEST_F(OwnCases, AreMergedInAnotherFolder) {
  EXPECT_EQ(run_in("project", {"own/mine.toml", "own/odd.toml", "--write-baseline", "b.json"}).code,
            0);
  for (const std::string n : {"1", "2"})
    EXPECT_LE(
        run_in("project", {"own/mine.toml", "own/odd.toml", "--shard", n + "/2", "--out", "o" + n})
            .code,
        1);
  const Ran merged = in(
      "elsewhere", {"merge", "../project/o1", "../project/o2", "--baseline", "../project/b.json"});
  EXPECT_EQ(merged.code, 0) << merged.out << merged.err;
  EXPECT_TRUE(has(merged.out, "4 as in it\n")) << merged.out;
}

TEST_F(Gates, ShardsHaveEverythingBetweenThemAndAreMerged) {
  json whole;
  (void)run({"--kernel", "host", "refused", "broken", "--seed", "1"}, whole);
  ASSERT_EQ(whole["results"].size(), 4U);
  for (int i = 1; i <= 3; ++i) {
    const std::string n = std::to_string(i);
    const Ran ran =
        gated({"--shard", n + "/3", "--report", "json=" + n + ".json", "--out", "o" + n});
    EXPECT_LE(ran.code, 1) << ran.err;
  }
  const Ran merged = faultline(
      {"merge", "1.json", "2.json", "3.json", "--report", "json=m.json", "--report", "text"});
  EXPECT_EQ(merged.code, 1) << merged.err;
  EXPECT_EQ(variants(parsed("m.json")), variants(whole));
  EXPECT_TRUE(has(merged.out, "4 results: 2 PASS, 2 FAIL")) << merged.out;
  EXPECT_TRUE(has(merged.out, "BROKEN")) << "with their stories: " << merged.out;

  const Ran part = faultline(
      {"merge", "1.json", "3.json", "--report", "tap=part.tap", "--report", "junit=part.xml"});
  EXPECT_TRUE(has(part.out, "shard 2/3 is not there")) << part.out;
  EXPECT_NE(part.code, 0);
  EXPECT_TRUE(has(read("project/part.tap"), " - the whole run # shard 2/3 is not there\n"));
  EXPECT_TRUE(has(read("project/part.xml"), "<error message=\"shard 2/3 is not there\""));
  const Ran twice = faultline({"merge", "1.json", "1.json"});
  EXPECT_EQ(twice.code, 65);
  EXPECT_TRUE(has(twice.err, "1.json and 1.json are both shard 1/3")) << twice.err;
  EXPECT_EQ(faultline({"merge", "none.json"}).code, 65);
  EXPECT_EQ(faultline({"merge", "1.json", "2.json", "3.json", "--write-baseline", "b.json"}).code,
            0);
  EXPECT_EQ(faultline({"merge", "1.json", "2.json", "3.json", "--baseline", "b.json"}).code, 0);
  EXPECT_EQ(gated({"--shard", "2/3", "--baseline", "b.json"}).code, 0) << "others' are not missing";
}

TEST_F(Gates, OneReportIsMadeAnotherFormat) {
  json report;
  const Ran ran = run({"--kernel", "host", "refused"}, report);
  const Ran converted = faultline({"merge", "report.json", "--report", "junit=r.xml"});
  EXPECT_EQ(converted.code, 0) << converted.err;
  EXPECT_TRUE(has(read("project/r.xml"), "<testcase name=\"refused[ipv4]\""));
}

TEST_F(Gates, AMergedReportNamesFilesAsThatOfTheRunDoes) {
  const Ran ran = gated({"--ipv4", "--out", root_ / "project/o", "--report", "junit=run.xml"});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_EQ(faultline({"merge", "o", "--report", "junit=merged.xml"}).code, 1);
  EXPECT_TRUE(has(read("project/merged.xml"), "[[ATTACHMENT|o/broken"))
      << read("project/merged.xml");
  EXPECT_EQ(read("project/merged.xml"), read("project/run.xml"));
}

TEST_F(Gates, ABaselineThatCannotBeWrittenIsFoundBeforeAnythingRuns) {
  const Ran ran = gated({"--write-baseline", "none/b.json"});
  EXPECT_EQ(ran.code, 64);
  EXPECT_TRUE(has(ran.err, "--write-baseline none/b.json: that file cannot be written")) << ran.err;
  EXPECT_EQ(ran.out, "");
}

// The folder where they ran is still there, and has some of the files of some of them.
TEST_F(Gates, ShardsOfOneRunAreMergedFromAnywhere) {
  write("project/mine.toml", read("cases/refused.toml"));
  for (const std::string n : {"1", "2"}) {
    const Ran ran = faultline({"run", "--kernel", "host", "refused", "mine.toml", "--ipv4",
                               "--shard", n + "/2", "--out", "s" + n});
    ASSERT_EQ(ran.code, 0) << ran.err;
  }
  std::filesystem::create_directories(root_ / "project/elsewhere");
  ProcessOptions elsewhere;
  elsewhere.folder = root_ / "project/elsewhere";
  Process process(command({"merge", "../s1", "../s2"}), elsewhere);
  EXPECT_EQ(process.wait(), 0) << process.err;
  EXPECT_TRUE(has(process.out, "2 results: 2 PASS")) << process.out;
}

TEST_F(Gates, ABaselineIsNotComparedWithFilesThatCouldBeAny) {
  write("project/b.json", R"({"faultline_baseline": 1, "outcomes": {"./mine[ipv4]": "FAIL"}})");
  write("project/mine.toml", read("cases/refused.toml"));
  for (const std::string n : {"1", "2"}) {
    std::filesystem::create_directories(root_ / "project" / n);
    ProcessOptions there;
    there.folder = root_ / "project" / n;
    Process shard(command({"run", "--kernel", "host", "refused", "../mine.toml", "--ipv4",
                           "--shard", n + "/2", "--out", "out"}),
                  there);
    ASSERT_EQ(shard.wait(), 0) << shard.err;
  }
  EXPECT_EQ(faultline({"merge", "1/out", "2/out"}).code, 0);
  const Ran ran = faultline({"merge", "1/out", "2/out", "--baseline", "b.json"});
  EXPECT_EQ(ran.code, 65) << ran.out;
  EXPECT_TRUE(has(ran.err, "the shards were run in different folders")) << ran.err;
}

// The next run may have put its own where a report says that they are.
TEST_F(Gates, TracesAreLookedForBesideTheirReportFirst) {
  EXPECT_EQ(faultline({"run", "--kernel", "host", "refused", "--ipv4"}).code, 0);
  std::filesystem::create_directories(root_ / "project/shard-1");
  std::filesystem::copy(root_ / "project/faultline-out", root_ / "project/shard-1/faultline-out",
                        std::filesystem::copy_options::recursive);
  EXPECT_EQ(faultline({"merge", "shard-1/faultline-out", "--report", "json=m.json"}).code, 0);
  EXPECT_EQ(parsed("m.json")["results"][0]["trace"],
            (root_ / "project/shard-1/faultline-out/refused[ipv4].json").string());
}

TEST_F(Gates, AnEmptyShardIsNoError) {
  const std::vector<std::string> one{"run", "--kernel", "host", "refused", "--ipv4"};
  const auto shard = [&](const ProcessOptions& options) { return faultline(one, options); };
  const Ran first = shard({.env = {{"GTEST_TOTAL_SHARDS", "2"}, {"GTEST_SHARD_INDEX", "0"}}});
  EXPECT_TRUE(has(first.out, "1 result: 1 PASS")) << first.out << first.err;
  const std::string file = root_ / "project/touched";
  const Ran second = shard({.env = {{"GTEST_TOTAL_SHARDS", "2"},
                                    {"GTEST_SHARD_INDEX", "1"},
                                    {"GTEST_SHARD_STATUS_FILE", file}}});
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_TRUE(has(second.out, "shard 2/2 has nothing to run")) << second.out;
  EXPECT_TRUE(std::filesystem::exists(file));
  const Ran wrong = shard({.env = {{"GTEST_TOTAL_SHARDS", "2"}, {"GTEST_SHARD_INDEX", "2"}}});
  EXPECT_EQ(wrong.code, 64);
  EXPECT_EQ(faultline({"run", "refused", "--shard", "0/2"}).code, 64);
}

TEST_F(Gates, ExactlyWhatFailedIsRunAgain) {
  EXPECT_EQ(gated({"--seed", "77", "--sysctl", "tcp_syn_retries=4"}).code, 1);
  const Ran again =
      faultline({"run", "--rerun-failed", "faultline-out", "--out", "again", "--report", "text"});
  EXPECT_EQ(again.code, 1);
  EXPECT_TRUE(has(again.err, "faultline-out: 2 of 4 results failed or were undecided"))
      << again.err;
  const json report = parsed("again/results.json");
  EXPECT_EQ(variants(report), (Names{"broken[ipv4]", "broken[ipv6]"}));
  EXPECT_EQ(report["seed"], 77);
  EXPECT_EQ(report["asked"]["sysctls"]["net.ipv4.tcp_syn_retries"], "4");

  edit_case("refused", "broken", "is = 1", "is  = 1");
  EXPECT_EQ(faultline({"run", "--rerun-failed", "again", "--ipv4", "--out", "more"}).code, 0);
  const Ran nothing = faultline({"run", "--rerun-failed", "more/results.json"});
  EXPECT_EQ(nothing.code, 0);
  EXPECT_TRUE(has(nothing.err, "nothing to run again")) << nothing.err;
  json cut = parsed("more/results.json");
  cut["interrupted"] = true;
  write("project/cut.json", cut.dump());
  const Ran not_whole = faultline({"run", "--rerun-failed", "cut.json"});
  EXPECT_EQ(not_whole.code, 2);
  EXPECT_TRUE(has(not_whole.err, "that run is not whole")) << not_whole.err;
  EXPECT_EQ(faultline({"run", "--rerun-failed", "none"}).code, 65);
  EXPECT_EQ(faultline({"run", "refused", "--rerun-failed", "more"}).code, 64);
}

TEST_F(Gates, ASlowMachineIsGivenMoreTime) {
  const std::vector<std::string> one{"run", "--kernel", "host", "refused", "--ipv4"};
  const Ran slow = faultline(one, {.env = {{"KSFT_MACHINE_SLOW", "yes"}}});
  EXPECT_TRUE(has(slow.out, "tolerances times 4 (KSFT_MACHINE_SLOW)")) << slow.out;
  auto scaled = one;
  scaled.insert(scaled.end(), {"--timing-scale", "2"});
  const Ran asked = faultline(scaled, {.env = {{"KSFT_MACHINE_SLOW", "yes"}}});
  EXPECT_TRUE(has(asked.out, "tolerances times 2\n")) << asked.out;
  EXPECT_FALSE(has(faultline(one, {.env = {{"KSFT_MACHINE_SLOW", ""}}}).out, "tolerances"));
}

}  // namespace
}  // namespace faultline::test
