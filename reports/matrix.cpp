#include "reports/matrix.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

constexpr int gap = 2;
constexpr int shortest_name = 24;  // a case's name is not cut further than to this
constexpr size_t most_places = 2;  // named one by one; of more it is said how many

struct Line {
  std::string text;
  std::optional<Outcome> like;  // nothing: without a colour
};
using Cell = std::vector<Line>;
using Results = std::vector<const CaseResult*>;

std::set<std::string> values(const Results& results, const auto& of) {
  std::set<std::string> all;
  for (const CaseResult* result : results) all.insert(of(*result));
  return all;
}

std::string family_of(const CaseResult& result) {
  return std::string(to_string(result.family));
}

std::string end_of(const CaseResult& result) {
  return result.sut;
}

// Whether `some` are exactly those of `all` whose `of` is one value; then that value, else "".
std::string told_by(const Results& some, const Results& all, const auto& of) {
  const auto said = values(some, of);
  if (said.size() != 1) return "";
  const auto alike = std::ranges::count_if(
      all, [&](const CaseResult* result) { return of(*result) == *said.begin(); });
  return alike == std::ssize(some) ? *said.begin() : "";
}

// Where `some` of a cell's results were: "server", "ipv6", "ipv6 server", "3 of 20".
std::string whereabouts(const Results& some, const Results& all) {
  if (const std::string end = told_by(some, all, end_of); !end.empty()) return end;
  if (const std::string family = told_by(some, all, family_of); !family.empty()) return family;
  const auto both = [](const CaseResult& one) { return family_of(one) + " " + one.sut; };
  const auto places = values(some, both);
  if (places.size() <= most_places && places.size() == some.size())
    return fmt::format("{}", fmt::join(places, ", "));
  return fmt::format("{} of {}", some.size(), all.size());
}

Cell cell_of(const Results& all) {
  if (all.empty()) return {{"-", {}}};
  Cell cell;
  for (const Outcome outcome : outcomes_by_weight) {
    Results some;
    std::ranges::copy_if(all, std::back_inserter(some),
                         [&](const CaseResult* result) { return result->outcome == outcome; });
    if (some.empty()) continue;
    std::string text(short_word(outcome));
    if (some.size() < all.size()) text += " " + whereabouts(some, all);
    cell.push_back({safe_text(text), outcome});
  }
  return cell;
}

std::string topic_of(const std::string& case_id) {
  const size_t slash = case_id.rfind('/');
  return slash == std::string::npos ? "no topic" : case_id.substr(0, slash);
}

struct Row {
  std::string name;
  std::vector<Cell> cells;
};

class Matrix {
 public:
  Matrix(std::vector<std::string> columns, const std::vector<CaseResult>& results)
      : columns_(std::move(columns)) {
    std::map<std::string, std::map<std::string, Results>> by_case;
    for (const CaseResult& result : results) {
      by_case[result.case_id][result.column()].push_back(&result);
      ++totals_[result.outcome][result.column()];
    }
    for (auto& [id, by_column] : by_case) add(id, by_column);
  }

  [[nodiscard]] std::string text(const TextStyle& style) const {
    const std::vector<Row> totals = total_rows();
    const int names = name_width(totals, style);
    std::string text;
    for (size_t from = 0; from < columns_.size();) {
      const size_t to = last_that_fits(from, names, totals, style);
      if (from > 0) text += "\n";
      text += line_of(head(), from, to, names, totals, style);
      for (const Row& row : rows_) text += line_of(row, from, to, names, totals, style);
      if (!rows_.empty()) text += "\n";
      for (const Row& row : totals) text += line_of(row, from, to, names, totals, style);
      from = to;
    }
    return text + passed_text(style);
  }

 private:
  void add(const std::string& id, std::map<std::string, Results>& by_column) {
    Row row{safe_text(id), {}};
    bool all_pass = true;
    for (const std::string& column : columns_) {
      const Results& results = by_column[column];
      all_pass = all_pass && !results.empty() &&
                 std::ranges::all_of(results, [](const CaseResult* result) {
                   return result->outcome == Outcome::PASS;
                 });
      row.cells.push_back(cell_of(results));
    }
    if (all_pass)
      ++passed_[topic_of(id)];
    else
      rows_.push_back(std::move(row));
  }

  [[nodiscard]] Row head() const {
    Row row{"case", {}};
    for (const std::string& column : columns_) row.cells.push_back({{safe_text(column), {}}});
    return row;
  }

  [[nodiscard]] std::vector<Row> total_rows() const {
    std::vector<Row> rows;
    for (const auto& [outcome, counts] : totals_) {
      Row row{fmt::format("results {}", to_string(outcome)), {}};
      for (const std::string& column : columns_) {
        const auto count = counts.find(column);
        const bool none = count == counts.end();
        row.cells.push_back({{none ? "-" : std::to_string(count->second),
                              none ? std::nullopt : std::optional(outcome)}});
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }

  // How wide a column is: as its widest line.
  [[nodiscard]] int width_of(size_t column, const std::vector<Row>& totals) const {
    int width = faultline::columns(safe_text(columns_[column]));
    for (const auto* rows : {&rows_, &totals})
      for (const Row& row : *rows)
        for (const Line& line : row.cells[column])
          width = std::max(width, faultline::columns(line.text));
    return width;
  }

  // Of the first column: so much that the widest of the others fits beside it.
  [[nodiscard]] int name_width(const std::vector<Row>& totals, const TextStyle& style) const {
    int width = 0, widest = 0;
    for (const auto* rows : {&rows_, &totals})
      for (const Row& row : *rows) width = std::max(width, faultline::columns(row.name));
    if (style.width == 0) return width;
    for (size_t i = 0; i < columns_.size(); ++i) widest = std::max(widest, width_of(i, totals));
    return std::min(width, std::max(style.width - gap - widest, shortest_name));
  }

  [[nodiscard]] size_t last_that_fits(size_t from, int names, const std::vector<Row>& totals,
                                      const TextStyle& style) const {
    int width = names;
    size_t to = from;
    while (to < columns_.size()) {
      width += gap + width_of(to, totals);
      if (style.width > 0 && width > style.width && to > from) break;
      ++to;
    }
    return to;
  }

  [[nodiscard]] std::string line_of(const Row& row, size_t from, size_t to, int names,
                                    const std::vector<Row>& totals, const TextStyle& style) const {
    size_t height = 1;
    for (size_t i = from; i < to; ++i) height = std::max(height, row.cells[i].size());
    std::string text;
    for (size_t line = 0; line < height; ++line) {
      std::string written = line == 0 ? elide_middle(row.name, names) : "";
      int at = faultline::columns(written), end = names;
      for (size_t i = from; i < to; ++i) {
        end += gap;
        if (line < row.cells[i].size()) {
          const Line& part = row.cells[i][line];
          written += std::string(static_cast<size_t>(std::max(end - at, 0)), ' ');
          written += part.like ? painted(part.text, *part.like, style) : part.text;
          at = end + faultline::columns(part.text);
        }
        end += width_of(i, totals);
      }
      text += written + "\n";
    }
    return text;
  }

  [[nodiscard]] std::string passed_text(const TextStyle& style) const {
    size_t all = 0;
    std::vector<std::string> topics;
    for (const auto& [topic, count] : passed_) {
      all += count;
      topics.push_back(fmt::format("{} {}", safe_text(topic), count));
    }
    if (all == 0) return "no case passed everywhere\n";
    return wrapped(fmt::format("{} case{} passed everywhere: ", all, all == 1 ? "" : "s"),
                   fmt::format("{}", fmt::join(topics, ", ")), style);
  }

  std::vector<std::string> columns_;
  std::vector<Row> rows_;
  std::map<std::string, size_t> passed_;  // by topic: cases that passed in every column
  std::map<Outcome, std::map<std::string, size_t>> totals_;
};

}  // namespace

std::vector<std::string> matrix_columns(const RunInfo& info,
                                        const std::vector<CaseResult>& results) {
  std::vector<std::string> columns = info.columns;
  for (const CaseResult& result : results)
    if (std::ranges::find(columns, result.column()) == columns.end())
      columns.push_back(result.column());
  return columns;
}

std::string matrix_text(const RunInfo& info, const std::vector<CaseResult>& results,
                        const TextStyle& style) {
  std::vector<std::string> columns = matrix_columns(info, results);
  if (columns.size() < 2 || results.empty()) return "";
  return "\n" + Matrix(std::move(columns), results).text(style) + "\n";
}

}  // namespace faultline
