#include "reports/markdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <map>
#include <sstream>

#include "reports/markdown_text.hpp"
#include "reports/matrix.hpp"
#include "reports/mermaid.hpp"
#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"
#include "reports/text.hpp"

namespace faultline {
namespace {

constexpr size_t for_last_line = 200;  // bytes that tell what was left out

using Counts = std::map<Outcome, size_t>;

std::string topic_of(const CaseResult& result) {
  const size_t slash = result.case_id.find('/');
  return slash == std::string::npos ? "cases" : result.case_id.substr(0, slash);
}

std::string table_row(const std::string& title, const Counts& counts, const Counts& all) {
  std::string row = fmt::format("| {} |", title);
  for (const auto& [outcome, ignored] : all) {
    const auto found = counts.find(outcome);
    row += found == counts.end() ? "  |" : fmt::format(" {} |", found->second);
  }
  return row + "\n";
}

// A row for each stack where there are several, else for each topic; a column for each outcome that
// occurs.
std::string table(const RunInfo& info, const std::vector<CaseResult>& results) {
  const auto columns = matrix_columns(info, results);
  const bool by_column = columns.size() > 1;
  Counts all;
  std::map<std::string, Counts> rows;
  for (const CaseResult& result : results) {
    ++all[result.outcome];
    ++rows[by_column ? result.column() : topic_of(result)][result.outcome];
  }
  std::string head = fmt::format("| {} |", by_column ? "stack" : "topic"), line = "|---|";
  for (const auto& [outcome, count] : all) {
    head += fmt::format(" {} |", to_string(outcome));
    line += "---:|";
  }
  std::string text = head + "\n" + line + "\n";
  for (const auto& [title, counts] : rows) text += table_row(markdown_text(title), counts, all);
  return text + table_row("**all**", all, all);
}

std::string findings_table(const CaseResult& result) {
  std::string rows;
  for (const Finding& finding : result.findings) {
    if (finding.status == Finding::Status::met) continue;
    const std::string place =
        finding.line > 0 ? fmt::format("{}:{}: ", result.file, finding.line) : "";
    rows += fmt::format("| {} | {} | {} | {} | {} |\n",
                        finding.status == Finding::Status::broken ? "**broken**" : "unclear",
                        markdown_text(place + finding.what), markdown_text(finding.wanted),
                        markdown_text(finding.got), markdown_text(finding.tolerance));
  }
  if (rows.empty()) return "";
  return "\n| | expected | wanted | got | tolerance |\n|---|---|---|---|---|\n" + rows;
}

// A line of code: nothing in it can end it, because it ends with its line.
std::string code_line(const std::string& text) {
  return text.empty() ? "" : "\n    " + safe_text(text) + "\n";
}

std::string failure(const CaseResult& result) {
  std::string text =
      fmt::format("\n#### {} {}\n", to_string(result.outcome), markdown_text(result.variant()));
  if (!result.title.empty()) text += fmt::format("\n{}\n", markdown_text(result.title));
  const std::string who = fmt::format("{} {}, {}", result.stack,
                                      result.sut == "both" ? "at both ends" : "as " + result.sut,
                                      to_string(result.level));
  text += fmt::format("\n{} ({})\n", markdown_text(who),
                      markdown_text(fmt::format("{}", fmt::join(result.spec, ", "))));
  if (!result.reason.empty()) text += fmt::format("\n**{}**\n", markdown_text(result.reason));
  text += findings_table(result);
  if (!result.story.empty())
    text += fmt::format("\n```mermaid\n{}```\n", mermaid_sequence(result.story));
  return text + code_line(result.rerun);
}

// What the run was, a paragraph for each line.
std::string ground(const RunInfo& info, const std::vector<CaseResult>& results) {
  std::string text;
  std::istringstream lines(text_totals(info, results));
  for (std::string line; std::getline(lines, line);)
    text += fmt::format("\n{}\n", markdown_text(line));
  return text;
}

}  // namespace

std::string markdown_within(size_t limit, const RunInfo& info,
                            const std::vector<CaseResult>& results) {
  std::string text = "### Faultline\n";
  if (!results.empty()) text += "\n" + table(info, results);
  text += ground(info, results);
  size_t left_out = 0;
  for (const CaseResult& result : results) {
    if (!is_bad(result.outcome)) continue;
    const std::string one = failure(result);
    const bool fits = left_out == 0 && text.size() + one.size() + for_last_line <= limit;
    if (fits)
      text += one;
    else
      ++left_out;
  }
  if (left_out > 0)
    text += fmt::format("\n**{} more did not pass; there is no room for them here.**\n", left_out);
  return text;
}

std::string markdown_report(const RunInfo& info, const std::vector<CaseResult>& results) {
  return markdown_within(std::numeric_limits<size_t>::max(), info, results);
}

}  // namespace faultline
