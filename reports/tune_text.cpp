#include "reports/tune_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/safe_text.hpp"
#include "reports/tune_words.hpp"

namespace faultline {
namespace {

constexpr std::string_view green = "\x1b[32m", red = "\x1b[1;31m", yellow = "\x1b[33m",
                           magenta = "\x1b[35m", plain = "\x1b[0m";
constexpr int gap = 2;

std::string painted(const std::string& text, std::string_view colour, const TextStyle& style) {
  if (!style.colour || colour.empty()) return text;
  return fmt::format("{}{}{}", colour, text, plain);
}

std::string_view colour_of(TuneCell::Verdict verdict) {
  switch (verdict) {
    case TuneCell::Verdict::not_measured:
      return yellow;
    case TuneCell::Verdict::as_predicted:
      return green;
    case TuneCell::Verdict::not_as_predicted:
      return red;
    case TuneCell::Verdict::unsure:
      return magenta;
  }
  return "";
}

struct Word {
  std::string text;
  std::string_view colour;
};
using Line = std::vector<Word>;

std::string padded(const Word& word, int width, const TextStyle& style) {
  return painted(word.text, word.colour, style) +
         std::string(static_cast<size_t>(std::max(width - columns(word.text), 0)), ' ');
}

// The lines of a row that have a column for each kernel.
std::vector<Line> lines_of(const TuneRow& row, const TuneReport& report) {
  Line predicted{{row.behaviour->name, ""}}, by_default{{"  by default", ""}},
      measured{{"  measured", ""}};
  for (const TuneCell& cell : row.cells) {
    predicted.push_back({tune_predicted(cell), ""});
    by_default.push_back({tune_by_default(cell), ""});
    measured.push_back({safe_text(tune_measured(cell, report)), colour_of(cell.verdict)});
  }
  std::vector<Line> lines{predicted};
  if (report.measured) lines.push_back(measured);
  const bool all_default = std::ranges::all_of(
      row.cells, [](const TuneCell& cell) { return cell.predicted == cell.by_default; });
  if (!all_default) lines.push_back(by_default);
  return lines;
}

class Table {
 public:
  Table(const TuneReport& report, const TextStyle& style) : report_(report), style_(style) {
    Line head{{"", ""}};
    for (const TuneKernel& kernel : report.kernels) head.push_back({safe_text(kernel.name), ""});
    measure(head);
    for (const TuneRow& row : report.rows)
      for (const Line& line : lines_of(row, report)) measure(line);
    head_ = text_of(head);
  }

  [[nodiscard]] const std::string& head() const { return head_; }

  [[nodiscard]] std::string block(const TuneRow& row) const {
    std::string text;
    for (const Line& line : lines_of(row, report_)) text += text_of(line);
    const std::string governing = tune_governing(row);
    if (!governing.empty()) text += "  " + safe_text(governing) + "\n";
    for (const std::string& said : sentences(row, report_.kernels))
      text += "  " + safe_text(said) + "\n";
    return text;
  }

 private:
  void measure(const Line& line) {
    widths_.resize(std::max(widths_.size(), line.size()));
    for (size_t i = 0; i < line.size(); ++i)
      widths_[i] = std::max(widths_[i], columns(line[i].text));
  }

  [[nodiscard]] std::string text_of(const Line& line) const {
    std::string text;
    for (size_t i = 0; i < line.size(); ++i)
      text += padded(line[i], i + 1 < line.size() ? widths_[i] + gap : 0, style_);
    while (text.ends_with(' ')) text.pop_back();
    return text + "\n";
  }

  const TuneReport& report_;
  const TextStyle& style_;
  std::vector<int> widths_;
  std::string head_;
};

std::string requirements_text(const TuneReport& report, const TextStyle& style) {
  std::string text = report.requirements.empty() ? "" : "\nRequired\n";
  for (const TuneRequirement& one : report.requirements) {
    const Word word = one.is_met() ? Word{"ok", green} : Word{"BROKEN", red};
    text += fmt::format("  {}{}\n", padded(word, 8, style), tune_requirement(one, report));
  }
  return text;
}

std::string warnings_text(const TuneReport& report) {
  std::string text = report.warnings.empty() ? "" : "\nTo know\n";
  for (const Remark& remark : report.warnings)
    text += fmt::format("  {}: {}\n", safe_text(to_string(remark.place)), safe_text(remark.what));
  return text;
}

std::string changes_text(const TuneReport& report) {
  std::string text = report.solution.empty() ? "" : "\nTo be changed\n";
  for (const std::string& line : tune_changes(report)) text += "  " + line + "\n";
  return text;
}

}  // namespace

std::string tune_text(const TuneReport& report, const TextStyle& style) {
  std::string text = safe_text(fmt::format("{}: {}", tune_subject(report), tune_ground(report)));
  text += "\n" + changes_text(report) + "\n";
  const Table table(report, style);
  if (report.rows.empty()) text += "Nothing here sets a TCP timer.\n";
  if (report.kernels.size() > 1 && !report.rows.empty()) text += table.head();
  for (const TuneRow& row : report.rows)
    text += (&row == report.rows.data() ? "" : "\n") + table.block(row);
  text += requirements_text(report, style) + warnings_text(report);
  const std::string others = tune_not_looked_at(report);
  if (!others.empty()) text += "\n" + safe_text(others) + "\n";
  return text;
}

}  // namespace faultline
