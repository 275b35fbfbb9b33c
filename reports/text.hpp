// The report for people: one line for each result; what failed tells its story.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

struct TextStyle {
  bool colour = false;
  int width = 0;         // sentences are wrapped at this column; 0: never
  bool verbose = false;  // stories of what passed, too, and whole ones
};

// "PASS  handshake/syn-lost-63s[ipv4]  65.55s", and below it what there is to say. Ends with a
// newline. Whatever the texts hold, what comes out cannot do anything to a terminal.
[[nodiscard]] std::string text_result(const CaseResult& result, const TextStyle& style = {});

// The lines below a result's first: its reason, what was expected, what happened, how to run it
// again. Empty where there is nothing to explain.
[[nodiscard]] std::string text_story(const CaseResult& result, const TextStyle& style = {});

// "41 results: 39 PASS, 1 FAIL, 1 SKIP in 66s", and what they were made with, each a line.
[[nodiscard]] std::string text_totals(const RunInfo& info, const std::vector<CaseResult>& results,
                                      const TextStyle& style = {});

// The same, before it the matrix where there are several stacks or kernels (reports/matrix.hpp).
[[nodiscard]] std::string text_summary(const RunInfo& info, const std::vector<CaseResult>& results,
                                       const TextStyle& style = {});

// `lead` and the sentence, made safe and wrapped at spaces; further lines are indented as deep as the
// sentence. REQUIRES: `lead` is safe.
[[nodiscard]] std::string wrapped(const std::string& lead, std::string_view sentence,
                                  const TextStyle& style);

// All results and the summary.
[[nodiscard]] std::string text_report(const RunInfo& info, const std::vector<CaseResult>& results,
                                      const TextStyle& style = {});

}  // namespace faultline
