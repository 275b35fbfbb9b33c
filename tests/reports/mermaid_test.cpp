#include "reports/mermaid.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

std::string diagram(const std::string& lines) {
  return "sequenceDiagram\n    participant client\n    participant wire\n    participant server\n" +
         lines;
}

TEST(Mermaid, SegmentsAreArrowsAndFaultsEndAtTheWire) {
  EXPECT_EQ(mermaid_sequence({"0.000s client > SYN seq 0 win 1 len 0",
                              "0.001s server > SYN ACK seq 0: dropped by rule 'x'",
                              "0.002s client > ACK seq 1: held by rule 'y'",
                              "0.003s wire > server: ACK seq 1 (released)",
                              "0.004s server > ACK: changed by rule 2",
                              "0.005s client > FIN: lost, the link was unplugged",
                              "0.006s server:two > ACK: passed by rule 'z'"}),
            diagram("    client->>server: 0.000s SYN seq 0 win 1 len 0\n"
                    "    server-xwire: 0.001s SYN ACK seq 0: dropped by rule 'x'\n"
                    "    client->>wire: 0.002s ACK seq 1: held by rule 'y'\n"
                    "    wire-->>server: 0.003s ACK seq 1 (released)\n"
                    "    server->>wire: 0.004s ACK: changed by rule 2\n"
                    "    client-xwire: 0.005s FIN: lost, the link was unplugged\n"
                    "    server->>client: 0.006s ACK: passed by rule 'z'\n"));
}

TEST(Mermaid, TheRestIsNotes) {
  EXPECT_EQ(
      mermaid_sequence({"0.000s client: connect", "0.001s client:two is SYN_SENT",
                        "0.002s server: accept succeeded after 1ms", "0.003s the link is unplugged",
                        "0.004s step 7: given up", "odd", ""}),
      diagram("    Note over client: 0.000s connect\n"
              "    Note over client: 0.001s SYN_SENT\n"
              "    Note over server: 0.002s accept succeeded after 1ms\n"
              "    Note over client,server: 0.003s the link is unplugged\n"
              "    Note over client,server: 0.004s step 7: given up\n"
              "    Note over client,server: odd \n"
              "    Note over client,server:  \n"));
}

TEST(Mermaid, OfALongStoryItsBeginningAndItsEnd) {
  std::vector<std::string> story;
  for (int i = 0; i < 1000; ++i) story.push_back(std::to_string(i) + "s client: send");
  const std::string text = mermaid_sequence(story);
  EXPECT_EQ(std::ranges::count(text, '\n'), 4 + 12 + 1 + 36);
  EXPECT_NE(text.find("    Note over client: 11s send\n"
                      "    Note over client,server: … 952 more …\n"
                      "    Note over client: 964s send\n"),
            std::string::npos)
      << text;
  story.resize(49);
  EXPECT_EQ(mermaid_sequence(story).find("more"), std::string::npos);
}

TEST(Mermaid, TextHasNothingThatMeansSomethingToIt) {
  EXPECT_EQ(mermaid_text("a;b#c<br/>\"%%{init}%%&"),
            "a#59;b#35;c#60;br/#62;#34;#37;#37;#123;init#125;#37;#37;#38;");
  EXPECT_EQ(mermaid_text("end END the end. weekend ending style: classDef"),
            "#101;nd #69;ND the #101;nd. weekend ending #115;tyle: #99;lassDef");
  EXPECT_EQ(mermaid_text("a\nend"), "a#92;nend");
  EXPECT_LT(mermaid_text(std::string(10'000, 'x')).size(), 200U);
}

// Each line of a story is one line of the diagram, whatever it holds.
TEST(Mermaid, HostileLinesStayLines) {
  const std::string text = mermaid_sequence(
      {nasty, "0s client > " + nasty, "0s wire > client: " + nasty, "0s client: " + nasty});
  EXPECT_EQ(std::ranges::count(text, '\n'), 8);
  for (const char* const bad : {"<b", "```", "%%", "{"})
    EXPECT_EQ(text.find(bad), std::string::npos) << text;
}

}  // namespace
}  // namespace faultline
