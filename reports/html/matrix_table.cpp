#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/html/parts.hpp"
#include "reports/markup.hpp"
#include "reports/matrix.hpp"
#include "reports/outcome_words.hpp"

namespace faultline {
namespace {

// Repetitions of one variant.
using Chip = std::vector<size_t>;
// By the end that the stack stood at.
using Cell = std::map<std::string, Chip>;

struct Key {
  std::string column;
  Family family;
  auto operator<=>(const Key&) const = default;
};

class Table {
 public:
  Table(const Site& site, const std::vector<size_t>& some, std::string_view root)
      : site_(site), some_(some), root_(root) {
    for (const size_t i : some) {
      const CaseResult& result = site.results()[i];
      families_.insert(result.family);
      cells_[result.case_id][{result.column(), result.family}][result.sut].push_back(i);
    }
    for (const std::string& column : matrix_columns(site.info(), site.results()))
      if (std::ranges::any_of(some, [&](size_t i) { return site.results()[i].column() == column; }))
        columns_.push_back(column);
  }

  std::string html() const {
    std::string html = "<div class=\"wide\"><table class=\"matrix\">\n" + head();
    std::string topic;
    for (const auto& [id, cells] : cells_) {
      if (const std::string its = topic_of(id); its != topic || html.ends_with("</thead>\n")) {
        if (!html.ends_with("</thead>\n")) html += "</tbody>\n";
        topic = its;
        html += topic_head(topic);
      }
      html += row(id, cells);
    }
    if (!cells_.empty()) html += "</tbody>\n";
    return html + "</table></div>\n";
  }

 private:
  [[nodiscard]] size_t width() const { return columns_.size() * families_.size(); }

  [[nodiscard]] std::string head() const {
    std::string html = "<thead>\n<tr><th rowspan=\"2\" class=\"case\">case</th>";
    for (const std::string& column : columns_) {
      const size_t at = column.find('@');
      html += fmt::format("<th colspan=\"{}\" class=\"stack\">{}", families_.size(),
                          markup(column.substr(0, at)));
      if (at != column.npos)
        html += fmt::format("<small>{}</small>", markup(column.substr(at + 1)));
      html += "</th>";
    }
    html += "</tr>\n<tr>";
    for (size_t i = 0; i < columns_.size(); ++i)
      for (const Family family : families_)
        html += fmt::format("<th class=\"family{}\">{}</th>",
                            family == *families_.begin() ? " first" : "",
                            family == Family::ipv4 ? "IPv4" : "IPv6");
    return html + "</tr>\n</thead>\n";
  }

  [[nodiscard]] std::string topic_head(const std::string& topic) const {
    std::vector<size_t> its;
    std::ranges::copy_if(some_, std::back_inserter(its),
                         [&](size_t i) { return topic_of(site_.results()[i].case_id) == topic; });
    const auto passed = std::ranges::count_if(
        its, [&](size_t i) { return site_.results()[i].outcome == Outcome::PASS; });
    return fmt::format(
        "<tbody>\n<tr class=\"topic\"><th colspan=\"{}\"><a href=\"{}{}\">{}</a> <span "
        "class=\"quiet\">{} of {} pass</span></th></tr>\n",
        width() + 1, root_, site_.topic_page(topic), markup(topic), passed, its.size());
  }

  [[nodiscard]] std::string row(const std::string& id, const std::map<Key, Cell>& cells) const {
    const std::string& title = site_.results()[cells.begin()->second.begin()->second[0]].title;
    std::string html = fmt::format(
        "<tr><td class=\"case\"><span class=\"id\">{}</span><span class=\"title\">{}"
        "</span></td>",
        markup(id.substr(std::min(id.size(), id.rfind('/') + 1))), markup(title));
    for (const std::string& column : columns_)
      for (const Family family : families_) {
        html += family == *families_.begin() ? "<td class=\"first\">" : "<td>";
        if (const auto cell = cells.find({column, family}); cell != cells.end())
          for (const auto& [end, chip] : cell->second) html += chip_html(chip);
        html += "</td>";
      }
    return html + "</tr>\n";
  }

  // The worst of the repetitions, and how many they are.
  [[nodiscard]] std::string chip_html(const Chip& chip) const {
    const auto weight = [&](size_t i) {
      return std::ranges::find(outcomes_by_weight, site_.results()[i].outcome);
    };
    const size_t worst = *std::ranges::min_element(chip, {}, weight);
    const CaseResult& result = site_.results()[worst];
    const auto alike = std::ranges::count_if(
        chip, [&](size_t i) { return site_.results()[i].outcome == result.outcome; });
    std::string text(short_word(result.outcome));
    if (chip.size() > 1)
      text += static_cast<size_t>(alike) == chip.size()
                  ? fmt::format(" ×{}", chip.size())
                  : fmt::format(" {} of {}", alike, chip.size());
    const std::string end =
        result.at_either_end ? fmt::format("<small>{}</small> ", markup(result.sut)) : "";
    return fmt::format("<a class=\"chip {}\" href=\"{}{}\">{}{}</a>", outcome_class(result.outcome),
                       root_, site_.case_page(worst), end, text);
  }

  const Site& site_;
  const std::vector<size_t>& some_;
  std::string root_;
  std::vector<std::string> columns_;
  std::set<Family> families_;
  std::map<std::string, std::map<Key, Cell>> cells_;  // by case
};

}  // namespace

std::string matrix_table(const Site& site, const std::vector<size_t>& some, std::string_view root) {
  return Table(site, some, root).html();
}

}  // namespace faultline
