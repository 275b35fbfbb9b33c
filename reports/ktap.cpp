#include "reports/ktap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "reports/missing_parts.hpp"
#include "reports/safe_text.hpp"
#include "reports/text.hpp"

namespace faultline {
namespace {

struct Dialect {
  std::string_view version, before_name, known_deviation, could_not_be_judged;
};
constexpr Dialect ktap{"KTAP version 1", " ", "ok {}{}{} # XFAIL {}", "not ok {}{}{} # ERROR {}"};
constexpr Dialect tap{"TAP version 13", " - ", "not ok {}{}{} # TODO {}", "not ok {}{}{} # {}"};

// A name ends where a directive could begin, and a backslash would escape that.
std::string plain_name(std::string_view text) {
  std::string name = safe_text(text);
  std::ranges::replace(name, '#', '-');
  std::ranges::replace(name, '\\', '/');
  return name;
}

std::string reason_of(const CaseResult& result, std::string_view kind) {
  const std::string reason = safe_text(result.reason);
  if (kind.empty()) return reason;
  return reason.empty() ? std::string(kind) : fmt::format("{}: {}", kind, reason);
}

std::string result_line(const CaseResult& result, size_t number, const Dialect& dialect) {
  const std::string name = plain_name(result.variant());
  const auto line = [&](std::string_view form, const std::string& reason) {
    return fmt::format(fmt::runtime(form), number, dialect.before_name, name, reason);
  };
  constexpr std::string_view skip = "ok {}{}{} # SKIP {}";
  switch (result.outcome) {
    case Outcome::PASS:
      return line("ok {}{}{}", "");
    case Outcome::FAIL:
    case Outcome::XPASS:
      return line("not ok {}{}{}", "");
    case Outcome::XFAIL:
      return line(dialect.known_deviation, reason_of(result, ""));
    case Outcome::SKIP:
      return line(skip, reason_of(result, ""));
    case Outcome::UNSUPPORTED:
      return line(skip, reason_of(result, "unsupported"));
    case Outcome::INCONCLUSIVE:
      return line(dialect.could_not_be_judged, reason_of(result, "inconclusive"));
    case Outcome::ERROR:
      return line(dialect.could_not_be_judged, reason_of(result, ""));
  }
  return line("not ok {}{}{}", "");
}

// The lines of a text, each behind "# ".
std::string commented(std::string_view text, std::string_view indent) {
  std::string lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines += fmt::format("{}# {}\n", indent, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string tests(std::span<const CaseResult> results, std::string_view indent,
                  const Dialect& dialect) {
  std::string text;
  size_t number = 0;
  for (const CaseResult& result : results)
    text += commented(text_story(result), indent) +
            fmt::format("{}{}\n", indent, result_line(result, ++number, dialect));
  return text;
}

// Of a case, from those of its variants: what is worst.
Outcome together(std::span<const CaseResult> results) {
  using enum Outcome;
  for (const Outcome outcome : {FAIL, XPASS, ERROR, INCONCLUSIVE, XFAIL, PASS, UNSUPPORTED})
    if (std::ranges::find(results, outcome, &CaseResult::outcome) != results.end()) return outcome;
  return SKIP;
}

std::string case_line(std::span<const CaseResult> results, size_t number) {
  const Outcome outcome = together(results);
  const CaseResult& worst = *std::ranges::find(results, outcome, &CaseResult::outcome);
  std::string line = result_line(worst, number, ktap);
  const std::string variant = plain_name(worst.variant());
  return line.replace(line.find(variant), variant.size(), plain_name(worst.case_id));
}

std::string totals(const std::vector<CaseResult>& results, bool whole) {
  using enum Outcome;
  const auto count = [&](std::initializer_list<Outcome> of) {
    return std::ranges::count_if(results, [&](const CaseResult& result) {
      return std::ranges::find(of, result.outcome) != of.end();
    });
  };
  return fmt::format("# Totals: pass:{} fail:{} xfail:{} xpass:{} skip:{} error:{}\n",
                     count({PASS}), count({FAIL}), count({XFAIL}), count({XPASS}),
                     count({SKIP, UNSUPPORTED}), count({ERROR, INCONCLUSIVE}) + (whole ? 0 : 1));
}

// The report around so many tests at its top level. A run that is not whole must not look like one:
// it has one test more, which failed, and an interrupted one ends as TAP says that.
std::string around(const std::string& tests, size_t count, const Dialect& dialect,
                   const RunInfo& info, const std::vector<CaseResult>& results) {
  const bool whole = missing_parts(info).empty();
  if (!whole) ++count;
  std::string text = fmt::format("{}\n1..{}{}\n", dialect.version, count,
                                 count == 0 ? " # SKIP nothing was run" : "");
  text += tests;
  if (!whole)
    text += fmt::format(fmt::runtime(dialect.could_not_be_judged), count, dialect.before_name,
                        whole_run_test, why_not_whole(info)) +
            "\n";
  return text + totals(results, whole) + (info.interrupted ? "Bail out! interrupted\n" : "");
}

}  // namespace

std::string ktap_report(const RunInfo& info, const std::vector<CaseResult>& results) {
  std::string text;
  size_t cases = 0;
  for (auto at = results.begin(); at != results.end();) {
    const auto next = std::find_if(
        at, results.end(), [&](const CaseResult& result) { return result.case_id != at->case_id; });
    const std::span variants(at, next);
    text += fmt::format("  {}\n  # Subtest: {}\n  1..{}\n", ktap.version, plain_name(at->case_id),
                        variants.size()) +
            tests(variants, "  ", ktap) + case_line(variants, ++cases) + "\n";
    at = next;
  }
  return around(text, cases, ktap, info, results);
}

std::string tap_report(const RunInfo& info, const std::vector<CaseResult>& results) {
  return around(tests(results, "", tap), results.size(), tap, info, results);
}

}  // namespace faultline
