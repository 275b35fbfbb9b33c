#include "harness/cli/selecting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/cli/places.hpp"
#include "harness/cli/tell.hpp"
#include "harness/judge/variant_name.hpp"
#include "harness/run/rules.hpp"
#include "harness/util/glob.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// What is there by that name is meant, whatever a glob would make of it.
bool is_file(const std::string& name) {
  std::error_code ignored;
  return name.ends_with(".toml") &&
         (name.find_first_of("*?[") == std::string::npos || fs::exists(name, ignored));
}

// "close/four-way[ipv4]", as results name it, is the case "close/four-way".
std::string without_variant(const std::string& name) {
  const auto variant = parse_variant_name(name);
  return variant ? variant->case_id : name;
}

// Which of the suite's files the names ask for; a name that asks for none is an error.
std::expected<std::set<std::string>, int> wanted_ids(const std::vector<std::string>& names,
                                                     const std::vector<CaseFile>& files) {
  std::set<std::string> wanted;
  for (const std::string& given : names) {
    if (is_file(given)) continue;
    const std::string name = without_variant(given);
    size_t found = 0;
    for (const CaseFile& file : files)
      if (is_glob_match(name, file.id)) {
        wanted.insert(file.id);
        ++found;
      }
    if (found != 0) continue;
    std::vector<std::string> ids;
    for (const CaseFile& file : files) ids.push_back(file.id);
    return refuse(nothing_selected,
                  fmt::format("no case is named '{}'{}; 'faultline list' shows them", name,
                              did_you_mean(name, ids)));
  }
  return wanted;
}

struct Chosen {
  fs::path path;
  std::string id;
  bool named = false;  // exactly: by its id or its file
};

// What the names ask for, each file once, sorted by id.
std::expected<std::vector<Chosen>, int> choose(const Selection& selection, const fs::path& folder) {
  std::vector<Chosen> chosen;
  std::set<fs::path> files_named;
  std::error_code ignored;
  for (const std::string& name : selection.names)
    if (is_file(name) && files_named.insert(fs::weakly_canonical(name, ignored)).second)
      chosen.push_back({name, case_id(name, folder), true});
  if (chosen.empty() || !std::ranges::all_of(selection.names, is_file)) {
    const auto files = find_cases(folder);
    if (!files) return refuse(bad_case_file, files.error());
    const auto wanted = wanted_ids(selection.names, *files);
    if (!wanted) return std::unexpected(wanted.error());
    const auto names_it = [](const std::string& id) {
      return [&id](const std::string& name) { return without_variant(name) == id; };
    };
    for (const CaseFile& file : *files)
      if (selection.names.empty() || wanted->contains(file.id))
        chosen.push_back(
            {file.path, file.id, std::ranges::any_of(selection.names, names_it(file.id))});
  }
  // Of the same case the one that is named comes first, and stays.
  std::ranges::sort(chosen, [](const Chosen& a, const Chosen& b) {
    return std::tie(a.id, b.named) < std::tie(b.id, a.named);
  });
  const auto again = std::ranges::unique(chosen, {}, &Chosen::id);
  chosen.erase(again.begin(), again.end());
  std::erase_if(chosen,
                [&](const Chosen& one) { return any_glob_matches(selection.exclude, one.id); });
  return chosen;
}

int nothing_to_run(size_t slow) {
  return complain(nothing_selected,
                  slow == 0 ? "no case was selected"
                            : fmt::format("only slow cases were selected, {} of them: --slow runs "
                                          "them, and so does naming one by its whole id",
                                          slow));
}

// Files are told by the ids of their cases.
std::vector<std::string> asked_for(const Selection& selection, const std::vector<Chosen>& chosen) {
  std::vector<std::string> asked;
  for (const std::string& name : selection.names)
    if (!is_file(name)) asked.push_back(without_variant(name));
  if (asked.size() < selection.names.size())
    for (const Chosen& one : chosen) asked.push_back(one.id);
  return asked;
}

}  // namespace

std::expected<fs::path, int> suite_of(const Selection& selection) {
  const auto folder = suite_folder(selection.suite);
  if (folder) return *folder;
  return refuse(nothing_selected, folder.error().what);
}

std::expected<std::optional<Claims>, int> claims_of(const fs::path& suite) {
  auto claims = read_claims(suite);
  if (claims) return std::move(*claims);
  return refuse(bad_case_file, claims.error());
}

std::expected<Selected, int> select_cases(const Selection& selection) {
  const bool only_files = !selection.names.empty() && std::ranges::all_of(selection.names, is_file);
  fs::path folder;
  std::optional<Claims> claims;
  if (const auto suite = suite_of(selection); suite) {
    folder = *suite;
    auto read = claims_of(folder);
    if (!read) return std::unexpected(read.error());
    claims = std::move(*read);
  } else if (!only_files) {
    return std::unexpected(suite.error());
  }
  const auto chosen = choose(selection, folder);
  if (!chosen) return std::unexpected(chosen.error());

  Selected selected{.asked = asked_for(selection, *chosen)};
  bool bad = false;
  for (const auto& [path, id, named] : *chosen) {
    const bool suites_own = claims && is_below(path, folder);
    auto read = load_case(path, id, known_faults(), suites_own ? &*claims : nullptr);
    if (!read) {
      complain(bad_case_file, read.error());
      bad = true;
    } else if (read->slow && !selection.slow && !named) {
      selected.left_out.push_back(id);
    } else {
      selected.cases.push_back(std::move(*read));
    }
  }
  if (bad) return std::unexpected(bad_case_file);
  if (selected.cases.empty()) return std::unexpected(nothing_to_run(selected.left_out.size()));
  return selected;
}

}  // namespace faultline
