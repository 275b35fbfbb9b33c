#include "reports/html/parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/ladder_words.hpp"
#include "reports/markup.hpp"
#include "reports/outcome_words.hpp"

namespace faultline {
namespace {

size_t count_of(const Site& site, const std::vector<size_t>& some, Outcome outcome) {
  return static_cast<size_t>(
      std::ranges::count_if(some, [&](size_t i) { return site.results()[i].outcome == outcome; }));
}

}  // namespace

std::string badge(Outcome outcome) {
  return fmt::format("<span class=\"badge {}\">{}</span>", outcome_class(outcome),
                     to_string(outcome));
}

std::string fact(std::string_view name, std::string_view value) {
  if (value.empty()) return "";
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, markup(value));
}

std::string took_text(Nanos took) {
  return took < 1ms ? "0 s" : ladder_length(took);
}

std::string outcome_bar(const Site& site, const std::vector<size_t>& some) {
  if (some.empty()) return "";
  std::string bar =
      "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\">";
  double x = 0;
  for (const Outcome outcome : outcomes_by_weight) {
    const double count = static_cast<double>(count_of(site, some, outcome));
    if (count == 0) continue;
    const double width = count * 1000 / static_cast<double>(some.size());
    bar += fmt::format("<rect x=\"{:.1f}\" y=\"0\" width=\"{:.1f}\" height=\"10\" class=\"{}\"/>",
                       x, width, outcome_class(outcome));
    x += width;
  }
  return bar + "</svg>\n";
}

std::string outcome_links(const Site& site, const std::vector<size_t>& some,
                          std::string_view root) {
  std::string links;
  for (const Outcome outcome : outcomes_by_weight)
    if (const size_t count = count_of(site, some, outcome); count > 0)
      links += fmt::format("<a class=\"total {}\" href=\"{}{}\"><b>{}</b> {}</a>\n",
                           outcome_class(outcome), root, Site::outcome_page(outcome), count,
                           to_string(outcome));
  return links;
}

std::string result_list(const Site& site, const std::vector<size_t>& some, std::string_view root,
                        size_t most) {
  std::string list = "<div class=\"wide\"><table class=\"results\">\n";
  for (size_t n = 0; n < std::min(some.size(), most); ++n) {
    const CaseResult& result = site.results()[some[n]];
    const std::string& why = result.reason.empty() ? result.title : result.reason;
    list += fmt::format(
        "<tr><td>{}</td><td class=\"what\"><a href=\"{}{}\">{}</a><div class=\"why\">{}</div></td>"
        "<td class=\"took\">{}</td></tr>\n",
        badge(result.outcome), root, site.case_page(some[n]), markup(result.variant()), markup(why),
        took_text(result.took));
  }
  list += "</table></div>\n";
  if (some.size() > most)
    list += fmt::format("<p class=\"quiet\">… and {} more</p>\n", some.size() - most);
  return list;
}

}  // namespace faultline
