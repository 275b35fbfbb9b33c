#include "reports/tune_html.hpp"

#include <fmt/format.h>

#include "reports/markup.hpp"
#include "reports/tune_words.hpp"

namespace faultline {
namespace {

constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>TCP timers</title>
<style>
body { font: 16px/1.4 sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .3em .8em; border-bottom: 1px solid #bbb; }
.good { color: #060; }
.bad { color: #b00; font-weight: bold; }
.unsure { color: #707; }
.small { color: #555; font-size: 85%; }
</style>
</head>
<body>
)";

std::string_view class_of(TuneCell::Verdict verdict) {
  switch (verdict) {
    case TuneCell::Verdict::not_measured:
      return "small";
    case TuneCell::Verdict::as_predicted:
      return "good";
    case TuneCell::Verdict::not_as_predicted:
      return "bad";
    case TuneCell::Verdict::unsure:
      return "unsure";
  }
  return "";
}

std::string cell_html(const TuneCell& cell, const TuneReport& report) {
  std::string html = fmt::format("<td>{}", markup(tune_predicted(cell)));
  if (report.measured)
    html += fmt::format("<br><span class=\"{}\">{}</span>", class_of(cell.verdict),
                        markup(tune_measured(cell, report)));
  return html + fmt::format("<br><span class=\"small\">by default {}</span></td>",
                            markup(tune_by_default(cell)));
}

std::string table(const TuneReport& report) {
  if (report.rows.empty()) return "<p>Nothing here sets a TCP timer.</p>\n";
  std::string html = "<table>\n<tr><th>behaviour</th>";
  for (const TuneKernel& kernel : report.kernels)
    html += fmt::format("<th>{}</th>", markup(kernel.name));
  html += "<th>means</th></tr>\n";
  for (const TuneRow& row : report.rows) {
    html += fmt::format("<tr><td>{}</td>", markup(row.behaviour->name));
    for (const TuneCell& cell : row.cells) html += cell_html(cell, report);
    html += "<td>";
    for (const std::string& said : sentences(row, report.kernels)) html += markup(said) + "<br>";
    html += fmt::format("<span class=\"small\">{}</span></td></tr>\n", markup(tune_governing(row)));
  }
  return html + "</table>\n";
}

std::string requirements(const TuneReport& report) {
  if (report.requirements.empty()) return "";
  std::string html = "<h2>Required</h2>\n<ul>\n";
  for (const TuneRequirement& one : report.requirements)
    html += fmt::format("<li class=\"{}\">{}</li>\n", one.is_met() ? "good" : "bad",
                        markup(tune_requirement(one, report)));
  return html + "</ul>\n";
}

std::string warnings(const TuneReport& report) {
  if (report.warnings.empty()) return "";
  std::string html = "<h2>To know</h2>\n<ul>\n";
  for (const Remark& remark : report.warnings)
    html += fmt::format("<li>{}: {}</li>\n", markup(to_string(remark.place)), markup(remark.what));
  return html + "</ul>\n";
}

std::string changes(const TuneReport& report) {
  if (report.solution.empty()) return "";
  std::string html = "<h2>To be changed</h2>\n<pre>\n";
  for (const std::string& line : tune_changes(report)) html += markup(line) + "\n";
  return html + "</pre>\n";
}

}  // namespace

std::string tune_html(const TuneReport& report) {
  std::string html(head);
  html += fmt::format("<h1>TCP timers: {}</h1>\n<p>{}</p>\n", markup(tune_subject(report)),
                      markup(tune_ground(report)));
  html += changes(report) + table(report) + requirements(report) + warnings(report);
  const std::string others = tune_not_looked_at(report);
  if (!others.empty()) html += fmt::format("<p class=\"small\">{}</p>\n", markup(others));
  return html + fmt::format("<p class=\"small\">faultline {}</p>\n</body>\n</html>\n",
                            markup(report.version));
}

}  // namespace faultline
