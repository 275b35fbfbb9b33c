#include "harness/cli/selecting.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "harness/cli/places.hpp"
#include "harness/run/known.hpp"
#include "harness/run/rules.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

bool is_match(const std::string& glob, const std::string& id) {
  return glob == id || fnmatch(glob.c_str(), id.c_str(), 0) == 0;
}

bool is_file(const std::string& name) {
  return name.ends_with(".toml") && name.find_first_of("*?[") == std::string::npos;
}

// "close/four-way[ipv4]", as results name it, is the case "close/four-way".
std::string without_variant(std::string name) {
  const size_t bracket = name.find('[');
  if (bracket != std::string::npos && name.ends_with(']')) {
    const std::string variant = name.substr(bracket);
    if (variant == "[ipv4]" || variant == "[ipv6]") name.resize(bracket);
  }
  return name;
}

void print_error(const std::string& text) {
  fmt::print(stderr, "faultline: {}\n", text);
}

std::expected<fs::path, int> suite_of(const Selection& selection) {
  if (!selection.suite.empty()) return fs::path(selection.suite);
  const auto folder = suite_folder();
  if (folder) return *folder;
  print_error(folder.error().what);
  return std::unexpected(nothing_selected);
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
      if (is_match(name, file.id)) {
        wanted.insert(file.id);
        ++found;
      }
    if (found != 0) continue;
    std::vector<std::string> ids;
    for (const CaseFile& file : files) ids.push_back(file.id);
    print_error(fmt::format("no case is named '{}'{}; 'faultline list' shows them", name,
                            did_you_mean(name, ids)));
    return std::unexpected(nothing_selected);
  }
  return wanted;
}

}  // namespace

std::expected<std::vector<Case>, int> select_cases(const Selection& selection) {
  const bool only_files = !selection.names.empty() && std::ranges::all_of(selection.names, is_file);
  std::vector<std::pair<fs::path, std::string>> chosen;
  fs::path folder;
  if (const auto suite = suite_of(selection); suite) {
    folder = *suite;
  } else if (!only_files) {
    return std::unexpected(suite.error());
  }
  if (!only_files) {
    const auto files = find_cases(folder);
    if (!files) {
      fmt::print(stderr, "{}\n", to_string(files.error()));
      return std::unexpected(bad_case_file);
    }
    const auto wanted = wanted_ids(selection.names, *files);
    if (!wanted) return std::unexpected(wanted.error());
    for (const CaseFile& file : *files)
      if (selection.names.empty() || wanted->contains(file.id))
        chosen.emplace_back(file.path, file.id);
  }
  for (const std::string& name : selection.names)
    if (is_file(name)) chosen.emplace_back(name, case_id(name, folder));

  std::vector<Case> cases;
  bool bad = false;
  std::ranges::sort(chosen, {}, &std::pair<fs::path, std::string>::second);
  const auto named_twice =
      std::ranges::unique(chosen, {}, &std::pair<fs::path, std::string>::second);
  chosen.erase(named_twice.begin(), named_twice.end());
  for (const auto& [path, id] : chosen) {
    const bool excluded = std::ranges::any_of(
        selection.exclude, [&](const std::string& glob) { return is_match(glob, id); });
    if (excluded) continue;
    auto read = load_case(path, id, known_faults());
    if (read) {
      cases.push_back(std::move(*read));
      continue;
    }
    fmt::print(stderr, "{}\n", to_string(read.error()));
    bad = true;
  }
  if (bad) return std::unexpected(bad_case_file);
  if (cases.empty()) {
    print_error("no case was selected");
    return std::unexpected(nothing_selected);
  }
  return cases;
}

std::expected<std::vector<KnownDeviation>, int> linux_known_deviations() {
  const auto folder = stack_folder("linux");
  const auto suite = suite_folder();
  if (!folder || !suite) {
    print_error(folder ? suite.error().what : folder.error().what);
    return std::unexpected(internal_error);
  }
  auto known = read_known(*folder / "known.toml");
  if (!known) {
    print_error(known.error().what);
    return std::unexpected(bad_case_file);
  }
  for (const KnownDeviation& entry : *known) {
    if (fs::exists(*suite / (entry.case_id + ".toml"))) continue;
    print_error(
        fmt::format("{}: no case is named '{}'", (*folder / "known.toml").string(), entry.case_id));
    return std::unexpected(bad_case_file);
  }
  return *known;
}

}  // namespace faultline
