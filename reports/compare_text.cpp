#include "reports/compare_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

constexpr size_t most_briefs = 3;  // of a case, in its line

// Pairs of one case that differ in the same: over IPv4 and IPv6, mostly.
struct Group {
  std::vector<const ComparedPair*> pairs;
};

bool alike(const ComparedPair& one, const ComparedPair& two) {
  return std::ranges::equal(one.differences, two.differences,
                            [](const Difference& x, const Difference& y) {
                              return x.what == y.what && x.a == y.a && x.b == y.b;
                            });
}

class Text {
 public:
  Text(const Comparison& comparison, const TextStyle& style)
      : comparison_(comparison), style_(style) {}

  std::string all() {
    std::string text;
    for (const Group& group : groups()) text += block(group);
    if (!text.empty()) text = sides() + "\n" + text + "\n";
    return text + summary();
  }

 private:
  std::vector<Group> groups() const {
    std::vector<Group> groups;
    for (const ComparedPair& pair : comparison_.pairs) {
      if (pair.differences.empty()) continue;
      const auto same = [&](const Group& group) {
        const ComparedPair& other = *group.pairs.front();
        return id_of(other) == id_of(pair) && other.at == pair.at && alike(other, pair);
      };
      // They are sorted by case: no further back than a case's own.
      const auto from = std::find_if(groups.rbegin(), groups.rend(), [&](const Group& group) {
        return same(group) || id_of(*group.pairs.front()) != id_of(pair);
      });
      if (from != groups.rend() && same(*from))
        from->pairs.push_back(&pair);
      else
        groups.push_back({{&pair}});
    }
    return groups;
  }

  const std::string& id_of(const ComparedPair& pair) const {
    return comparison_.a.runs[pair.a].identity.case_id;
  }

  // "close/four-way[ipv4] [ipv6]"
  std::string name_of(const Group& group) const {
    std::string name = safe_text(pair_name(comparison_, *group.pairs.front()));
    for (const ComparedPair* pair : group.pairs)
      if (pair != group.pairs.front())
        name += " " + safe_text(pair_name(comparison_, *pair).substr(id_of(*pair).size()));
    return name;
  }

  std::string block(const Group& group) const {
    const ComparedPair& pair = *group.pairs.front();
    std::string text = line(group, pair);
    if (!style_.verbose) return text;
    for (const Difference& difference : pair.differences) {
      const std::string_view aspect = to_string(difference.aspect);
      text += difference.what == aspect
                  ? fmt::format("  {}\n", aspect)
                  : wrapped(fmt::format("  {:<9} ", aspect), difference.what, style_);
      text += wrapped("    A  ", difference.a, style_);
      text += wrapped("    B  ", difference.b, style_);
    }
    return text;
  }

  std::string line(const Group& group, const ComparedPair& pair) const {
    std::vector<std::string> briefs;
    for (const Difference& difference : pair.differences)
      if (style_.verbose ? difference.aspect == Difference::Aspect::outcome
                         : briefs.size() < most_briefs)
        briefs.push_back(difference.brief);
    const size_t left = pair.differences.size() - briefs.size();
    if (!style_.verbose && left > 0) briefs.push_back(fmt::format("{} more", left));
    if (briefs.empty()) return name_of(group) + "\n";
    return wrapped(name_of(group) + "  ", fmt::format("{}", fmt::join(briefs, "; ")), style_);
  }

  std::string sides() const {
    std::string text;
    for (const auto& [letter, side] : {std::pair("A", &comparison_.a), {"B", &comparison_.b}}) {
      const std::string setup = setup_text(*side);
      text += wrapped(fmt::format("{}  ", letter),
                      setup.empty() ? side->name : side->name + ": " + setup, style_);
    }
    return text;
  }

  std::string summary() const {
    size_t differing = 0, outcomes_only = 0;
    std::map<Difference::Aspect, size_t> aspects;
    for (const ComparedPair& pair : comparison_.pairs) {
      differing += pair.differences.empty() ? 0 : 1;
      outcomes_only += pair.whole ? 0 : 1;
      std::set<Difference::Aspect> seen;
      for (const Difference& difference : pair.differences)
        if (seen.insert(difference.aspect).second) ++aspects[difference.aspect];
    }
    std::vector<std::string> parts;
    for (const auto& [aspect, count] : aspects)
      parts.push_back(fmt::format("{} {}", to_string(aspect), count));
    const size_t all = comparison_.pairs.size();
    std::string text = fmt::format("{} pair{} compared: ", all, all == 1 ? "" : "s");
    text += differing > 0           ? fmt::format("{} differ", differing)
            : comparison_.differs() ? "no difference in what both have"
                                    : "no difference";
    if (!parts.empty()) text += fmt::format(" ({})", fmt::join(parts, ", "));
    text += "\n";
    if (outcomes_only > 0)
      text += wrapped(fmt::format("{} of them by their outcomes alone: ", outcomes_only),
                      "a trace is missing, or a later run has put another in its place", style_);
    return text + left_over("A", comparison_.a, comparison_.only_a) +
           left_over("B", comparison_.b, comparison_.only_b);
  }

  // What only one side has: how much of it, and where there is room for it, what.
  std::string left_over(const char* letter, const ComparedSide& side,
                        const std::vector<size_t>& runs) const {
    if (runs.empty()) return "";
    std::string text = fmt::format("only in {}: {}", letter, runs.size());
    if (!style_.verbose) return text + " (-v names them)\n";
    std::vector<std::string> names;
    for (const size_t run : runs) {
      const Identity& one = side.runs[run].identity;
      const bool plain = one.column == "linux";
      names.push_back(variant_name(one.case_id, one.family, plain ? "" : one.column,
                                   side.runs[run].at_either_end ? to_string(one.sut) : "",
                                   one.repetition));
    }
    return wrapped(text + ": ", fmt::format("{}", fmt::join(names, " ")), style_);
  }

  const Comparison& comparison_;
  const TextStyle& style_;
};

}  // namespace

std::string compare_text(const Comparison& comparison, const TextStyle& style) {
  return Text(comparison, style).all();
}

}  // namespace faultline
