// Whatever a case, a stack or a payload says, no format does anything but say it: each is written
// of the most hostile results there are and read by whoever reads it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "reports/folder_format.hpp"
#include "reports/formats.hpp"
#include "tests/reports/outside.hpp"
#include "tests/reports/samples.hpp"
#include "tests/reports/trace_samples.hpp"

namespace faultline {
namespace {

const std::string more_nasty = nasty +
                               "\"><script>alert(1)</script>--> ]]> ``` | ; end %%{init}%%" +
                               "\n::error::x\n##[error]y\nok 1 - x # TODO\n1..0\nBail out!\n" +
                               "\xe2\x80\xae\xe2\x81\xa6" + std::string(20'000, 'A') + nasty;

std::vector<CaseResult> hostile_results() {
  std::vector<CaseResult> results;
  for (const CaseResult& one : one_of_each()) {
    CaseResult result = nasty_sample();
    result.outcome = one.outcome;
    result.case_id = one.case_id + more_nasty;
    result.title = result.reason = more_nasty;
    result.names = {.rules = {more_nasty}, .steps = {more_nasty}};
    result.story = {more_nasty, "0.000s client > " + more_nasty};
    for (Finding& finding : result.findings) finding.evidence = {more_nasty};
    results.push_back(result);
  }
  return results;
}

Trace hostile_trace() {
  Trace trace = captured_sample();
  trace.case_id = trace.case_file = trace.family = trace.environment.kernel = more_nasty;
  trace.case_text = "[[rule]]\nname = 'x'\n# " + more_nasty;
  trace.environment.overrides = {{more_nasty, more_nasty}};
  for (EndEnvironment& end : trace.environment.ends) {
    end.stack = more_nasty;
    end.sysctl = {{more_nasty, more_nasty}};
  }
  trace.events.push_back(TroubleEvent{trace.length, TroubleEvent::Kind::error, more_nasty});
  trace.events.push_back(OddPacketEvent{trace.length, End::client, more_nasty, bytes_of({0x45})});
  trace.events.push_back(ResultEvent{.time = trace.length, .error = more_nasty});
  return trace;
}

// Of every format its files: one, or those of its folder.
std::map<std::string, std::string> files_of_all() {
  std::map<std::string, std::string> files;
  const std::vector<CaseResult> results = hostile_results();
  for (const ReportFormat& format : report_formats())
    files[std::string(format.name)] = format.write(nasty_info(), results);
  for (const FolderFormat& format : folder_formats()) {
    const auto sink = [&](const std::string& path, std::string_view content) -> Result<void> {
      files[std::string(format.name) + "/" + path] = content;
      return {};
    };
    const auto trace_of = [](const CaseResult& result) -> Result<Trace> {
      if (result.outcome == Outcome::SKIP) return fail("{}", more_nasty);
      return hostile_trace();
    };
    EXPECT_TRUE(format.write(nasty_info(), results, trace_of, sink)) << format.name;
  }
  return files;
}

bool is_binary(const std::string& name) {
  return name.ends_with(".pcapng") || name.ends_with(".png");
}

bool is_control(char c) {
  return static_cast<uint8_t>(c) < 0x20 && c != '\n';
}

TEST(Hostile, NothingSteersATerminalInAnyFormat) {
  for (const auto& [name, text] : files_of_all()) {
    if (is_binary(name)) continue;
    EXPECT_TRUE(std::ranges::none_of(text, is_control)) << name;
    if (name.ends_with("json")) continue;  // data: it is for its reader to show it safely
    for (const char* const mark : {"\x7f", "\xe2\x80\xae", "\xe2\x81\xa6", "\xc2\x9b"})
      EXPECT_EQ(text.find(mark), std::string::npos) << name;
  }
}

TEST(Hostile, EveryTextIsUtf8) {
  for (const auto& [name, text] : files_of_all()) {
    if (is_binary(name)) continue;
    EXPECT_NO_THROW((void)nlohmann::json(text).dump()) << name;  // it throws where it is not
  }
}

TEST(Hostile, NoFileIsOutsideOfItsFolder) {
  for (const auto& [name, text] : files_of_all()) {
    for (const auto& part : std::filesystem::path(name)) {
      EXPECT_NE(part, "..") << name;
      EXPECT_LT(part.string().size(), 256U) << name;
    }
    EXPECT_TRUE(std::filesystem::path(name).is_relative());
    EXPECT_EQ(name.find_first_of("<\n\x1b\""), std::string::npos) << name;
  }
}

TEST(Hostile, MarkupStaysText) {
  for (const auto& [name, text] : files_of_all()) {
    if (!name.starts_with("html/") || !name.ends_with(".html")) continue;
    EXPECT_EQ(text.find("<script"), std::string::npos) << name;
    pugi::xml_document page;
    EXPECT_TRUE(page.load_string(text.c_str())) << name;
  }
}

TEST(Hostile, NoLineOfTapIsAResultOfAnotherTest) {
  const auto files = files_of_all();
  for (const char* const name : {"tap", "ktap"}) {
    const std::string& text = files.at(name);
    EXPECT_EQ(text.find("\nBail out"), std::string::npos);
    if (!test::has_tool("prove")) continue;
    const test::Scratch scratch;
    const auto read = test::read_by("prove " + scratch.file("x.tap", text) + " 2>&1");
    EXPECT_NE(read.out.find("Failed 4/8 subtests"), std::string::npos) << name;
    EXPECT_EQ(read.out.find("Parse errors"), std::string::npos) << name;
  }
}

TEST(Hostile, TsharkReadsEveryCapture) {
  if (!test::has_tool("tshark")) GTEST_SKIP() << "no tshark";
  const test::Scratch scratch;
  int captures = 0;
  for (const auto& [name, content] : files_of_all()) {
    if (!name.ends_with(".pcapng")) continue;
    if (++captures > 1) continue;  // they are all of one trace
    const auto read = test::read_by("tshark -r " + scratch.file("x.pcapng", content) +
                                    " -T fields -e frame.number 2>/dev/null | tail -n 1");
    EXPECT_EQ(read.out, "17\n");
  }
  EXPECT_EQ(captures, 7);
}

}  // namespace
}  // namespace faultline
