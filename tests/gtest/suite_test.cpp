// The suite as a GoogleTest program, as its users run it.
#include <csignal>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <set>

#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

class AsGoogleTest : public Installation {
 protected:
  AsGoogleTest() {
    std::filesystem::copy_file(std::string(FAULTLINE_BINARY_DIR) + "/faultline_gtest",
                               root_ / "build/x/faultline_gtest");
    edit_case("refused", "broken", "is = 1", "is = 3");
    std::filesystem::create_directory(root_ / "cases/topic");
    for (const char* id : {"refused", "broken"})
      write("cases/topic/" + std::string(id) + ".toml", read("cases/" + std::string(id) + ".toml"));
  }
  // Of the cases below topic/, on this machine's kernel.
  [[nodiscard]] Ran gtest(const std::vector<std::string>& flags,
                          ProcessOptions options = {}) const {
    std::vector<std::string> argv{root_ / "build/x/faultline_gtest", "--kernel", "host"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    options.env.emplace("FAULTLINE_OPTIONS", "'topic/*' hollow");
    Process process(argv, here(std::move(options)));
    const int code = process.wait();
    return {code, process.out, process.err};
  }
};

TEST_F(AsGoogleTest, ListsEveryVariantByItsTopic) {
  const Ran ran = gtest({"--gtest_list_tests"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "cases.\n  hollow_ipv4\n  hollow_ipv6\n"
            "topic.\n  broken_ipv4\n  broken_ipv6\n  refused_ipv4\n  refused_ipv6\n");
  EXPECT_FALSE(std::filesystem::exists(root_ / "project/faultline-out"));
}

TEST_F(AsGoogleTest, RunsWhatTheFilterLeaves) {
  const Ran ran = gtest({"--gtest_filter=topic.refused*"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_TRUE(has(ran.out, "[  PASSED  ] 2 tests.")) << ran.out;
  EXPECT_TRUE(std::filesystem::exists(root_ / "project/faultline-out/topic/refused[ipv4].json"));
  EXPECT_FALSE(std::filesystem::exists(root_ / "project/faultline-out/topic/broken[ipv4].json"));
}

TEST_F(AsGoogleTest, AFailureIsAtItsLineAndSaysWhatHappened) {
  const Ran ran = gtest({"--gtest_filter=*_ipv4", "--gtest_output=xml:r.xml"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "cases/topic/broken.toml:15: Failure")) << ran.out;
  EXPECT_TRUE(has(ran.out, "BROKEN")) << ran.out;
  EXPECT_TRUE(has(ran.out, "rerun    faultline run --kernel host topic/broken --ipv4 --seed"))
      << ran.out;
  EXPECT_TRUE(has(ran.out, "INCONCLUSIVE hollow[ipv4]")) << "undecided is no pass: " << ran.out;
  pugi::xml_document xml;
  ASSERT_TRUE(xml.load_string(read("project/r.xml").c_str()));
  EXPECT_STREQ(xml.document_element().attribute("tests").value(), "3");
  EXPECT_STREQ(xml.document_element().attribute("failures").value(), "2");
  EXPECT_TRUE(xml.select_node("//property[@name='outcome'][@value='PASS']"));
}

TEST_F(AsGoogleTest, KnownFailuresPassAndWhatWasNotRunIsSkipped) {
  write("stacks/linux/known.toml",
        "[[known]]\ncase = \"topic/broken\"\noutcome = \"FAIL\"\nspec = \"RFC 9293 3.10.7.1\"\n"
        "reason = \"so it is\"\n");
  const Ran known = gtest({"--gtest_filter=topic.broken_ipv4"});
  EXPECT_EQ(known.code, 0) << known.out << known.err;
  const ProcessOptions literal{.env = {{"FAULTLINE_OPTIONS", "literal --ipv4"}}};
  const Ran skipped = gtest({"--sysctl", "tcp_syn_retries=5"}, literal);
  EXPECT_EQ(skipped.code, 0) << skipped.out << skipped.err;
  EXPECT_TRUE(has(skipped.out, "[  SKIPPED ] 1 test")) << skipped.out;
  EXPECT_TRUE(has(skipped.out, "SKIP: its expectations are written for tcp_syn_retries=1"))
      << skipped.out;
}

TEST_F(AsGoogleTest, ItsShardsHaveEverythingBetweenThem) {
  size_t run = 0;
  for (const char* index : {"0", "1", "2"}) {
    const Ran ran = gtest({"--gtest_filter=topic.*"},
                          {.env = {{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", index}}});
    for (size_t at = ran.out.find("[ RUN      ]"); at != ran.out.npos;
         at = ran.out.find("[ RUN      ]", at + 1))
      ++run;
  }
  EXPECT_EQ(run, 4U);
}

// What follows each "--seed ".
std::vector<std::string> seeds(const std::string& text) {
  const std::string before = "Note: the cases run with --seed ";
  std::vector<std::string> found;
  for (size_t at = 0; (at = text.find(before, at)) != text.npos;) {
    at += before.size();
    found.push_back(text.substr(at, text.find('\n', at) - at));
  }
  return found;
}

TEST_F(AsGoogleTest, EachIterationRunsThemAgain) {
  // A driver that counts how often it was started: twice a run.
  replace_driver("echo >>" + (root_ / "project/started").string() + "; exec \"$REAL\" \"$@\"");
  const Ran ran = gtest({"--gtest_filter=topic.refused_ipv4", "--gtest_repeat=3"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_EQ(read("project/started").size(), 6U);
  const auto drawn = seeds(ran.out);
  ASSERT_EQ(drawn.size(), 3U) << ran.out;
  EXPECT_EQ(std::set<std::string>(drawn.begin(), drawn.end()).size(), 3U) << "each has its own";
  const std::string out = "project/faultline-out/topic.refused_ipv4/";
  for (const std::string folder : {"", "iteration-2/", "iteration-3/"})
    EXPECT_TRUE(std::filesystem::exists(root_ / (out + folder + "topic/refused[ipv4].json")));
}

TEST_F(AsGoogleTest, ASeedThatIsGivenIsThatOfEachIteration) {
  const Ran ran = gtest({"--gtest_filter=topic.*", "--gtest_repeat=2", "--seed", "77", "--out",
                         "traces", "--gtest_output=xml:r.xml"});
  EXPECT_EQ(ran.code, 1) << ran.out << ran.err;
  EXPECT_EQ(seeds(ran.out), (std::vector<std::string>{"77", "77"}));
  EXPECT_TRUE(has(ran.out, "[  FAILED  ] 2 tests")) << "a new folder for it: " << ran.out;
  EXPECT_TRUE(has(read("project/r.xml"), "<property name=\"seed\" value=\"77\"/>"));
}

// Also where there is no end of iterations.
TEST_F(AsGoogleTest, AnInterruptEndsIt) {
  for (const char* iterations : {"--gtest_repeat=1", "--gtest_repeat=-1"}) {
    Process process({root_ / "build/x/faultline_gtest", "--kernel", "host", "long", "--ipv4",
                     iterations},
                    here());
    ASSERT_TRUE(
        eventually([&] { return processes_below(root_).size() >= 5; }, milliseconds(10'000)));
    process.signal(SIGINT);
    EXPECT_EQ(process.wait(milliseconds(10'000)), 130) << process.out;
    EXPECT_TRUE(has(process.out, "long[ipv4] has no result: the run was interrupted"))
        << process.out;
  }
}

TEST_F(AsGoogleTest, OptionsInTheEnvironmentAreSplitAsAShellDoes) {
  const Ran open =
      gtest({"--gtest_list_tests"}, {.env = {{"FAULTLINE_OPTIONS", "'topic/* hollow"}}});
  EXPECT_EQ(open.code, 64);
  EXPECT_EQ(open.err,
            "faultline_gtest: FAULTLINE_OPTIONS: a quote is not closed: 'topic/* hollow\n");
  EXPECT_EQ(open.out, "");
  const Ran split =
      gtest({"--gtest_list_tests"}, {.env = {{"FAULTLINE_OPTIONS", "topic/'refused' --ipv\"4\""}}});
  EXPECT_EQ(split.out, "topic.\n  refused_ipv4\n") << split.err;
}

// As docs/ci.md says, with other options.
TEST_F(AsGoogleTest, CTestFindsAndRunsThem) {
  std::ifstream page(FAULTLINE_SOURCE_DIR "/docs/ci.md");
  std::string text{std::istreambuf_iterator<char>(page), {}};
  text = text.substr(text.find("```cmake\n") + 9);
  text.resize(text.find("```"));
  const std::string options = "--stack \"@CMAKE_SOURCE_DIR@/mystack\"";
  ASSERT_TRUE(has(text, options));
  text.replace(text.find(options), options.size(), "--kernel host 'topic/*'");
  write("project/CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\nproject(x NONE)\n"
                               "enable_testing()\n" + text);
  Process process({"sh", "-c", "PATH=" + (root_ / "build/x").string() + ":$PATH && cmake -B b . && "
                                "cd b && ctest"},
                  here());
  EXPECT_NE(process.wait(), 0);
  EXPECT_TRUE(has(process.out, "50% tests passed, 2 tests failed out of 4")) << process.out;
  EXPECT_TRUE(has(process.out, "topic.broken_ipv4 (Failed)")) << process.out << process.err;
}

TEST_F(AsGoogleTest, ToRunNothingIsNoPass) {
  const Ran ran = gtest({"--gtest_filter=topic.none_such"});
  EXPECT_EQ(ran.code, 66) << ran.out;
  EXPECT_EQ(ran.err, "faultline_gtest: the filter leaves no test to run\n");
  EXPECT_EQ(gtest({"--gtest_filter=topic.none_such", "--gtest_list_tests"}).code, 0);
  const ProcessOptions shard{.env = {{"GTEST_TOTAL_SHARDS", "9"}, {"GTEST_SHARD_INDEX", "8"}}};
  EXPECT_EQ(gtest({"--gtest_filter=topic.refused*"}, shard).code, 0);
}

TEST_F(AsGoogleTest, RefusesWhatGoogleTestDoesItself) {
  EXPECT_EQ(gtest({"--shard", "1/2"}).code, 64);
  EXPECT_EQ(gtest({"--no-such"}).code, 64);
  EXPECT_EQ(gtest({"--kernel", "none-such"}).code, 64);
}

}  // namespace
}  // namespace faultline::test
