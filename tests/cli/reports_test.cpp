// --report, read again by readers that others wrote.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pugixml.hpp>

#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

class Reports : public Installation {
 protected:
  // `script` by bash; "$@" in it runs one case.
  [[nodiscard]] Ran by_shell(const std::string& script) const {
    std::vector<std::string> words = command({"run", "refused", "--ipv4"});
    words.insert(words.begin(), {"bash", "-c", script, "bash"});
    Process shell(words, here());
    const int code = shell.wait();
    return {code, shell.out, shell.err};
  }
};

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
  ASSERT_TRUE(xml.load_file((root_ / "project/j.xml").c_str()));
  EXPECT_EQ(xml.select_nodes("//testcase").size(), 2);
  EXPECT_EQ(xml.select_nodes("//testcase/failure").size(), 1);
  EXPECT_EQ(json::parse(read("project/j.json"))["summary"]["FAIL"], 1);
  EXPECT_TRUE(has(read("project/t.txt"), "FAIL  broken[ipv4]"));
}

TEST_F(Reports, AFileThatCannotBeWrittenIsSaidBeforeAnythingRuns) {
  const Ran ran = faultline({"run", "refused", "--report", "json=none/x.json"});
  EXPECT_EQ(ran.code, 64);
  EXPECT_TRUE(ran.out.empty()) << ran.out;
  EXPECT_TRUE(has(ran.err, "none: No such file or directory")) << ran.err;
}

TEST_F(Reports, AFolderHasACaptureOfEachResult) {
  const Ran ran = faultline(
      {"run", "refused", "hollow", "--ipv4", "--report", "pcapng", "--report", "tap=x.tap"});
  EXPECT_EQ(ran.code, 2) << ran.err;
  EXPECT_EQ(read("project/faultline-out/pcapng/index.txt"),
            "INCONCLUSIVE  hollow[ipv4]  hollow.ipv4.pcapng\n"
            "PASS  refused[ipv4]  refused.ipv4.pcapng\n");
  EXPECT_TRUE(read("project/faultline-out/pcapng/refused.ipv4.pcapng").starts_with("\n\r\r\n"));
  EXPECT_TRUE(read("project/x.tap").starts_with("TAP version 13\n1..2\n"));
}

// A full disk: every byte that goes there is one too many.
TEST_F(Reports, AFullDiskCostsThatReportAlone) {
  std::filesystem::create_symlink("/dev/full", root_ / "project/full.json");
  const Ran ran = faultline(
      {"run", "refused", "--ipv4", "--report", "json=full.json", "--report", "ktap=x.ktap"});
  EXPECT_EQ(ran.code, 70);
  EXPECT_TRUE(has(ran.err, "full.json: No space left on device")) << ran.err;
  EXPECT_TRUE(has(ran.out, "1 result: 1 PASS")) << ran.out;
  EXPECT_TRUE(has(read("project/x.ktap"), "ok 1 refused\n"));
}

// Also to who may not make files beside that device.
TEST_F(Reports, ADeviceIsNotRefusedForItsFolder) {
  json report;
  (void)run({"refused", "--ipv4"}, report);
  const auto as_nobody = [] {
    if (getuid() == 0 && setuid(65534) != 0) _exit(125);
  };
  const Ran ran = faultline({"merge", "report.json", "--report", "json=/dev/full"},
                            {.env = {}, .in_child = as_nobody});
  EXPECT_EQ(ran.code, 70);
  EXPECT_EQ(ran.err, "faultline: writing /dev/full: No space left on device\n");
  EXPECT_TRUE(has(ran.out, "1 result: 1 PASS")) << ran.out;
}

TEST_F(Reports, StandardOutputOnAFullDiskCostsNoReport) {
  const Ran ran = by_shell("\"$@\" --report tap=x.tap >/dev/full");
  EXPECT_EQ(ran.code, 70);
  EXPECT_TRUE(has(ran.err, "standard output could not be written")) << ran.err;
  EXPECT_TRUE(has(read("project/x.tap"), "ok 1 - refused[ipv4]\n"));
}

TEST_F(Reports, AReportGoesThroughAPipeOfTheShell) {
  const Ran ran = by_shell("\"$@\" --report json=>(cat >got.json); code=$?; wait $!; exit $code");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(json::parse(read("project/got.json"), nullptr, false)["summary"]["PASS"], 1);
}

TEST_F(Reports, APipeThatNobodyReadsIsNotWaitedFor) {
  ASSERT_EQ(mkfifo((root_ / "project/pipe").c_str(), 0666), 0);
  const Ran ran =
      faultline({"run", "refused", "--ipv4", "--report", "json=pipe", "--report", "tap=x.tap"});
  EXPECT_EQ(ran.code, 70);
  EXPECT_EQ(ran.err, "faultline: writing pipe: nobody reads from that pipe\n");
  EXPECT_TRUE(std::filesystem::is_fifo(root_ / "project/pipe"));
  EXPECT_TRUE(has(read("project/x.tap"), "ok 1 - refused[ipv4]\n"));
}

TEST_F(Reports, AFolderThatCannotTakeAFileIs70WithItsPath) {
  std::filesystem::create_directories(root_ / "project/captures/refused.ipv4.pcapng/in-the-way");
  const Ran ran = faultline({"run", "refused", "--ipv4", "--force", "--report", "pcapng=captures",
                             "--report", "json=x.json"});
  EXPECT_EQ(ran.code, 70) << ran.err;
  EXPECT_TRUE(has(ran.err, "captures/refused.ipv4.pcapng")) << ran.err;
  EXPECT_TRUE(has(ran.out, "1 result: 1 PASS")) << ran.out;
  EXPECT_EQ(json::parse(read("project/x.json"))["summary"]["PASS"], 1);
}

TEST_F(Reports, InAJobOfGitHubAFailureIsAnnotatedAndSummedUp) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  write("project/summary.md", "before\n");
  const Ran ran = faultline({"run", "broken", "--ipv4"},
                            {.env = {{"GITHUB_ACTIONS", "true"},
                                     {"GITHUB_WORKSPACE", root_},
                                     {"GITHUB_STEP_SUMMARY", root_ / "project/summary.md"}}});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "::error file=cases/broken.toml,line=15,title=broken[ipv4]::FAIL "))
      << ran.out;
  const std::string summary = read("project/summary.md");
  EXPECT_TRUE(summary.starts_with("before\n\n### Faultline\n\n| topic | FAIL |\n")) << summary;
  EXPECT_TRUE(has(summary, "```mermaid\nsequenceDiagram\n")) << summary;
}

// GitHub reads paths from the workspace on, wherever in it the step runs.
TEST_F(Reports, AnAnnotationNamesItsFileFromTheWorkspaceOn) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  write("project/broken.toml", read("cases/broken.toml"));
  const Ran ran = faultline({"run", "broken.toml", "--ipv4"},
                            {.env = {{"GITHUB_ACTIONS", "true"}, {"GITHUB_WORKSPACE", root_}}});
  EXPECT_TRUE(has(ran.out, "::error file=project/broken.toml,line=")) << ran.out;
}

TEST_F(Reports, ATitleInMarkdownIsNoCommandToTheRunner) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  edit_case("broken", "broken", "title = \"", "title = \"::error::");
  const Ran ran = faultline({"run", "broken", "--ipv4", "--report", "markdown"},
                            {.env = {{"GITHUB_ACTIONS", "true"}}});
  EXPECT_TRUE(has(ran.out, ": :error::")) << ran.out;
  EXPECT_FALSE(has(ran.out, "\n::")) << ran.out;
}

// A shell's `>log` has other lines in it.
TEST_F(Reports, AReportToStandardOutputByItsNameTakesNoFilesPlace) {
  std::string line;
  for (const std::string& word :
       command({"run", "refused", "--ipv4", "--kernel", "host", "--report", "tap=/dev/stdout"}))
    line += word + " ";
  Process process({"bash", "-c", "exec >log; echo before; " + line + "; echo after"}, here());
  EXPECT_EQ(process.wait(), 0);
  const std::string log = read("project/log");
  EXPECT_TRUE(log.starts_with("before\nTAP version 13\n")) << log;
  EXPECT_TRUE(log.ends_with("\nafter\n")) << log;
  EXPECT_EQ(faultline({"run", "refused", "--report", "json", "--report", "tap=/dev/stdout"}).code,
            64);
}

TEST_F(Reports, OnStandardOutputOneStandsAloneInAJobOfGitHubToo) {
  edit_case("refused", "broken", "is = 1", "is = 3");
  const Ran ran = faultline({"run", "broken", "--ipv4", "--report", "json"},
                            {.env = {{"GITHUB_ACTIONS", "true"}}});
  EXPECT_TRUE(json::accept(ran.out)) << ran.out;
  EXPECT_TRUE(has(ran.err, "::error file=")) << ran.err;
}

// What another run left is not lost by accident.
TEST_F(Reports, AFolderWithTheResultsOfAnotherRunIsRefused) {
  const std::vector<std::string> once{"run", "refused", "--ipv4", "--out", "a"};
  EXPECT_EQ(faultline(once).code, 0);
  const Ran again = faultline(once);
  EXPECT_EQ(again.code, 64);
  EXPECT_TRUE(has(again.err, "the folder a holds the results of another run")) << again.err;
  EXPECT_TRUE(again.out.empty()) << again.out;
  std::vector<std::string> forced = once;
  forced.emplace_back("--force");
  EXPECT_EQ(faultline(forced).code, 0);
  std::filesystem::create_directories(root_ / "project/captures/mine");
  EXPECT_EQ(faultline({"run", "refused", "--report", "pcapng=captures"}).code, 64);
}

TEST_F(Reports, TheFolderThatIsTakenWhenNoneIsNamedIsOverwritten) {
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(faultline({"run", "refused", "--ipv4", "--report", "pcapng"}).code, 0);
}

TEST_F(Reports, TwoRunsNeverWriteIntoOneFolder) {
  std::filesystem::create_directories(root_ / "project/a");
  const int held = open((root_ / "project/a").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(flock(held, LOCK_EX | LOCK_NB), 0);
  for (const std::string out : {"--out=a", "--report=pcapng=a"}) {
    const Ran ran = faultline({"run", "refused", "--ipv4", "--force", out});
    EXPECT_EQ(ran.code, 64);
    EXPECT_TRUE(has(ran.err, "another run is writing into the folder a")) << ran.err;
  }
  close(held);
  EXPECT_EQ(faultline({"run", "refused", "--ipv4", "--out", "a"}).code, 0);
}

TEST_F(Reports, MergeTakesNoFolderThatHoldsSomethingOrIsAnothersNow) {
  EXPECT_EQ(faultline({"run", "refused", "--ipv4", "--out", "a"}).code, 0);
  std::filesystem::create_directories(root_ / "project/mine");
  write("project/mine/notes.txt", "mine");
  const std::vector<std::string> merge{"merge", "a", "--report", "html=mine"};
  const Ran refused = faultline(merge);
  EXPECT_EQ(refused.code, 64);
  EXPECT_TRUE(has(refused.err, "the folder mine")) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(root_ / "project/mine/index.html"));
  std::vector<std::string> forced = merge;
  forced.emplace_back("--force");
  EXPECT_EQ(faultline(forced).code, 0);
  EXPECT_EQ(read("project/mine/notes.txt"), "mine");
  const int held = open((root_ / "project/mine").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(flock(held, LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(faultline(forced).code, 64);
  close(held);
}

TEST_F(Reports, AReportIsNoFileThatAnotherOptionNames) {
  for (const std::string option : {"--baseline", "--write-baseline"}) {
    write("project/b.json", "{\"faultline_baseline\": 1, \"outcomes\": {}}");
    const Ran ran =
        faultline({"run", "refused", option, "b.json", "--report", "json=../project/b.json"});
    EXPECT_EQ(ran.code, 64) << ran.err;
    EXPECT_TRUE(has(ran.err, "that is the file of " + option)) << ran.err;
    EXPECT_TRUE(has(read("project/b.json"), "faultline_baseline")) << "it is as it was";
  }
}

TEST_F(Reports, TracesThatAreRemovedMeanwhileDoNotGoUnnoticed) {
  replace_driver("rm -f " + (root_ / "project/a").string() + "/refused*.json\nexec $REAL");
  const Ran ran = faultline({"run", "refused", "-j1", "--out", "a", "--kernel", "host"});
  EXPECT_EQ(ran.code, 70) << ran.out;
  EXPECT_TRUE(has(ran.err, "1 of the 2 traces that were written are gone from a")) << ran.err;
  EXPECT_TRUE(has(ran.out, "2 results: 2 PASS")) << ran.out;
}

}  // namespace
}  // namespace faultline::test
