#include "reports/pcapng.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "tests/reports/outside.hpp"
#include "tests/reports/samples.hpp"
#include "tests/reports/trace_samples.hpp"

namespace faultline {
namespace {

using test::has_tool, test::read_by, test::Scratch;

uint32_t word(const std::string& file, size_t at) {
  uint32_t number = 0;
  for (size_t i = 4; i-- > 0;) number = number << 8 | static_cast<uint8_t>(file[at + i]);
  return number;
}

std::map<uint32_t, int> blocks(const std::string& file) {
  std::map<uint32_t, int> count;
  for (size_t at = 0; at < file.size(); at += word(file, at + 4)) {
    ++count[word(file, at)];
    EXPECT_EQ(word(file, at + 4) % 4, 0U);
    EXPECT_EQ(word(file, at + word(file, at + 4) - 4), word(file, at + 4));
  }
  return count;
}

TEST(Pcapng, EveryPacketIsABlockAndEveryBlockAWholeNumberOfWords) {
  const auto count = blocks(pcapng(captured_sample(), captured_names()));
  EXPECT_EQ(count, (std::map<uint32_t, int>{{0x0a0d0d0a, 1}, {1, 3}, {6, 7 + 3 + 5}}));
}

TEST(Pcapng, AnEmptyTraceIsAFileWithoutPackets) {
  EXPECT_EQ(blocks(pcapng(Trace{}, {})), (std::map<uint32_t, int>{{0x0a0d0d0a, 1}, {1, 3}}));
}

// Whatever a comment says, an option is no longer than it can be.
TEST(Pcapng, ALongCommentIsCut) {
  Trace trace = captured_sample();
  trace.events = {OddPacketEvent{0ns, End::client, std::string(70'000, 'x'), bytes_of({0x45})}};
  EXPECT_EQ(blocks(pcapng(trace, {}))[6], 2);
}

TEST(PcapngReport, WhatHasNoTraceIsListedWithItsReason) {
  std::map<std::string, std::string> files;
  const auto sink = [&](const std::string& path, std::string_view content) -> Result<void> {
    files[path] = content;
    return {};
  };
  const auto trace_of = [](const CaseResult& result) -> Result<Trace> {
    if (result.outcome == Outcome::PASS) return captured_sample();
    return fail("it left no trace");
  };
  CaseResult passed = sample("a/b", Outcome::PASS);
  passed.names = captured_names();
  ASSERT_TRUE(pcapng_report(sample_info(), {passed, sample("a/c", Outcome::SKIP)}, trace_of, sink));
  EXPECT_EQ(files["index.txt"],
            "PASS  a/b[ipv4]  a/b.ipv4.pcapng\n"
            "SKIP  a/c[ipv4]  no capture: it left no trace\n");
  EXPECT_EQ(files.size(), 2U);
  EXPECT_EQ(files["a/b.ipv4.pcapng"],
            pcapng(captured_sample(), captured_names(), "faultline 0.1.0"));
}

TEST(PcapngReport, TheIndexOfARunThatIsNotWholeSaysSo) {
  std::string index;
  const auto sink = [&](const std::string& /*path*/, std::string_view content) -> Result<void> {
    index = content;
    return {};
  };
  const auto trace_of = [](const CaseResult&) -> Result<Trace> { return Trace{}; };
  ASSERT_TRUE(pcapng_report(interrupted_info(), {}, trace_of, sink));
  EXPECT_EQ(index, "the run was interrupted\n");
}

TEST(PcapngReport, AFullDiskEndsIt) {
  const auto sink = [](const std::string&, std::string_view) -> Result<void> {
    return fail("no space");
  };
  const auto trace_of = [](const CaseResult&) -> Result<Trace> { return Trace{}; };
  EXPECT_EQ(pcapng_report(sample_info(), one_of_each(), trace_of, sink).error().what, "no space");
}

// By tshark.
class PcapngFile : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_tool("tshark")) GTEST_SKIP() << "no tshark";
  }
  // The fields of each packet, separated by '|'.
  std::vector<std::string> fields(const Trace& trace, const std::string& names) {
    std::string command = "tshark -o tcp.check_checksum:FALSE -r '" +
                          scratch_.file("x.pcapng", pcapng(trace, captured_names())) +
                          "' -T fields -E separator='|'";
    std::istringstream words(names);
    for (std::string name; words >> name;) command += " -e " + name;
    const auto read = read_by(command + " 2>/dev/null");
    EXPECT_EQ(read.code, 0);
    std::vector<std::string> lines;
    std::istringstream out(read.out);
    for (std::string line; std::getline(out, line);) lines.push_back(line);
    return lines;
  }

  Scratch scratch_;
};

TEST_F(PcapngFile, TsharkReadsWhatTheWireDid) {
  EXPECT_EQ(fields(captured_sample(), "frame.interface_name frame.comment"),
            (std::vector<std::string>{
                "from-ref|",
                "delivered|",
                "from-sut|dropped by rule 'lose-fins'",
                "from-ref|held by rule 'rule-2'",
                "from-ref|changed by rule 'twist'",
                "delivered|edited: because of segment 4 by rule 'twist'",
                "from-ref|passed by rule 4",
                "delivered|passed by rule 4",
                "delivered|duplicate: segment 5 by rule 4",
                "from-ref|lost: the link was unplugged",
                "delivered|forged",
                "delivered|icmp: because of segment 2 by rule 'lose-fins'",
                "from-sut|a fragment: passed",
                "delivered|a fragment: passed",
                "delivered|released: segment 3 by rule 'rule-2'",
            }));
}

TEST_F(PcapngFile, TimesAreNanosecondsAndLengthsWhole) {
  const auto lines = fields(captured_sample(), "frame.time_epoch frame.len frame.cap_len tcp.len");
  ASSERT_EQ(lines.size(), 15U);
  EXPECT_EQ(lines[0], "0.000000001|1040|40|1000");
  EXPECT_EQ(lines[5], "4.000000000|140|40|100");
  EXPECT_EQ(lines[14], "34560000.000000000|40|40|0");
}

TEST_F(PcapngFile, NothingIsMalformed) {
  for (const std::string& line :
       fields(captured_sample(), "_ws.malformed _ws.short frame.protocols"))
    EXPECT_TRUE(line.starts_with("||raw:ip")) << line;
}

TEST_F(PcapngFile, InterfacesAreNamedForTheEndThatIsUnderTest) {
  const auto names = [&](const std::string& sut) {
    Trace trace = captured_sample();
    trace.sut = sut;
    trace.events = {sample_segment(0ns, 1, End::client, "drop", 0),
                    sample_segment(1ns, 2, End::server, "pass", 0)};
    return fields(trace, "frame.interface_name frame.interface_description");
  };
  EXPECT_EQ(names("client"), (std::vector<std::string>{"from-sut|sent by the client (linux)",
                                                       "from-ref|sent by the server (lwip)",
                                                       "delivered|what reached the ends"}));
  EXPECT_EQ(names("server")[0], "from-ref|sent by the client (linux)");
  EXPECT_EQ(names("both")[0], "from-client|sent by the client (linux)");
  EXPECT_EQ(names("both")[1], "from-server|sent by the server (lwip)");
}

TEST_F(PcapngFile, CommentsAreHarmless) {
  Trace trace = captured_sample();
  trace.environment.ends[0].stack = trace.case_id = trace.family = trace.environment.kernel = nasty;
  trace.events = {OddPacketEvent{0ns, End::client, nasty, bytes_of({0x45, 0})}};
  const auto lines = fields(trace, "frame.comment");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("\\x1b[2J\\x1b]0;x\\x07\\x0d\\n \\x00"), std::string::npos) << lines[0];
}

}  // namespace
}  // namespace faultline
