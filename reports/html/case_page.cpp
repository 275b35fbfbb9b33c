#include "reports/html/case_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "reports/html/page.hpp"
#include "reports/html/parts.hpp"
#include "reports/ladder_svg.hpp"
#include "reports/ladder_words.hpp"
#include "reports/markup.hpp"
#include "reports/outcome_words.hpp"

namespace faultline {
namespace {

using Status = Finding::Status;

constexpr size_t most_story_lines = 2000, most_problems = 5, most_expectations = 500;

int lines_of(std::string_view text) {
  const auto ends = static_cast<int>(std::ranges::count(text, '\n'));
  return text.empty() || text.ends_with('\n') ? ends : ends + 1;
}

class CasePage {
 public:
  CasePage(const Site& site, size_t number, const Result<Trace>& trace)
      : site_(site),
        number_(number),
        result_(site.results()[number]),
        trace_(trace),
        root_(Site::root_of(site.case_page(number))) {}

  std::string html() const {
    const std::string body = header() + "<main>\n" + problems() + diagram() + expectations() +
                             again() + story() + case_file() + sysctls() + "</main>\n";
    return page(fmt::format("{} {}", to_string(result_.outcome), result_.variant()), root_, body);
  }

 private:
  [[nodiscard]] std::string header() const;
  [[nodiscard]] std::string siblings() const;
  [[nodiscard]] std::string facts() const;
  [[nodiscard]] std::string problems() const;
  [[nodiscard]] std::string problem(size_t finding) const;
  [[nodiscard]] std::string diagram() const;
  [[nodiscard]] std::string expectations() const;
  [[nodiscard]] std::string expectation(size_t finding) const;
  [[nodiscard]] std::string again() const;
  [[nodiscard]] std::string story() const;
  [[nodiscard]] std::string case_file() const;
  [[nodiscard]] std::string sysctls() const;
  [[nodiscard]] std::string line_link(int line) const;

  const Site& site_;
  const size_t number_;
  const CaseResult& result_;
  const Result<Trace>& trace_;
  const std::string root_;
};

std::string CasePage::header() const {
  const std::string topic = topic_of(result_.case_id);
  std::string html = fmt::format(
      "<header>\n<p class=\"crumbs\"><a href=\"{0}index.html\">All results</a> › <a "
      "href=\"{0}{1}\">{2}</a> › <a href=\"{0}{3}\">{4}</a></p>\n",
      root_, site_.topic_page(topic), markup(topic), Site::outcome_page(result_.outcome),
      to_string(result_.outcome));
  html += fmt::format("<h1>{} <span class=\"name\">{}</span></h1>\n<p class=\"lead\">{}</p>\n",
                      badge(result_.outcome), markup(result_.variant()), markup(result_.title));
  if (!result_.reason.empty())
    html += fmt::format("<p class=\"reason {}\">{}</p>\n", outcome_class(result_.outcome),
                        markup(result_.reason));
  return html + facts() + siblings() + "</header>\n";
}

std::string CasePage::facts() const {
  std::string html = "<dl class=\"facts\">\n";
  html += fact("under test", result_.stack + (result_.sut == "both" ? " at both ends"
                                                                    : " as the " + result_.sut));
  if (trace_) {
    const Environment& environment = trace_->environment;
    html += fact("kernel", fmt::format("{}, {} Hz{}", environment.kernel, environment.hz,
                                       environment.virtual_time ? ", virtual time" : ""));
  }
  html += fact("took", took_text(result_.took));
  std::string level(to_string(result_.level));
  if (!result_.spec.empty()) level += fmt::format(": {}", fmt::join(result_.spec, ", "));
  return html + fact("level", level) + "</dl>\n";
}

// The same case elsewhere.
std::string CasePage::siblings() const {
  std::string links;
  for (size_t i = 0; i < site_.results().size(); ++i) {
    const CaseResult& other = site_.results()[i];
    if (i == number_ || other.case_id != result_.case_id) continue;
    const std::string name =
        other.variant().substr(std::min(other.case_id.size(), other.variant().size()));
    links +=
        fmt::format("<a class=\"chip {}\" href=\"{}{}\">{} {}</a>\n", outcome_class(other.outcome),
                    root_, site_.case_page(i), markup(name), to_string(other.outcome));
  }
  if (links.empty()) return "";
  return "<p class=\"siblings\"><span class=\"quiet\">The same case:</span>\n" + links + "</p>\n";
}

std::string CasePage::line_link(int line) const {
  if (line <= 0) return "every case";
  const bool shown = trace_ && line <= lines_of(trace_->case_text);
  return shown ? fmt::format("<a href=\"#L{0}\">line {0}</a>", line) : fmt::format("line {}", line);
}

// One that is broken or could not be told, whole.
std::string CasePage::problem(size_t number) const {
  const Finding& finding = result_.findings[number];
  std::string html = fmt::format(
      "<article class=\"problem {}\">\n<h3><span class=\"sign\">{}</span> {} <span "
      "class=\"quiet\">{}",
      to_string(finding.status), status_sign(finding.status), markup(finding.what),
      line_link(finding.line));
  if (finding.event && trace_)
    html += fmt::format(" · <a href=\"#seen-{}\">where it shows ↓</a>", number + 1);
  html += "</span></h3>\n<dl>\n";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    html += fmt::format("<div class=\"{0}\"><dt>{0}</dt><dd>{1}</dd></div>\n", name, markup(value));
  };
  add("wanted", finding.wanted);
  add("got", finding.got);
  add("tolerance", finding.tolerance);
  return html + "</dl>\n</article>\n";
}

std::string CasePage::problems() const {
  std::vector<size_t> all;
  for (const Status status : {Status::broken, Status::unclear})
    for (size_t i = 0; i < result_.findings.size(); ++i)
      if (result_.findings[i].status == status) all.push_back(i);
  if (all.empty()) return "";
  std::string html = "<section class=\"problems\">\n";
  for (size_t i = 0; i < std::min(all.size(), most_problems); ++i) html += problem(all[i]);
  if (all.size() > most_problems)
    html += fmt::format("<p class=\"quiet\">… and {} more among the expectations below</p>\n",
                        all.size() - most_problems);
  return html + "</section>\n";
}

std::string CasePage::diagram() const {
  std::string html = "<section>\n<h2>What happened</h2>\n";
  if (!trace_)
    return html + fmt::format("<p class=\"warning\">There is no picture: {}.</p>\n</section>\n",
                              markup(trace_.error().what));
  const Ladder ladder = ladder_of(*trace_, result_);
  html += "<div class=\"wide picture\">\n" + ladder_svg(ladder, result_) + "</div>\n";
  html +=
      "<p class=\"quiet\">Time runs downwards, not to scale; a segment is drawn when it was at "
      "the wire. What does not fit is in tooltips and in the story.";
  if (ladder.left_out > 0)
    html += fmt::format(" {} events are left out of the picture.", ladder.left_out);
  return html + "</p>\n</section>\n";
}

std::string CasePage::expectation(size_t number) const {
  const Finding& finding = result_.findings[number];
  std::string html =
      fmt::format("<tr id=\"finding-{}\" class=\"{}\"><td class=\"sign\">{}</td><td>{}", number + 1,
                  to_string(finding.status), status_sign(finding.status), markup(finding.what));
  if (!finding.evidence.empty()) {
    html += "<details><summary>what arrived</summary><pre>";
    for (const std::string& line : finding.evidence) html += markup(line) + "\n";
    html += "</pre></details>";
  }
  html += fmt::format(
      "</td><td>{}</td><td>{}{}</td><td>{}</td>", markup(finding.wanted), markup(finding.got),
      finding.tolerance.empty() ? ""
                                : "<div class=\"quiet\">" + markup(finding.tolerance) + "</div>",
      line_link(finding.line));
  html += finding.event && trace_
              ? fmt::format("<td><a href=\"#seen-{}\">shown</a></td>", number + 1)
              : "<td></td>";
  return html + "</tr>\n";
}

std::string CasePage::expectations() const {
  if (result_.findings.empty()) return "";
  std::string html =
      "<section>\n<h2>Expectations</h2>\n<div class=\"wide\"><table class=\"findings\">\n"
      "<tr><th></th><th>what</th><th>wanted</th><th>got</th><th>case</th><th></th></tr>\n";
  const size_t shown = std::min(result_.findings.size(), most_expectations);
  for (size_t i = 0; i < shown; ++i) html += expectation(i);
  html += "</table></div>\n";
  if (shown < result_.findings.size())
    html += fmt::format("<p class=\"quiet\">… and {} more, which the JSON report has</p>\n",
                        result_.findings.size() - shown);
  return html + "</section>\n";
}

std::string CasePage::again() const {
  std::string html;
  if (!result_.rerun.empty())
    html += fmt::format(
        "<p class=\"quiet\">Run exactly this again</p>\n<pre class=\"wide "
        "command\">{}</pre>\n",
        markup(result_.rerun));
  if (trace_)
    html += fmt::format(
        "<p><a href=\"{}{}\">The trace</a> <span class=\"quiet\">for faultline "
        "judge; the run left it as {}</span></p>\n",
        root_, site_.trace_file(number_), markup(result_.trace_file));
  return html.empty() ? "" : "<section>\n<h2>Again</h2>\n" + html + "</section>\n";
}

std::string CasePage::story() const {
  if (result_.story.empty()) return "";
  std::string html = fmt::format(
      "<section>\n<details{}>\n<summary>The story in words <span class=\"quiet\">{} "
      "lines</span></summary>\n<pre class=\"wide\">",
      is_bad(result_.outcome) ? " open=\"open\"" : "", result_.story.size());
  const size_t shown = std::min(result_.story.size(), most_story_lines);
  for (size_t i = 0; i < shown; ++i) html += markup(result_.story[i]) + "\n";
  if (shown < result_.story.size())
    html += fmt::format("… and {} more lines, which the trace has\n", result_.story.size() - shown);
  return html + "</pre>\n</details>\n</section>\n";
}

std::string CasePage::case_file() const {
  if (!trace_ || trace_->case_text.empty()) return "";
  std::map<int, Status> marked;
  for (const Finding& finding : result_.findings)
    if (finding.line > 0) {
      Status& status = marked.try_emplace(finding.line, Status::met).first->second;
      status = finding.status == Status::broken || status == Status::broken ? Status::broken
               : finding.status == Status::met                              ? status
                                                                            : finding.status;
    }
  std::string html = fmt::format(
      "<section>\n<h2>The case <span class=\"quiet\">{}</span></h2>\n"
      "<pre class=\"wide code\">",
      markup(result_.file));
  std::string_view text = trace_->case_text;
  for (int line = 1; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    const auto mark = marked.find(line);
    html += fmt::format(
        "<span id=\"L{}\" class=\"line {}\"><span class=\"number\">{}</span>{}\n</span>", line,
        mark == marked.end() ? "" : to_string(mark->second), line, markup(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return html + "</pre>\n</section>\n";
}

std::string CasePage::sysctls() const {
  if (!trace_) return "";
  const auto& ends = trace_->environment.ends;
  std::set<std::string> names;
  for (const EndEnvironment& end : ends)
    for (const auto& [name, value] : end.sysctl) names.insert(name);
  if (names.empty()) return "";
  std::string html = fmt::format(
      "<section>\n<details>\n<summary>The sysctls in force <span "
      "class=\"quiet\">{}</span></summary>\n"
      "<div class=\"wide\"><table class=\"sysctls\">\n"
      "<tr><th>sysctl</th><th>client</th><th>server</th></tr>\n",
      names.size());
  for (const std::string& name : names) {
    const auto value = [&](End end) {
      const auto found = ends[index(end)].sysctl.find(name);
      return found == ends[index(end)].sysctl.end() ? std::string("–") : markup(found->second);
    };
    const auto short_name = name.substr(name.rfind('.') + 1);
    const auto& overrides = trace_->environment.overrides;
    const bool overridden = overrides.contains(name) || overrides.contains(short_name);
    html += fmt::format("<tr{}><td>{}{}</td><td>{}</td><td>{}</td></tr>\n",
                        overridden ? " class=\"overridden\"" : "", markup(name),
                        overridden ? " <span class=\"quiet\">--sysctl</span>" : "",
                        value(End::client), value(End::server));
  }
  return html + "</table></div>\n</details>\n</section>\n";
}

}  // namespace

std::string case_page(const Site& site, size_t result, const Result<Trace>& trace) {
  return CasePage(site, result, trace).html();
}

}  // namespace faultline
