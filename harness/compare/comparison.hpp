// Two runs side by side.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/compare/differences.hpp"
#include "harness/compare/pairs.hpp"
#include "harness/judge/result.hpp"

namespace faultline {

// One run of one case, as it is compared.
struct ComparedRun {
  Identity identity;
  bool at_either_end = false;  // the case is about both, and this stood at one
  Outcome outcome = Outcome::ERROR;
  std::string reason;
  std::string case_text, trace_file;
  std::optional<std::array<Conduct, 2>> conduct;  // of either end; nothing where there is no trace
};

struct ComparedSide {
  std::string name;  // as it was asked for
  // By column: "linux, kernel 6.12.117, 250 Hz"; of several runs in one folder more than one.
  std::map<std::string, std::set<std::string>> setups;
  std::vector<ComparedRun> runs;
  bool traces_only = false;  // a folder: of what left no trace it does not know
};

// All of them in one line; "" where there is no trace.
[[nodiscard]] std::string setup_text(const ComparedSide& side);

struct ComparedPair {
  size_t a = 0, b = 0;     // of the sides' runs
  About at = About::both;  // the ends that were compared
  std::vector<Difference> differences;
  bool whole = true;  // both have a trace; else outcomes alone were compared
};

struct Comparison {
  ComparedSide a, b;
  std::vector<ComparedPair> pairs;
  std::vector<size_t> only_a, only_b;

  // Some pair differs, or one side has what the other has not.
  [[nodiscard]] bool differs() const;
};

// "close/four-way[ipv4]", with the end that was compared where the case is about both.
[[nodiscard]] std::string pair_name(const Comparison& comparison, const ComparedPair& pair);

// What was not run, and so left no trace, is no loss in a side that has traces only.
[[nodiscard]] Comparison compare(ComparedSide a, ComparedSide b, bool same_column,
                                 const std::optional<Tolerance>& tolerance = {});

}  // namespace faultline
