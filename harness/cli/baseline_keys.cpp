#include "harness/cli/baseline_keys.hpp"

#include <filesystem>
#include <set>
#include <utility>

#include "harness/cli/outside_suite.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// Of the folder that the file is in.
fs::path real_folder(const fs::path& file) {
  const fs::path folder = fs::absolute(file).parent_path();
  std::error_code error;
  const fs::path real = fs::weakly_canonical(folder, error);
  return error ? folder.lexically_normal() : real;
}

std::string key_of(const fs::path& file, const fs::path& folder) {
  const fs::path path = (real_folder(file) / file.filename()).lexically_relative(folder);
  const std::string key = fs::path(path).replace_extension().generic_string();
  return key.starts_with("../") ? key : "./" + key;
}

bool is_key_of_a_file(const std::string& id) {
  return id.starts_with("./") || id.starts_with("../");
}

// "close/four-way" and "[ipv4]".
std::pair<std::string, std::string> split(const std::string& variant) {
  const auto parts = parse_variant_name(variant);
  const size_t length = parts ? parts->case_id.size() : variant.size();
  return {variant.substr(0, length), variant.substr(length)};
}

}  // namespace

BaselineKeys::BaselineKeys(const std::string& file, const RunInfo& info,
                           const std::vector<CaseResult>& results) {
  const fs::path folder = real_folder(file);
  const auto add = [&](const std::string& id, const std::string& path) {
    if (!is_outside_suite(id, path, info.asked.suite)) return;
    const std::string key = key_of(path, folder);
    keys_.emplace(id, key);
    ids_.emplace(key, id);
  };
  std::set<std::string> found;
  for (const CaseResult& result : results)
    if (found.insert(result.case_id).second) add(result.case_id, result.file);
  std::error_code ignored;
  for (const std::string& id : info.asked.cases)
    if (!found.contains(id) && fs::exists(id + ".toml", ignored)) add(id, id + ".toml");
}

Baseline BaselineKeys::named_as_in_run(const Baseline& written) const {
  Baseline named{.file = written.file, .outcomes = {}};
  for (const auto& [variant, outcome] : written.outcomes) {
    const auto [key, rest] = split(variant);
    const auto id = ids_.find(key);
    if (id != ids_.end())
      named.outcomes.emplace(id->second + rest, outcome);
    else if (!is_key_of_a_file(key) && !keys_.contains(key))
      named.outcomes.emplace(variant, outcome);
  }
  return named;
}

Baseline BaselineKeys::as_written(const Baseline& named, const Baseline& before) const {
  Baseline written{.file = named.file, .outcomes = {}};
  for (const auto& [variant, outcome] : named.outcomes) {
    const auto [id, rest] = split(variant);
    const auto key = keys_.find(id);
    written.outcomes.emplace((key == keys_.end() ? id : key->second) + rest, outcome);
  }
  for (const auto& [variant, outcome] : before.outcomes) {
    const std::string key = split(variant).first;
    const bool is_others = is_key_of_a_file(key) ? !ids_.contains(key) : keys_.contains(key);
    if (is_others) written.outcomes.emplace(variant, outcome);
  }
  return written;
}

}  // namespace faultline
