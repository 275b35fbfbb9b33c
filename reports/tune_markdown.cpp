#include "reports/tune_markdown.hpp"

#include <fmt/format.h>

#include "reports/markdown_text.hpp"
#include "reports/safe_text.hpp"
#include "reports/tune_words.hpp"

namespace faultline {
namespace {

std::string text(const std::string& any) {
  return markdown_text(any);
}

std::string table_head(const TuneReport& report) {
  std::string head = "| behaviour |", line = "|---|";
  const auto add = [&](const std::string& title) {
    head += fmt::format(" {} |", title);
    line += "---|";
  };
  for (const TuneKernel& kernel : report.kernels) {
    const std::string on = report.kernels.size() > 1 ? text(kernel.name) + ": " : "";
    add(on + "by default");
    add(on + "predicted");
    if (report.measured) add(on + "measured");
  }
  return head + " means |\n" + line + "---|\n";
}

std::string table_row(const TuneRow& row, const TuneReport& report) {
  std::string line = fmt::format("| {} |", row.behaviour->name);
  for (const TuneCell& cell : row.cells) {
    line += fmt::format(" {} | {} |", text(tune_by_default(cell)), text(tune_predicted(cell)));
    if (report.measured) line += fmt::format(" {} |", text(tune_measured(cell, report)));
  }
  std::string means;
  for (const std::string& said : sentences(row, report.kernels))
    means += (means.empty() ? "" : " ") + said;
  const std::string governing = tune_governing(row);
  if (!governing.empty()) means += " " + governing;
  return line + " " + text(means) + " |\n";
}

}  // namespace

std::string tune_markdown(const TuneReport& report) {
  std::string all = fmt::format("### TCP timers: {}\n\n{}\n", text(tune_subject(report)),
                                text(tune_ground(report)));
  if (!report.solution.empty()) all += "\nTo be changed:\n\n";
  for (const std::string& line : tune_changes(report)) all += "    " + safe_text(line) + "\n";
  if (report.rows.empty())
    all += "\nNothing here sets a TCP timer.\n";
  else
    all += "\n" + table_head(report);
  for (const TuneRow& row : report.rows) all += table_row(row, report);
  if (!report.requirements.empty()) all += "\n**Required**\n\n";
  for (const TuneRequirement& one : report.requirements)
    all += fmt::format("- {} {}\n", one.is_met() ? "ok:" : "**BROKEN:**",
                       text(tune_requirement(one, report)));
  if (!report.warnings.empty()) all += "\n**To know**\n\n";
  for (const Remark& remark : report.warnings)
    all += fmt::format("- {}: {}\n", text(to_string(remark.place)), text(remark.what));
  const std::string others = tune_not_looked_at(report);
  if (!others.empty()) all += "\n" + text(others) + "\n";
  return all;
}

}  // namespace faultline
